#include <catch2/catch.hpp>

#include "base/files/files.h"
#include "models/kernels/profile_io.h"
#include "scenarios/import.h"
#include "scenarios/importers/nccl_tests.h"
#include "tests/approval.h"

using namespace spotmix;
using scenarios::ImportOptions;

namespace {

/// The profile, or every problem, of tests/scenarios/nccl/NAME.
std::string imported(const std::string& name, const ImportOptions& options = {}) {
  const auto path = std::filesystem::path(SPOTMIX_SOURCE_DIR) / "tests/scenarios/nccl" / name;
  const auto text = read_file(path, 1 << 20);
  REQUIRE(text);
  if (!scenarios::is_nccl_tests(*text.value)) return "not nccl-tests' output\n";
  const std::vector<scenarios::ImportedFile> files{{name, name, *text.value}};
  const auto result = scenarios::import_nccl_tests(files, options);
  std::string lines;
  for (const auto& problem : result.problems) lines += to_line(problem) + "\n";
  return result ? result.value->summary.front() + "\n" + result.value->text : lines;
}

models::CollectiveSamples samples_of(const std::string& name) {
  const std::string text = imported(name);
  return models::parse_profile(text.substr(text.find('{')), name).collectives.at(0);
}

}  // namespace

TEST_CASE("Old and new text and JSON of nccl-tests become profiles and broken files do not") {
  for (const char* name : {"old.txt", "new.txt", "per-iteration.txt", "version3.json", "truncated.txt",
                           "truncated.json", "garbage.txt", "garbage.json", "wrong.txt", "version4.json"})
    tests::require_approved(std::string("scenarios/nccl/") + name + ".out", imported(name));
}

TEST_CASE("The old text of nccl-tests names its operation by its bandwidths alone") {
  CHECK(samples_of("old.txt").operation == "all_reduce");
  CHECK(samples_of("old.txt").ranks.front() == 4);
}

TEST_CASE("JSON of nccl-tests lists one device per process which stands for all its ranks") {
  const models::CollectiveSamples samples = samples_of("version3.json");
  CHECK(samples.ranks.front() == 16);
  CHECK(samples.nodes == 2);
  CHECK(samples.median_s.back() == Approx(4800e-6));
}

TEST_CASE("nccl-tests: neither host names nor the environment are kept") {
  for (const char* name : {"old.txt", "new.txt", "version3.json"}) {
    CHECK(imported(name).find("example-0") == std::string::npos);
    CHECK(imported(name).find("SECRET") == std::string::npos);
  }
}

TEST_CASE("nccl-tests: an unknown device is asked for") {
  ImportOptions options;
  options.device = "H2000";
  CHECK(imported("version3.json", options).find("--device") != std::string::npos);
}

TEST_CASE("nccl-tests: the line through the times of a made-up network gives its latency and rate back") {
  // time = 30 µs + bytes ÷ 80 GB/s
  std::string text = "# nThread 1 nGpus 8\n# size count type redop root time algbw busbw #wrong\n";
  for (const double bytes : {1e6, 1e7, 1e8, 1e9}) {
    const double time_us = 30 + bytes / 80e3;
    text += std::to_string(static_cast<long>(bytes)) + " 1 float sum -1 " + std::to_string(time_us) + " " +
            std::to_string(bytes / time_us / 1e3) + " " + std::to_string(bytes / time_us / 1e3 * 1.75) +
            " 0\n";
  }
  text += "# Avg bus bandwidth : 1\n";
  ImportOptions options;
  options.device = "H100";
  const std::vector<scenarios::ImportedFile> files{{"made-up", "made-up", text}};
  const auto result = scenarios::import_nccl_tests(files, options);
  REQUIRE(result);
  const auto fits = models::parse_profile(result.value->text, "made-up").collectives.at(0).fits;
  REQUIRE(fits.size() == 1);
  CHECK(fits[0].ranks == 8);
  CHECK(fits[0].latency_s == Approx(30e-6).epsilon(1e-4));
  CHECK(1 / fits[0].seconds_per_byte == Approx(80e9).epsilon(1e-4));
}
