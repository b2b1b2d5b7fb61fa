#include "models/kernels/profile_check.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "models/kernels/collective_fit.h"
#include "models/kernels/profile_io.h"
#include "tests/models/shipped_profiles.h"

using namespace spotmix::models;
using spotmix::tests::shipped;

namespace {

/// A made-up device whose products take 5 µs plus their limit at 80 % of the peak, or four times that where
/// `broken` holds.
template <typename Broken>
KernelProfile made_up(const Broken& broken) {
  KernelProfile profile;
  profile.device = "made-up";
  profile.limits.multiprocessors = 1;
  profile.limits.peak_flop_per_s[0] = 1e12;
  profile.limits.memory_bytes_per_s = 1e11;
  profile.limits.l2_bytes = 1e6;
  MatmulSamples& samples = profile.matmul.emplace_back();
  samples.provenance = {SourceKind::measured, "a test", "made-up", "", ""};
  for (std::int64_t m = 64; m <= 4096; m *= 2) {
    for (std::int64_t n = 64; n <= 4096; n *= 2) {
      for (std::int64_t k = 64; k <= 4096; k *= 4) {
        const MatmulShape shape{m, n, k};
        const double time_s = 5e-6 + matmul_limit_s(profile.limits, shape, Precision::fp32) / 0.8;
        samples.shapes.push_back(shape);
        samples.median_s.push_back(broken(shape) ? 4 * time_s : time_s);
      }
    }
  }
  return profile;
}

KernelProfile regular() {
  return made_up([](const MatmulShape&) { return false; });
}

const KernelProfile& measured_processor() {
  const auto found = std::find_if(shipped().begin(), shipped().end(), [](const KernelProfile& profile) {
    return profile.architecture == Architecture::cpu;
  });
  REQUIRE(found != shipped().end());
  return *found;
}

}  // namespace

TEST_CASE("Held-back shapes are predicted only for a device that follows a law") {
  const auto lawful = check_held_back(regular());
  REQUIRE(lawful.size() == 1);
  CHECK(lawful[0].samples > 20);
  CHECK(lawful[0].median_error < 0.05);
  const auto lawless = check_held_back(
      made_up([](const MatmulShape& s) { return (s.m / 64 * 7 + s.n / 64 * 5 + s.k / 64 * 3) % 4 < 2; }));
  CHECK(lawless.at(0).median_error > 3 * lawful[0].median_error);
}

TEST_CASE("Beyond its samples a profile says that it would extrapolate") {
  KernelProfile profile = regular();
  fit_matmul(profile);
  const auto reach = check_reach(profile);
  REQUIRE(reach.size() == 1);
  CHECK(reach[0].shapes == 343);
  CHECK(reach[0].extrapolated > 0);
  CHECK(reach[0].extrapolated < 343);
  REQUIRE(reach[0].largest);
  CHECK(matmul_flop(*reach[0].largest) >= matmul_flop(MatmulShape{4096, 4096, 4096}));
}

TEST_CASE("A profile differs from itself by nothing and from one twice as slow by two") {
  KernelProfile first = regular(), second = regular();
  for (double& time_s : second.matmul[0].median_s) time_s *= 2;
  fit_matmul(first);
  fit_matmul(second);
  const auto same = matmul_differences(first, first);
  REQUIRE(same.size() == 1);
  CHECK(same[0].median_ratio == 1.0);
  CHECK(same[0].furthest_ratio == 1.0);
  CHECK(matmul_differences(first, second).at(0).median_ratio == Approx(2.0).epsilon(0.03));
}

TEST_CASE("The measured processor that ships predicts held-back shapes within 8 %") {
  const auto groups = check_held_back(measured_processor());
  REQUIRE_FALSE(groups.empty());
  for (const HeldBack& group : groups) {
    INFO(group.provenance.library);
    CHECK(group.provenance.kind == SourceKind::measured);
    CHECK(group.median_error <= 0.08);
  }
}

TEST_CASE("Processors of EC2 are scaled from the measured processor and say so") {
  for (const char* family : {"c5", "m5", "c6i", "c4"}) {
    for (const int cores : {1, 4, 16}) {
      const auto device = cpu_device(family, cores);
      REQUIRE(device);
      const MatmulModel model = matmul_model_for(shipped(), *device, Precision::fp32);
      INFO(family << ' ' << cores << ": " << describe(model));
      CHECK(describe(model).find(measured_processor().device) != std::string::npos);
      const KernelTime time = matmul_time(model, {2048, 2048, 2048});
      CHECK(time.source == SourceKind::scaled);
      const double share = 2.0 * 2048 * 2048 * 2048 / time.time_s / *device->peak(Precision::fp32);
      CHECK(share > 0.3);
      CHECK(share <= 1.0);
    }
  }
}

TEST_CASE("The architecture of a device that nobody lists survives its file") {
  KernelProfile profile = regular();
  profile.architecture = Architecture::cpu;
  CHECK(parse_profile(to_json(profile), "a test").architecture == Architecture::cpu);
  CHECK_THROWS_WITH(
      parse_profile(R"({"format": "spotmix-kernel-profile", "version": 1, "device": "x",
                                      "architecture": "valve"})",
                    "a test"),
      Catch::StartsWith("a test: architecture: found \"valve\", expected one of \"cpu\", \"kepler\""));
}

TEST_CASE("The line through a collective's times counts small and large sizes alike and is never negative") {
  const CollectiveFit exact =
      fit_line(4, {1e3, 1e5, 1e7, 1e9}, {10e-6 + 1e-7, 10e-6 + 1e-5, 10e-6 + 1e-3, 10e-6 + 0.1});
  CHECK(exact.latency_s == Approx(10e-6));
  CHECK(exact.seconds_per_byte == Approx(1e-10));
  CHECK(exact.median_error < 1e-9);
  CHECK(fit_line(2, {1e6, 2e6}, {1e-3, 3e-3}).latency_s == 0.0);
  CHECK(fit_line(2, {1e6, 2e6}, {3e-3, 2e-3}).seconds_per_byte >= 0.0);
  CHECK_THROWS_AS(fit_line(2, {1e6, 1e6}, {1e-3, 1e-3}), std::invalid_argument);
}
