// The examples that ship: each runs in seconds and says what its description promises.
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

using namespace spotmix::tests;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

json run_example(const std::string& name) {
  const Ran ran = run_spotmix({"run", (kExamples / name).string(), "--format", "json", "--quiet"});
  INFO(ran.err);
  REQUIRE((ran.exit_code == 0 || ran.exit_code == 3));
  return json::parse(ran.out);
}

const json& mix(const json& result, const std::string& name) {
  for (const json& each : result["mixes"]) {
    if (each["name"] == name) return each;
  }
  FAIL("no mix " << name);
  return result;
}

double cost(const json& result, const std::string& name) {
  return mix(result, name)["cost_usd"]["mean"];
}

double hours(const json& result, const std::string& name) {
  return mix(result, name)["time_to_train_s"]["mean"].get<double>() / 3600;
}

}  // namespace

TEST_CASE("every example prints a table of all its mixes within seconds") {
  for (const auto& entry : fs::directory_iterator(kExamples)) {
    if (entry.path().extension() != ".json") continue;
    INFO(entry.path());
    const auto begin = std::chrono::steady_clock::now();
    const Ran ran = run_spotmix({"run", entry.path().string(), "--quiet"});
    CHECK((ran.exit_code == 0 || ran.exit_code == 3));
    CHECK(ran.err == "");
    CHECK(ran.out.find("nan") == std::string::npos);
    CHECK(ran.out.find('$') != std::string::npos);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
  }
}

/// The indented lines of README.md from the first one that is `first`, without their indentation.
std::string readme_from(const std::string& first) {
  std::istringstream readme(file_text(fs::path(SPOTMIX_SOURCE_DIR) / "README.md").value_or(""));
  std::string line, shown;
  while (std::getline(readme, line) && line != "    " + first) {
  }
  for (; readme && (line.empty() || line.starts_with("    ")); std::getline(readme, line))
    shown += (line.empty() ? line : line.substr(4)) + '\n';
  return shown;
}

TEST_CASE("README's scenario runs as it stands") {
  const Scratch scratch;
  const fs::path file = scratch.write("my-job.json", readme_from("{"));
  const Ran ran = run_spotmix({"run", file.string(), "--quiet"});
  CHECK(ran.err == "");
  CHECK(ran.exit_code == 0);
}

TEST_CASE("README shows what the main job prints") {
  const std::string shown = readme_from("$ ./dev demo");
  const Ran ran = run_spotmix({"run", (kExamples / "nine-zone-p3.json").string(), "--quiet"});
  CHECK(shown == "$ ./dev demo\n\n" + ran.out + '\n');
}

TEST_CASE("without checkpoints the bill explodes") {
  const json result = run_example("checkpoint-intervals.json");
  // 24 h in one piece at 0.15 interruptions an hour: (e^3.6 − 1) ÷ 0.15 = 237 h.
  CHECK(hours(result, "no checkpoints") == Approx((std::exp(3.6) - 1) / 0.15).epsilon(0.1));
  for (const char* saved : {"every 10 min", "every 30 min", "every 60 min"}) {
    INFO(saved);
    CHECK(cost(result, "no checkpoints") > 5 * cost(result, saved));
    CHECK(hours(result, saved) < 30);
    CHECK(cost(result, saved) < cost(result, "on demand"));
  }
  CHECK(cost(result, "no checkpoints") > cost(result, "on demand"));
  const json& lost = mix(result, "no checkpoints")["cost_by_cause_usd"];
  CHECK(lost["lost_work"] > 4 * lost["useful"].get<double>());
}

TEST_CASE("an elastic fleet over zones and types waits less than a rigid one") {
  const json result = run_example("elastic-three-zones.json");
  CHECK(hours(result, "spot, elastic") < hours(result, "spot, rigid"));
  CHECK(cost(result, "spot, elastic") < cost(result, "on demand"));
  CHECK(mix(result, "elastic, replaced early")["interruptions"]["mean"] <
        mix(result, "spot, elastic")["interruptions"]["mean"]);
}

TEST_CASE("a Spot Advisor what-if shows each spot mix as a range") {
  const Ran ran = run_spotmix({"run", (kExamples / "spot-advisor.json").string(), "--quiet"});
  INFO(ran.out);
  CHECK(ran.out.find("\nover its band ") != std::string::npos);
  const json result = run_example("spot-advisor.json");
  CHECK(result["mixes"].size() == 13);
  constexpr std::array<const char*, 3> kPoints{" (20 %/month)", " (30 %/month)", " (40 %/month)"};
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(cost(result, std::string("p3 east-1") + kPoints[i]) <
          cost(result, std::string("p3 east-1") + kPoints[i + 1]));
  }
}
