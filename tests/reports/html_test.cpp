#include "reports/html/html.h"

#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "reports/html/assets.h"
#include "reports/json/result_json.h"
#include "tests/reports/sample.h"

using namespace spotmix;
using namespace spotmix::reports;
using namespace spotmix::tests;
using nlohmann::json;

namespace {

/// Whether there is nothing to test.
bool left_out() {
  if (html_is_available()) return false;
  WARN("built without npm: no HTML report");
  return true;
}

std::string page_of(const Report& report, const HtmlAssets& assets = {}) {
  std::ostringstream out;
  write_html(report, assets, out);
  return out.str();
}

/// The text of the element with that id.
std::string content_of(const std::string& page, const std::string& id) {
  const auto begin = page.find('>', page.find("id=\"" + id + "\"")) + 1;
  return page.substr(begin, page.find("</script>", begin) - begin);
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

Report sample_with_market() {
  Report report = sample_with_replay();
  MarketHistory market{Time{hours{1}}, Time{hours{5}}, std::vector<PoolHistory>(2)};
  market.pools[0].spot_price = {
      {Time{hours{1}}, Time{hours{2}}}, {usd_per_hour(0.9), usd_per_hour(1.1)}, Time{hours{5}}};
  market.pools[1].capacity = {{Time{hours{1}}, Time{hours{3}}}, {4, 0}, Time{hours{5}}};
  report.market = market;
  report.reproduction = Reproduction{
      "spotmix run 'a b.json'", "{\"name\": \"sample\"}", {{"scenario", "a b.json", std::string(64, 'a')}}};
  return report;
}

}  // namespace

TEST_CASE("The page holds the result JSON as it is and what the page shows besides") {
  if (left_out()) return;
  const Report report = sample_with_market();
  const std::string page = page_of(report);
  std::ostringstream result;
  write_result_json(report, false, result);
  CHECK(json::parse(content_of(page, "result")) == json::parse(result.str()));
  const json data = json::parse(content_of(page, "data"));
  CHECK(data["verdict"]["best"] == 1);
  CHECK(data["waterfall"]["from"] == 0);
  CHECK(data["waterfall"]["to"] == 1);
  CHECK(data["waterfall"]["steps"][0]["cause"] == "useful");
  CHECK(data["waterfall"]["steps"][0]["usd"] == -401.25);
  CHECK(data["pools"][1]["zone"] == "us-east-1b");
  CHECK(data["market"]["pools"][0]["spot"]["at"]["n"] == 2);
  CHECK(data["market"]["pools"][0]["capacity"].is_null());
  CHECK(data["market"]["pools"][1]["capacity"]["end"] == 5 * 3600);
  CHECK(data["market"]["pools"][0]["spot"]["summary"]["changes"] == 1);
  CHECK(data["market"]["pools"][0]["spot"]["whole"].is_null());
  CHECK(json::parse(content_of(page, "series")).empty());
  CHECK(data["replications"][0]["costs_usd"]["n"] == 2);
  CHECK(data["replications"][3].is_null());
  CHECK(data["replays"][0]["instances"]["number"]["n"] == 1);
  CHECK(data["reproduction"]["command_line"] == "spotmix run 'a b.json'");
}

TEST_CASE("Code longer than a screen stands at the end of the page after the code that draws it") {
  if (left_out()) return;
  Report report = sample_with_market();
  PriceSeries& prices = report.market->pools[0].spot_price;
  prices = {{}, {}, Time{hours{5}}};
  for (int i = 0; i < 14'400; ++i) {
    prices.at.emplace_back(hours{1} + seconds{i});
    prices.value.push_back(usd_per_hour(0.9 + 0.001 * (i % 7)));
  }
  const std::string page = page_of(report);
  const json spot = json::parse(content_of(page, "data"))["market"]["pools"][0]["spot"];
  const json series = json::parse(content_of(page, "series"));
  REQUIRE(series.size() == 1);
  CHECK(spot["whole"] == 0);
  CHECK(spot["at"]["n"] < 3'010);
  CHECK(series[0]["at"]["n"] == 14'400);
  CHECK(series[0]["value"]["n"] == 14'400);
  CHECK(page.find("id=\"series\"") > page.find(report_script()));
}

TEST_CASE("A report without replications or replay or market or file is a page all the same") {
  if (left_out()) return;
  Report report = sample_report();
  for (sim::MixResult& mix : report.batch.mixes) mix.replications.clear();
  const json data = json::parse(content_of(page_of(report), "data"));
  CHECK(data["market"].is_null());
  CHECK(data["reproduction"].is_null());
  CHECK(data["replays"].empty());
}

TEST_CASE("nothing in a name ends an element or starts one") {
  if (left_out()) return;
  Report report = sample_with_market();
  const std::string hostile = "</script><script>alert(1)</script><!--\" onload=\"x\xff";
  const std::string plain = page_of(report);
  report.scenario = hostile;
  report.description = hostile;
  report.batch.mixes[1].name = hostile;
  report.pools[0].zone = hostile;
  report.reproduction->scenario_text = hostile;
  report.reproduction->inputs[0].name = hostile;
  const std::string page = page_of(report);
  for (const char* part : {"<script", "</script", "<!--", "<"}) {
    CHECK(count_of(page, part) == count_of(plain, part));
  }
  CHECK(
      json::parse(content_of(page, "data"))["pools"][0]["zone"].get<std::string>().starts_with("</script>"));
}

TEST_CASE("A page alone allows its own code only and pages with shared assets name them by their content") {
  if (left_out()) return;
  const std::string alone = page_of(sample_report());
  CHECK(alone.find("default-src 'none'; script-src 'sha256-") != std::string::npos);
  CHECK(alone.find(" src=\"") == std::string::npos);
  CHECK(alone.find("<link") == std::string::npos);
  const std::string shared = page_of(sample_report(), {"../assets"});
  CHECK(shared.size() < 50'000);
  const std::vector<HtmlAssetFile> files = html_asset_files();
  REQUIRE(files.size() == 2);
  for (const HtmlAssetFile& file : files) {
    CHECK(shared.find("\"../assets/" + file.name + "\"") != std::string::npos);
    CHECK_FALSE(file.content.empty());
  }
}
