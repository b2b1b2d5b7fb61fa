#include "scenarios/trace.h"

#include <random>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/files/read_file.h"
#include "base/json/schema.h"
#include "base/text/text_values.h"
#include "scenarios/embedded.h"
#include "tests/scenarios/synthetic_trace.h"

using namespace spotmix;
using namespace spotmix::scenarios;

namespace {

const std::filesystem::path kData = std::filesystem::path(SPOTMIX_SOURCE_DIR) / "scenarios" / "data";

Trace random_trace(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Trace trace;
  trace.source = "a \"test\"";
  trace.dated = random() % 2 == 0;
  for (int zone = 0; zone < 4; ++zone) {
    TracePool pool{"x1.large",   "zone-" + std::to_string(zone),
                   "Linux/UNIX", Time{seconds{static_cast<std::int64_t>(random() % 1'000'000)}},
                   {},           {},
                   {},           {}};
    pool.prices.emplace();
    pool.capacity = TraceCapacity{zone % 2 == 0, {}};
    Time now = pool.start;
    for (int i = 0; i < 50; ++i) {
      pool.prices->at.push_back(now);
      pool.prices->value.push_back({static_cast<std::int64_t>(random() % 50'000'000'000ull)});
      pool.capacity->series.at.push_back(now);
      pool.capacity->series.value.push_back(static_cast<int>(random() % (zone % 2 == 0 ? 2 : 100)));
      now += std::chrono::milliseconds{1 + static_cast<std::int64_t>(random() % 100'000'000)};
    }
    pool.end = pool.prices->end = pool.capacity->series.end = now;
    trace.pools.push_back(std::move(pool));
  }
  return trace;
}

}  // namespace

TEST_CASE("A trace is read back as it was written to the nanosecond and nano-dollar") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Trace trace = random_trace(seed);
    const Result<Trace> read = parse_trace("test", trace_to_text(trace));
    REQUIRE(read);
    REQUIRE(read.value->pools.size() == trace.pools.size());
    CHECK(read.value->source == trace.source);
    CHECK(read.value->dated == trace.dated);
    for (std::size_t i = 0; i < trace.pools.size(); ++i) {
      const TracePool& before = trace.pools[i];
      const TracePool& after = read.value->pools[i];
      CHECK(after.zone == before.zone);
      CHECK(after.end == before.end);
      CHECK(after.prices->at == before.prices->at);
      CHECK(after.prices->value == before.prices->value);
      CHECK(after.capacity->binary == before.capacity->binary);
      CHECK(after.capacity->series.value == before.capacity->series.value);
    }
  }
}

TEST_CASE("Every trace that ships is valid by reader and by schema and names its source and licence") {
  const nlohmann::json schema = nlohmann::json::parse(trace_schema_text());
  int traces = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kData)) {
    if (entry.is_directory() || entry.path().filename().string().starts_with("catalog") ||
        entry.path().filename().string().starts_with("spot-advisor"))
      continue;
    INFO(entry.path().string());
    const Result<std::string> text = read_file(entry.path(), kDataBytesLimit);
    REQUIRE(text);
    const Result<Trace> trace = parse_trace("test", *text.value);
    REQUIRE(trace);
    CHECK_FALSE(trace.value->source.empty());
    CHECK_FALSE(trace.value->licence.empty());
    nlohmann::json document = nlohmann::json::parse(*text.value);
    CHECK(check_schema("test", document, schema).empty());
    ++traces;
  }
  CHECK(traces >= 5);
}

TEST_CASE("the traces of nine zones tell what their source tells: the dearest zone is the scarcest") {
  const Result<Trace> trace = read_trace(kData / "nine-zone-p3.2xlarge-2023.json.gz");
  REQUIRE(trace);
  REQUIRE(trace.value->pools.size() == 9);
  for (const TracePool& pool : trace.value->pools) {
    INFO(pool.zone);
    CHECK(format_time(pool.start) == "2023-02-15T22:08:16Z");
    CHECK(pool.end - pool.start == seconds{195} * 20158);
    CHECK(pool.on_demand == usd_per_hour(3.06));
    const auto& capacity = pool.capacity->series;
    Duration available{0};
    for (std::size_t i = 0; i < capacity.at.size(); ++i) {
      const Time until = i + 1 < capacity.at.size() ? capacity.at[i + 1] : capacity.end;
      if (capacity.value[i] == 1) available += until - capacity.at[i];
    }
    const double share = to_hours(available) / to_hours(pool.end - pool.start);
    // docs/rules.md 19: us-east-1a was 17 % available, us-west-2 88 to 91 %.
    if (pool.zone == "us-east-1a") CHECK(share == Approx(0.17).margin(0.01));
    if (pool.zone == "us-west-2b") CHECK(share == Approx(0.89).margin(0.03));
  }
}

TEST_CASE("The synthetic auction that ships is the generated one and its prices are an auction's") {
  const Result<std::string> shipped =
      read_file(kData / "synthetic-auction-p2.xlarge.json.gz", kDataBytesLimit);
  REQUIRE(shipped);
  const Trace trace = tests::synthetic_auction_trace(tests::shipped_synthetic_auction());
  CHECK(*shipped.value == trace_to_text(trace));
  CHECK(trace.source.starts_with("synthetic"));
  for (const TracePool& pool : trace.pools) {
    for (const HourlyPrice price : pool.prices->value) {
      CHECK(price.nano_usd_per_h > 0);
      CHECK(price.nano_usd_per_h <= 10 * pool.on_demand->nano_usd_per_h);
    }
  }
}

TEST_CASE("any prefix of a trace file is refused without a crash") {
  const std::string text = trace_to_text(random_trace(3));
  for (std::size_t size = 0; size + 2 < text.size(); size += 7)
    CHECK_FALSE(parse_trace("test", text.substr(0, size)));
}
