#include <sstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/files/read_file.h"
#include "models/kernels/profile_io.h"
#include "scenarios/import.h"
#include "scenarios/importers/nccl_tests.h"
#include "tests/approval.h"

using namespace spotmix;
using scenarios::ImportOptions;

namespace {

/// The profile, or every problem, of tests/scenarios/nccl/NAME.
std::string imported_log(const std::string& name, const ImportOptions& options = {}) {
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
  const std::string text = imported_log(name);
  return models::parse_profile(text.substr(text.find('{')), name).collectives.at(0);
}

}  // namespace

TEST_CASE("Old and new text and JSON of nccl-tests become profiles and broken files do not") {
  for (const char* name : {"old.txt", "new.txt", "per-iteration.txt", "version3.json", "truncated.txt",
                           "truncated.json", "garbage.txt", "garbage.json", "wrong.txt", "version4.json"})
    tests::require_approved(std::string("scenarios/nccl/") + name + ".out", imported_log(name));
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
    CHECK(imported_log(name).find("example-0") == std::string::npos);
    CHECK(imported_log(name).find("SECRET") == std::string::npos);
  }
}

TEST_CASE("nccl-tests: an unknown device is asked for") {
  ImportOptions options;
  options.device = "H2000";
  CHECK(imported_log("version3.json", options).find("--device") != std::string::npos);
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

namespace {

struct Run {
  std::string operation = "all_reduce";
  int ranks = 8;
  double shown_ratio = 0;  ///< Of bus and algorithm bandwidth; 0: the true one.
  std::string prefix{};
  bool lists_devices = true;
};

/// The log of one run over H100 on one node, times of 20 µs + bytes ÷ 200 GB/s.
std::string log_of(const Run& run) {
  std::string text;
  const auto add = [&](const std::string& line) { text += run.prefix + line + "\n"; };
  if (run.lists_devices) {
    add("# Collective test starting: " + run.operation + "_perf");
    add("# nThread 1 nGpus 1 minBytes 1048576 maxBytes 16777216");
    for (int rank = 0; rank < run.ranks; ++rank)
      add(fmt::format("#  Rank {} Group  0 Pid 7 on host-a device {} [0000:10:00] NVIDIA H100 80GB HBM3",
                      rank, rank));
  }
  add("#       size         count      type   redop    root     time   algbw   busbw  #wrong");
  const double ratio =
      run.shown_ratio > 0 ? run.shown_ratio : scenarios::bus_factor(run.operation, run.ranks);
  for (const double bytes : {1048576.0, 16777216.0}) {
    const double time_us = 20 + bytes / 200e3, rate = bytes / time_us / 1e3;
    add(fmt::format("  {:.0f} 1 float sum -1 {:.2f} {:.2f} {:.2f} 0", bytes, time_us, rate, rate * ratio));
  }
  add("# Avg bus bandwidth    : 40");
  return text;
}

Result<scenarios::Imported> import_log(const std::string& text, const ImportOptions& options = {}) {
  const std::vector<scenarios::ImportedFile> files{{"log", "log", text}};
  return scenarios::import_nccl_tests(files, options);
}

std::vector<models::CollectiveSamples> series_of(const std::string& text, const ImportOptions& options = {}) {
  const auto result = import_log(text, options);
  for (const auto& problem : result.problems) UNSCOPED_INFO(to_line(problem));
  REQUIRE(result);
  return models::parse_profile(result.value->text, "log").collectives;
}

std::string complaint_about(const std::string& text, const ImportOptions& options = {}) {
  const auto result = import_log(text, options);
  REQUIRE(result.problems.size() == 1);
  return to_line(result.problems.front());
}

}  // namespace

TEST_CASE("nccl-tests: several runs in one log become one series each") {
  const auto series = series_of(log_of({.operation = "all_reduce"}) + log_of({.operation = "all_gather"}) +
                                log_of({.operation = "all_reduce", .ranks = 4}));
  REQUIRE(series.size() == 3);
  CHECK(series[0].operation == "all_reduce");
  CHECK(series[1].operation == "all_gather");
  CHECK(series[1].ranks.front() == 8);
  CHECK(series[2].ranks.front() == 4);
  for (const auto& one : series) CHECK(one.bytes.size() == 2);
}

TEST_CASE("nccl-tests: whatever a launcher puts before the header is taken off every line") {
  const std::string prefix =
      GENERATE(as<std::string>(), "0: ", "        [1,0]<stdout>:", "[pod/launcher-x/nccl] ",
               "(head, rank=0, pid=1234) ", "(worker1, rank=12, pid=5, ip=10.0.0.7) ",
               "2024-11-05T18:22:11.123Z ", "[1,0]<stdout>: ", "Nov  5 18:22:11 node-1 nccl[77]: ");
  CAPTURE(prefix);
  const auto series = series_of("NCCL version 2.21.5+cuda12.4\n" + log_of({.prefix = prefix}));
  REQUIRE(series.size() == 1);
  CHECK(series[0].ranks.front() == 8);
  CHECK(series[0].bytes.size() == 2);
}

TEST_CASE("nccl-tests: a timestamp that goes on from line to line is a prefix too") {
  std::istringstream lines(log_of({}));
  std::string text;
  int second = 0;
  for (std::string line; std::getline(lines, line);)
    text += fmt::format("2024-11-05T18:22:{:02}.{}Z {}\n", second % 60, 9 * second, line), ++second;
  CHECK(series_of(text).at(0).bytes.size() == 2);
}

TEST_CASE("nccl-tests: each process that ran alone is refused") {
  std::string twice = log_of({.ranks = 2, .shown_ratio = 1});
  twice.replace(twice.find("Rank 1"), 6, "Rank 0");
  CHECK_THAT(complaint_about(twice),
             Catch::Contains("line 4: found rank 0 twice") && Catch::Contains("MPI=1"));
  std::string idle = log_of({.ranks = 2});
  std::string zeros;
  std::istringstream lines(idle);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("  1", 0) == 0)
      line.replace(line.find_last_of(' ', line.size() - 3), std::string::npos, " 0.00 0");
    zeros += line + "\n";
  }
  CHECK_THAT(complaint_about(zeros), Catch::Contains("line 6: found a bus bandwidth of 0"));
  CHECK_THAT(complaint_about(log_of({.ranks = 1, .shown_ratio = 1})), Catch::Contains("one rank"));
}

TEST_CASE("nccl-tests: bandwidths that contradict the ranks are refused with the line") {
  CHECK_THAT(complaint_about(log_of({.ranks = 16, .shown_ratio = 1.75})),
             Catch::Contains("line 20: found bandwidths of") &&
                 Catch::Contains("expected 1.875 for all_reduce over 16 ranks"));
  ImportOptions options;
  options.ranks = 16;
  CHECK_THAT(complaint_about(log_of({}), options),
             Catch::Contains("found 8 ranks in the log, expected 16 as --ranks says"));
}

TEST_CASE("nccl-tests: a table without its list of devices tells the ranks by its bandwidths") {
  for (const int ranks : {2, 3, 8, 16}) {
    for (const char* operation : {"all_reduce", "all_gather"}) {
      ImportOptions options;
      options.device = "H100";
      options.operation = operation;
      const Run cut{.operation = operation, .ranks = ranks, .lists_devices = false};
      const auto series = series_of(log_of(cut), options);
      CHECK(series.at(0).ranks.front() == ranks);
      CHECK(import_log(log_of(cut), options).warnings.size() == 1);
      options.nodes = 2;
      CHECK(series_of(log_of(cut), options).at(0).nodes == 2);
      CHECK(import_log(log_of(cut), options).warnings.empty());
    }
  }
}

TEST_CASE("nccl-tests: bandwidths too coarse to tell the ranks ask for --ranks") {
  ImportOptions options;
  options.device = "H100";
  options.operation = "all_reduce";
  const std::string log = log_of({.ranks = 4096, .lists_devices = false});
  CHECK_THAT(complaint_about(log, options), Catch::Contains("--ranks says it"));
  options.ranks = 4096;
  CHECK(series_of(log, options).at(0).ranks.front() == 4096);
}
