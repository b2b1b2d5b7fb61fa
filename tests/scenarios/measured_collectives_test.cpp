// nccl-tests' output as a kernel profile of a scenario: imported, named, used, or said why not.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "scenarios/build.h"
#include "scenarios/import.h"
#include "scenarios/importers/nccl_tests.h"
#include "tests/scratch.h"
#include "tests/shipped.h"

using namespace spotmix;

namespace {

/// A run of all_reduce_perf over 25 µs and `gb_per_s` of bus bandwidth.
std::string log_of(int nodes, int ranks_per_node, double gb_per_s) {
  std::string text = "# Collective test starting: all_reduce_perf\n# nThread 1 nGpus 1\n#\n# Using devices\n";
  const int ranks = nodes * ranks_per_node;
  for (int rank = 0; rank < ranks; ++rank)
    text += fmt::format(
        "#  Rank {:2} Group  0 Pid {:6} on box-{} device {:2} [0000:10:00] NVIDIA H100 80GB HBM3\n", rank,
        900 + rank, rank / ranks_per_node, rank % ranks_per_node);
  text +=
      "#\n#       size         count      type   redop    root     time   algbw   busbw #wrong\n"
      "#        (B)    (elements)                               (us)  (GB/s)  (GB/s)\n";
  const double factor = 2.0 * (ranks - 1) / ranks;
  for (std::int64_t bytes = 1 << 20; bytes <= std::int64_t{1} << 30; bytes *= 4) {
    const double time_us = 25 + static_cast<double>(bytes) * factor / gb_per_s / 1e3;
    const double algorithm = static_cast<double>(bytes) / time_us / 1e3;
    text += fmt::format("{:12} {:13} float sum -1 {:.2f} {:.2f} {:.2f} 0\n", bytes, bytes / 4, time_us,
                        algorithm, algorithm * factor);
  }
  return text + "# Out of bounds values : 0 OK\n# Avg bus bandwidth    : 20\n#\n";
}

std::string profile_of(const std::string& log, const char* topology) {
  scenarios::ImportOptions options;
  if (topology != nullptr) options.topology = topology;
  const std::vector<scenarios::ImportedFile> files{{"log", "log", log}};
  const auto result = scenarios::import_nccl_tests(files, options);
  REQUIRE(result);
  return result.value->text;
}

/// GPT-2's weights, 1.6 billion of 2 bytes, all-reduced over `nodes` of eight H100 without overlap.
Result<scenarios::BuiltExperiment> built(const tests::Scratch& scratch, const std::string& profiles,
                                         int nodes) {
  const auto path = scratch.write(
      "scenario.json",
      fmt::format(R"({{"name": "x",
        "workload": {{"model": "gpt2-xl", "precision": "bf16", "fused_attention": true, "batch_per_device": 2,
                      "sequence_length": 1024, "steps": 10{}}},
        "parallelism": {{"data": {}, "sharding": "none", "gradient_sync": {{"kind": "all_reduce", "overlap": false}}}},
        "market": {{}},
        "mixes": [{{"name": "m", "policy": "on_demand",
                    "groups": [{{"instance": "p5.48xlarge", "purchase": "on_demand", "count": {}}}]}}]}})",
                  profiles.empty() ? "" : ", \"kernel_profiles\": [" + profiles + "]", 8 * nodes, nodes));
  const auto scenario = scenarios::load_scenario(path, tests::shipped());
  REQUIRE(scenario);
  return scenarios::build_experiment(*scenario.value, tests::shipped());
}

double gradients_s(const Result<scenarios::BuiltExperiment>& experiment) {
  REQUIRE(experiment);
  return experiment.value->details.at(0).step->communication.gradients_s;
}

std::string warnings_of(const Result<scenarios::BuiltExperiment>& experiment) {
  REQUIRE(experiment);
  std::string lines;
  for (const Problem& warning : experiment.warnings) lines += to_line(warning) + "\n";
  return lines;
}

constexpr double kGradientBytes = 3.1e9;

}  // namespace

TEST_CASE("A profile of collectives alone is used on top of the published profiles", "[nccl]") {
  const tests::Scratch scratch;
  scratch.write("mine.json", profile_of(log_of(1, 8, 42), "nvswitch"));
  const auto mine = built(scratch, "\"mine.json\"", 1);
  // A tenth of what NVSwitch carries, and the step feels all of it.
  CHECK(gradients_s(mine) == Approx(kGradientBytes * 1.75 / 42e9).epsilon(0.05));
  CHECK(gradients_s(mine) > 5 * gradients_s(built(scratch, "", 1)));
  CHECK(warnings_of(mine).find("mine.json") == std::string::npos);
}

TEST_CASE("A profile of collectives beside one of products is used in either order", "[nccl]") {
  const tests::Scratch scratch;
  scratch.write("mine.json", profile_of(log_of(1, 8, 42), nullptr));
  const std::string published =
      std::string("\"") + SPOTMIX_SOURCE_DIR "/models/kernels/profiles/h100-sxm.json\"";
  const double before = gradients_s(built(scratch, "\"mine.json\", " + published, 1));
  const double after = gradients_s(built(scratch, published + ", \"mine.json\"", 1));
  CHECK(before == after);
  CHECK(before == Approx(kGradientBytes * 1.75 / 42e9).epsilon(0.05));
}

TEST_CASE("A run over two nodes is used for exchanges between nodes and scaled to four", "[nccl]") {
  const tests::Scratch scratch;
  scratch.write("mine.json", profile_of(log_of(2, 8, 20), "nvswitch+efa"));
  const double two = gradients_s(built(scratch, "\"mine.json\"", 2));
  CHECK(two == Approx(kGradientBytes * 1.875 / 20e9).epsilon(0.05));
  const double four = gradients_s(built(scratch, "\"mine.json\"", 4));
  const double ratio = gradients_s(built(scratch, "", 4)) / gradients_s(built(scratch, "", 2));
  CHECK(four / two == Approx(ratio).epsilon(0.05));
}

TEST_CASE("A measured series that no mix can use is a warning that says why", "[nccl]") {
  const tests::Scratch scratch;
  scratch.write("mine.json", profile_of(log_of(2, 8, 20), "nvswitch"));
  CHECK_THAT(
      warnings_of(built(scratch, "\"mine.json\"", 1)),
      Catch::Contains("workload.kernel_profiles: mine.json: all_reduce over 16 ranks on 2 nodes is not "
                      "used: the cluster is one node"));
  scratch.write("pcie.json", profile_of(log_of(1, 8, 20), "pcie"));
  CHECK_THAT(
      warnings_of(built(scratch, "\"pcie.json\"", 1)),
      Catch::Contains("pcie.json: all_reduce over 8 ranks on one node is not used: its topology is pcie, "
                      "but p5.48xlarge has nvswitch"));
}

TEST_CASE("Kernel profiles beside given rates alone are reported as not used", "[nccl]") {
  const tests::Scratch scratch;
  const auto path = scratch.write("scenario.json", R"({"name": "x",
    "workload": {"samples": 1000, "kernel_profiles": ["mine.json"],
                 "samples_per_s": [{"cluster": {"p5.48xlarge": 1}, "samples_per_s": 10, "source": "assumed"}]},
    "market": {},
    "mixes": [{"name": "m", "policy": "on_demand",
               "groups": [{"instance": "p5.48xlarge", "purchase": "on_demand", "count": 1}]}]})");
  const auto scenario = scenarios::load_scenario(path, tests::shipped());
  REQUIRE(scenario);
  CHECK_THAT(warnings_of(scenarios::build_experiment(*scenario.value, tests::shipped())),
             Catch::Contains("workload.kernel_profiles: not used: every mix has its rate"));
}

TEST_CASE("A profile without products and collectives is refused", "[nccl]") {
  const tests::Scratch scratch;
  std::string text = profile_of(log_of(1, 8, 42), "nvswitch");
  const auto begin = text.find("\"collectives\"");
  text = text.substr(0, text.rfind(',', begin)) + "}";
  scratch.write("empty.json", text);
  const auto refused = built(scratch, "\"empty.json\"", 1);
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.problems.at(0).message,
             Catch::Contains("empty.json: found neither matrix products nor collectives"));
}

TEST_CASE("The import refuses a topology that no model knows", "[nccl]") {
  scenarios::ImportOptions options;
  options.topology = "nvswich";
  const std::vector<scenarios::ImportedFile> files{{"log", "log", log_of(1, 8, 42)}};
  const auto result = scenarios::import_nccl_tests(files, options);
  REQUIRE_FALSE(result);
  CHECK(to_line(result.problems.at(0)) ==
        "--topology: found \"nvswich\", expected one of \"peer\", \"unspecified\", \"nvswitch\", \"nvlink\", "
        "\"mesh\", \"pairs\", \"pcie\", \"efa\", \"infiniband\", \"roce\", \"tcp\", \"ethernet\", or several "
        "of "
        "them such as \"nvswitch+efa\"; did you mean \"nvswitch\"?");
}
