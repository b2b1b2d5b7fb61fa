#include "bench/accuracy/measured_collectives.h"

#include <catch2/catch.hpp>

#include "models/collectives/measured.h"

using namespace spotmix::accuracy;
using namespace spotmix::models;

namespace {

std::vector<TimeSample> latency_and_rate(double latency_s, double bytes_per_s) {
  std::vector<TimeSample> samples;
  for (double bytes = 1024; bytes < 1e9; bytes *= 2)
    samples.push_back({bytes, latency_s + bytes / bytes_per_s});
  return samples;
}

KernelProfile profile(const std::string& device, const std::vector<int>& ranks, double slower) {
  KernelProfile result;
  result.device = device;
  CollectiveSamples group;
  group.provenance.library = "nccl-tests-2.29.2";
  group.operation = "all_reduce";
  group.algorithm = "auto";
  group.topology = "NVLink4";
  for (const int n : ranks) {
    for (const TimeSample& sample : latency_and_rate(2e-6 * n * slower, 300e9 / slower / n)) {
      group.ranks.push_back(n);
      group.bytes.push_back(sample.bytes);
      group.median_s.push_back(sample.time_s);
    }
  }
  result.collectives.push_back(group);
  return result;
}

CollectiveQuestion ask(const std::string& device, int ranks, double bytes) {
  return {device, "", "nccl-tests-2.29.2", "auto", "NVLink4", 1, ranks, "all_reduce", bytes};
}

}  // namespace

TEST_CASE(
    "a measured series gives back its samples and runs along latency and rate between and beyond them") {
  const MeasuredSeries series(latency_and_rate(20e-6, 200e9));
  CHECK(series.time_s(1024) == Approx(20e-6 + 1024 / 200e9));
  CHECK(series.time_s(3e6) == Approx(20e-6 + 3e6 / 200e9).epsilon(0.01));
  CHECK(series.time_s(64e9) == Approx(64e9 / 200e9).epsilon(0.01));
  CHECK(series.time_s(1) == Approx(20e-6).epsilon(0.01));
}

TEST_CASE("a cold start does not count: a small message cannot take longer than a large one by a quarter") {
  std::vector<TimeSample> samples = latency_and_rate(20e-6, 200e9);
  samples.front().time_s = 170e-6;
  CHECK(MeasuredSeries(samples).time_s(1024) == Approx(20e-6).epsilon(0.01));
}

TEST_CASE("A step of a known model between two samples stays a step") {
  const auto model = [](double bytes) { return bytes < 3e6 ? 10e-6 : 50e-6; };
  const MeasuredSeries series({{1e6, 11e-6}, {8e6, 55e-6}}, model);
  // Without the model: the geometric course from 11 to 55 µs.
  const MeasuredSeries plain({{1e6, 11e-6}, {8e6, 55e-6}});
  CHECK(series.time_s(2.9e6) < plain.time_s(2.9e6));
  CHECK(series.time_s(3.1e6) > plain.time_s(3.1e6));
  CHECK(series.time_s(3.1e6) > 1.5 * series.time_s(2.9e6));
}

TEST_CASE("an unseen rank count follows a sibling device that was measured there") {
  const MeasuredCollectives measured({profile("H100-SXM", {2, 8}, 1.2), profile("H200", {2, 4, 8}, 1.0)});
  CHECK(measured.has_ranks(ask("H200", 4, 1)));
  CHECK_FALSE(measured.has_ranks(ask("H100-SXM", 4, 1)));
  for (const double bytes : {4096.0, 1e6, 1e8}) {
    const double sibling_s = *measured.time_s(ask("H200", 4, bytes));
    CHECK(*measured.time_s(ask("H100-SXM", 4, bytes)) == Approx(1.2 * sibling_s).epsilon(0.02));
  }
}

TEST_CASE("Collectives that were never measured follow the topology and are unknown across nodes") {
  const MeasuredCollectives nothing({});
  const Communicator model(
      {make_node({.device = "H100", .devices = 8, .transport = Transport::infiniband}), 1, std::nullopt, 0},
      {8, 1, 1, false});
  CHECK(*nothing.time_s(ask("H100-SXM", 8, 1e6)) == Approx(model.time_s(Collective::all_reduce, 1e6)));
  CollectiveQuestion across = ask("H100-SXM", 16, 1e6);
  across.nodes = 2;
  CHECK_FALSE(nothing.time_s(across));
}
