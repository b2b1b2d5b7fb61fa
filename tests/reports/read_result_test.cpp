#include "reports/json/read_result.h"

#include <random>
#include <sstream>

#include <catch2/catch.hpp>

#include "reports/files/file_formats.h"
#include "reports/files/read_reports.h"
#include "reports/json/result_json.h"
#include "reports/terminal/table.h"
#include "tests/reports/sample.h"

using namespace spotmix;
using namespace spotmix::reports;
using namespace spotmix::tests;

namespace {

std::string whole_json(const Report& report) {
  std::ostringstream out;
  write_whole_result_json(report, out);
  return out.str();
}

/// What the tables for programs and for people show; the other files are stories that random events do not
/// tell.
std::string everything(const Report& report) {
  std::ostringstream out;
  for (const FileFormat& format : file_formats()) {
    if (!format.file.ends_with(".csv") && !format.file.ends_with(".md")) continue;
    out << "== " << format.file << '\n';
    format.write(report, {}, out);
  }
  write_table(report, {}, out);
  return out.str();
}

/// Reports of any shape, with numbers of any size.
class RandomReport {
 public:
  explicit RandomReport(std::uint64_t seed) : random_(seed) {}

  Report make() {
    Report report = sample_report();
    report.scenario = text();
    report.description = text();
    report.batch.seed = random_();
    if (one_in(3)) report.deadline.reset();
    if (one_in(3)) report.budget.reset();
    if (one_in(2)) report.advisor_ranges = {{text(), 0, 1, 2}};
    report.market = one_in(4) ? std::nullopt : std::optional(market(report.pools.size()));
    for (std::size_t n = random_() % 4; n > 0; --n)
      report.warnings.push_back({"price_dated", one_in(2) ? std::nullopt : std::optional(text()), text()});
    if (!one_in(4)) report.reproduction = Reproduction{text(), text(), {{"scenario", text(), "abc"}}};
    for (std::size_t i = 0; i < report.batch.mixes.size(); ++i) {
      sim::MixResult& mix = report.batch.mixes[i];
      mix.name = text();
      if (!feasible(mix)) continue;
      mix.fingerprint = random_();
      mix.cost_usd->mean = number();
      mix.time_by_cause_s.waiting = number();
      if (one_in(2)) mix.reserved_views_usd = sim::ReservedViews{number(), number()};
      mix.replications = outcomes();
      mix.simulated = mix.replications.size();
      if (one_in(3)) mix.cost_spread = sim::SpreadShares{number(), number(), number()};
      if (one_in(3)) mix.time_spread.reset();
      if (one_in(3)) mix.finished.ci95.reset();
      if (one_in(3)) report.uninterrupted.insert(i);
      report.replays.push_back(replay(i, report.pools.size()));
    }
    return report;
  }

 private:
  bool one_in(unsigned n) { return random_() % n == 0; }
  std::int64_t amount() { return static_cast<std::int64_t>(random_() % 4'000'000'000'000); }
  double number() { return static_cast<double>(random_()) / 3e9; }
  std::string text() {
    const std::vector<std::string> texts = {"plain", "", "=cmd()", "<script>", "two\nlines", "\"quoted\"",
                                            std::string(10'000, 'x'),
                                            // NOLINTNEXTLINE(misc-misleading-bidirectional): an escape
                                            "\u202eright to left", "Ü ✓ 漢"};
    return texts[random_() % texts.size()];
  }
  std::vector<sim::ReplicationOutcome> outcomes() {
    std::vector<sim::ReplicationOutcome> all;
    for (std::size_t n = 1 + random_() % 50; n > 0; --n) {
      all.push_back({one_in(5) ? Duration{-1} : Duration{amount()}, Money{amount()}, random_(),
                     static_cast<std::uint32_t>(random_() % 100), static_cast<float>(number() / 1e10)});
    }
    return all;
  }
  template <class Value>
  Series<Value> series() {
    Series<Value> result;
    Time at = time_at(amount());
    for (std::size_t n = random_() % 20; n > 0; --n) {
      result.at.push_back(at);
      result.value.push_back(Value{static_cast<int>(random_() % 1000)});
      at += Duration{1 + amount()};
    }
    if (!one_in(3)) result.end = at;
    return result;
  }
  MarketHistory market(std::size_t pools) {
    MarketHistory history{time_at(amount()), time_at(amount()), {}};
    for (std::size_t i = 0; i < pools; ++i) {
      history.pools.push_back({series<HourlyPrice>(), series<HourlyPrice>(), series<int>(), one_in(2)});
    }
    return history;
  }
  Replay replay(std::size_t mix, std::size_t pools) {
    Replay result{mix, random_(), {}};
    result.record.start = time_at(amount());
    Time at = result.record.start;
    for (std::size_t n = random_() % 40; n > 0; --n) {
      at += Duration{amount()};
      const bool job = one_in(3);
      const auto kind = static_cast<sim::TimelineKind>(job ? 8 + random_() % 5 : random_() % 8);
      result.record.timeline.push_back({at, kind, job ? sim::kNoInstance : static_cast<std::uint32_t>(n),
                                        static_cast<std::uint32_t>(random_() % pools),
                                        static_cast<sim::Purchase>(random_() % 3), Duration{amount()},
                                        Money{amount()}});
      result.record.bill.push_back({one_in(4) ? sim::kWholeJob : static_cast<std::uint32_t>(n),
                                    static_cast<std::uint32_t>(random_() % pools),
                                    static_cast<sim::Purchase>(random_() % 3), at, at + Duration{amount()},
                                    Duration{amount()}, HourlyPrice{amount()}, Money{amount()},
                                    static_cast<sim::BillItem>(random_() % 7)});
    }
    return result;
  }

  std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("a result that was written whole is the same report when it is read back") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    const Report report = RandomReport(seed).make();
    const std::string json = whole_json(report);
    const std::vector<Report> read = read_results(json);
    REQUIRE(read.size() == 1);
    CHECK(whole_json(read.front()) == json);
    CHECK(everything(read.front()) == everything(report));
    CHECK(read.front().reproduction == report.reproduction);
  }
}

TEST_CASE("A result as standard output has it makes what needs no replications and says what is missing") {
  std::ostringstream out;
  write_result_json(sample_report(), false, out);
  const Report read = read_results(out.str()).front();
  for (const FileFormat& format : file_formats()) {
    const bool possible = format.name == "csv" || format.name == "markdown";
    INFO(format.name);
    CHECK(missing_for(format, read).empty() == possible);
  }
  std::ostringstream table;
  write_table(read, {}, table);
  std::ostringstream expected;
  write_table(sample_report(), {}, expected);
  CHECK(table.str() == expected.str());
}

TEST_CASE("the document of several results is read as several reports") {
  const Report report = sample_report();
  std::ostringstream out;
  write_results_json("0.1.0", {&report, &report}, false, out);
  CHECK(read_results(out.str()).size() == 2);
}

TEST_CASE("what is no result is refused with its place") {
  const std::string json = whole_json(sample_with_replay());
  const auto with = [&](const std::string& old_text, const std::string& new_text) {
    std::string changed = json;
    changed.replace(changed.find(old_text), old_text.size(), new_text);
    return changed;
  };
  const auto message = [](const std::string& text) -> std::string {
    try {
      read_results(text);
    } catch (const BadDocument& error) {
      return error.what();
    }
    return "none";
  };
  CHECK(message("{").starts_with("line 1, column 2: found the end of the file, expected valid JSON"));
  CHECK(message("[]") == "found an empty list, expected an object");
  CHECK(message(with("\"schema_version\": 1", "\"schema_version\": 9")) ==
        "schema_version: found 9, expected 1");
  CHECK(message(with("\"seed\": 42", "\"seed\": \"x\"")) ==
        "seed: found \"x\", expected a whole number from 0");
  CHECK(message(with("\"feasible\": true", "\"feasible\": 1")) ==
        "mixes[0].feasible: found 1, expected true or false");
  CHECK(message(with("\"on_pareto_front\"", "\"on_front\"")) ==
        "mixes[0]: found no \"on_pareto_front\", expected one");
  CHECK(message(with("\"at_ns\": \"", "\"at_ns\": \"!")) ==
        "kept.replays[0].timeline.at_ns: found a text that is no base64, expected a packed column");
  CHECK(message(with("\"waiting_begun\"", "\"coffee\"")) ==
        "kept.replays[0].timeline.kinds[15]: found \"coffee\", expected a kind that this version knows");
}
