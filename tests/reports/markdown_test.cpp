#include <sstream>

#include <catch2/catch.hpp>

#include "reports/markdown/summary.h"
#include "tests/approval.h"
#include "tests/reports/sample.h"

using namespace spotmix;
using namespace spotmix::reports;
using namespace spotmix::tests;

namespace {

std::string markdown(const Report& report) {
  std::ostringstream out;
  write_markdown(report, out);
  return out.str();
}

}  // namespace

TEST_CASE("the Markdown summary is as approved") {
  require_approved("reports/summary.md", markdown(sample_report()));
}

TEST_CASE("Nothing in a name is markup or a tag or a mention") {
  Report report = sample_report();
  report.batch.mixes[0].name = "<script>| `x` @someone [a](http://b) **c** #1\nnew line";
  report.batch.mixes[3].infeasible_reason = "a | b";
  const std::string text = markdown(report);
  for (const char* markup : {"<script>", "`", "@someone", "](", "**c", " #1", "a | b"}) {
    INFO(markup);
    CHECK(text.find(markup) == std::string::npos);
  }
}

TEST_CASE("the Markdown summary stays under 64 kB whatever the number and length of names") {
  Report report = sample_report();
  for (int i = 0; i < 2000; ++i) {
    report.batch.mixes.push_back(sample_mix(std::string(10'000, '<') + std::to_string(i), i, i));
    report.steps.emplace_back(std::nullopt);
    report.thresholds.push_back({std::string(10'000, '|'), "cost_usd.mean", 1, 2, 3, false});
  }
  report.scenario = std::string(100'000, '&');
  const std::string text = markdown(report);
  CHECK(text.size() < 65'536);
  CHECK(text.find("more mixes") != std::string::npos);
}
