#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

using namespace spotmix::tests;

namespace {

const std::string kProfiles = SPOTMIX_SOURCE_DIR "/models/kernels/profiles/";
const std::string kProcessor = kProfiles + "amd-epyc--family-26-model-2---1-core.json";

}  // namespace

TEST_CASE("profile show says what a profile holds and where it is from") {
  const Ran measured = run_spotmix({"profile", "show", kProcessor});
  CHECK(measured.exit_code == 0);
  CHECK(measured.out.find("measured by spotmix-measure, eigen-3.4-avx512") != std::string::npos);
  CHECK(measured.out.find("all_reduce ring over shared_memory") != std::string::npos);
  const Ran published = run_spotmix({"profile", "show", kProfiles + "l4.json"});
  CHECK(published.out.find("published by neusight") != std::string::npos);
  CHECK(published.out.find("measured by") == std::string::npos);
}

TEST_CASE("profile show --format json prints the profile as it is") {
  const Ran ran = run_spotmix({"profile", "show", kProcessor, "--format", "json"});
  CHECK(ran.out == file_text(kProcessor));
}

TEST_CASE("profile diff of a profile with itself finds nothing") {
  const Ran ran = run_spotmix({"profile", "diff", kProcessor, kProcessor});
  CHECK(ran.exit_code == 0);
  CHECK(ran.out.find("median 1.000, p10 1.000, p90 1.000") != std::string::npos);
  CHECK(ran.out.find("(+0.0 %)") != std::string::npos);
  CHECK(ran.out.find("\nLaunch\n") != std::string::npos);
}

TEST_CASE("profile diff --format json prints one document with the ratios of the table") {
  const Ran ran = run_spotmix({"profile", "diff", kProcessor, kProcessor, "--format", "json"});
  CHECK(ran.exit_code == 0);
  const auto document = nlohmann::json::parse(ran.out);
  CHECK(document["first"] == document["second"]);
  REQUIRE(!document["matrix_products"].empty());
  for (const auto& products : document["matrix_products"]) {
    CHECK(products["ratio"]["median"] == 1.0);
    CHECK(products["shapes"] > 0);
  }
  CHECK(document["memory"]["copy_bytes_per_s"]["first"].is_number());
  CHECK(document["launch_s"]["first"] == document["launch_s"]["second"]);
  REQUIRE(!document["collectives"].empty());
  CHECK(document["collectives"][0]["first"]["bytes_per_s"].is_number());
  const Ran published =
      run_spotmix({"profile", "diff", kProcessor, kProfiles + "l4.json", "--format", "json"});
  CHECK(nlohmann::json::parse(published.out)["launch_s"]["second"].is_null());
}

TEST_CASE("profile check --format json says which groups passed and ends with the code of the table") {
  const Ran passed = run_spotmix({"profile", "check", kProcessor, "--shape", "512x512x512:nt", "--shape",
                                  "99999x3x3", "--format", "json"});
  CHECK(passed.exit_code == 0);
  const auto document = nlohmann::json::parse(passed.out);
  CHECK(document["passed"] == true);
  CHECK(document["max_error"] == 0.08);
  REQUIRE(document["asked"].size() >= 2);
  CHECK(document["asked"][0]["shape"]["layout"] == "nt");
  CHECK(document["asked"][1]["extrapolated"] == true);
  REQUIRE(!document["held_back"].empty());
  CHECK(document["held_back"][0]["kind"] == "measured");
  CHECK(document["reach"][0]["largest"]["m"] > 0);
  const Ran failed =
      run_spotmix({"profile", "check", kProcessor, "--max-error", "0.001", "--format", "json"});
  CHECK(failed.exit_code == 3);
  CHECK(nlohmann::json::parse(failed.out)["passed"] == false);
}

TEST_CASE("profile check passes the measured processor and fails it under a stricter bound") {
  const Ran passed =
      run_spotmix({"profile", "check", kProcessor, "--shape", "512x512x512:nt", "--shape", "99999x3x3"});
  CHECK(passed.exit_code == 0);
  CHECK(passed.out.find("512 x 512 x 512 nt") != std::string::npos);
  CHECK(passed.out.find("EXTRAPOLATION") > passed.out.find("99999 x 3 x 3 nn"));
  const Ran failed = run_spotmix({"profile", "check", kProcessor, "--max-error", "0.001"});
  CHECK(failed.exit_code == 3);
  CHECK(failed.out.find("BEYOND 0.1 %") != std::string::npos);
}

TEST_CASE("profile refuses what it cannot read in one line and with nothing on standard output") {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"profile", "shwo", kProcessor},
        {"profile", "show", "nowhere.json"},
        {"profile", "diff", kProcessor},
        {"profile", "check", kProcessor, "--shape", "512x512"},
        {"profile", "show", SPOTMIX_SOURCE_DIR "/scenarios/examples/nine-zone-p3.json"}}) {
    const Ran ran = run_spotmix(arguments);
    CHECK(ran.exit_code == 2);
    CHECK(ran.out.empty());
    CHECK(line_count(ran.err) == 1);
  }
}
