#include "scenarios/trace.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <tuple>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/files/read_file.h"
#include "base/json/json_text.h"
#include "base/text/nearest.h"
#include "base/text/text_values.h"

namespace spotmix::scenarios {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr double kLongestStepSeconds = 4e9;
constexpr std::int64_t kMostAvailable = 1'000'000;

const std::vector<std::string> kTraceKeys{"spotmix_trace", "source", "licence", "dated", "pools"};
const std::vector<std::string> kPoolKeys{
    "instance", "zone", "product", "start", "end", "on_demand_usd_per_h", "prices", "capacity"};
const std::vector<std::string> kPriceKeys{"after_s", "usd_per_h"};
const std::vector<std::string> kCapacityKeys{"kind", "after_s", "available"};

/// The value as it stands in the file, cut to fit a line.
std::string shown(const element& value) {
  std::string text = simdjson::minify(value);
  constexpr std::size_t kMostShown = 60;
  if (text.size() <= kMostShown) return text;
  text.resize(kMostShown);
  text += "…";
  return text;
}

/// Thrown with the problem of one pool; the other pools are still read.
struct BadPool {
  Problem problem;
};

class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  [[noreturn]] void fail(const std::string& where, std::string message) const {
    throw BadPool{{file_, where, std::move(message)}};
  }

  void check_keys(const object& node, const std::string& where, const std::vector<std::string>& valid) const {
    std::set<std::string_view> seen;
    for (const auto& field : node) {
      const std::string key(field.key);
      if (std::find(valid.begin(), valid.end(), key) == valid.end()) {
        fail(where, fmt::format("found unknown key {}, expected {}{}", in_quotes(key), one_of(valid),
                                did_you_mean(key, valid)));
      }
      if (!seen.insert(field.key).second)
        fail(where, fmt::format("found the key {} twice, expected it once", in_quotes(key)));
    }
  }

  std::string text(const object& node, const std::string& where, const char* key) const {
    std::string_view value;
    if (node[key].get_string().get(value) != simdjson::SUCCESS || value.empty()) {
      fail(where, fmt::format("found no text under \"{}\", expected one", key));
    }
    return std::string(value);
  }

  /// A key that may be left out, but not hold something else.
  std::string text_or_empty(const object& node, const std::string& path, const char* key) const {
    element value;
    if (node[key].get(value) != simdjson::SUCCESS) return {};
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS)
      fail(path, fmt::format("found {}, expected text", shown(value)));
    return std::string(text);
  }

  std::optional<object> object_if_given(const object& node, const std::string& path, const char* key) const {
    element value;
    if (node[key].get(value) != simdjson::SUCCESS) return std::nullopt;
    object inner;
    if (value.get_object().get(inner) != simdjson::SUCCESS)
      fail(path, fmt::format("found {}, expected an object", shown(value)));
    return inner;
  }

  bool true_or_false(const object& node, const char* key, bool otherwise) const {
    element value;
    if (node[key].get(value) != simdjson::SUCCESS) return otherwise;
    bool given = otherwise;
    if (value.get_bool().get(given) != simdjson::SUCCESS)
      fail(key, fmt::format("found {}, expected true or false", shown(value)));
    return given;
  }

  Time time(const object& node, const std::string& where, const char* key) const {
    const std::string value = text(node, where, key);
    const auto time = parse_time(value);
    if (!time)
      fail(key_path(where, key),
           fmt::format("found {}, expected a time from 1970 to 2199 such as \"2023-02-15T22:08:16Z\"",
                       in_quotes(value)));
    return *time;
  }

  HourlyPrice price(const element& value, const std::string& where) const {
    std::string_view digits;
    if (value.get_string().get(digits) != simdjson::SUCCESS) {
      fail(where, fmt::format("found {}, expected a price as text such as \"0.0437\"", shown(value)));
    }
    const auto price = parse_price(digits);
    if (!price)
      fail(where, fmt::format("found {}, expected a price as text such as \"0.0437\"", in_quotes(digits)));
    if (price->nano_usd_per_h == 0)
      fail(where, "found a price of 0, expected one above 0: what is not known is left out");
    return *price;
  }

  array list(const object& node, const std::string& where, const char* key) const {
    array values;
    if (node[key].get_array().get(values) != simdjson::SUCCESS)
      fail(where, fmt::format("found no list under \"{}\", expected one", key));
    return values;
  }

  /// Moments from seconds since the one before, the first since `start`; each within [start, end).
  std::vector<Time> moments(const object& node, const std::string& where, const TracePool& pool) const {
    const array steps = list(node, where, "after_s");
    std::vector<Time> at;
    at.reserve(steps.size());
    Time now = pool.start;
    for (const element& step : steps) {
      const std::string item = item_path(key_path(where, "after_s"), at.size());
      double after_s = 0;
      if (step.get_double().get(after_s) != simdjson::SUCCESS ||
          !(std::abs(after_s) <= kLongestStepSeconds)) {
        fail(item, fmt::format("found {}, expected a number of seconds", shown(step)));
      }
      const bool first = at.empty();
      if (after_s < 0 || (!first && after_s <= 0)) {
        fail(item, fmt::format("found {}, expected {}: times must ascend", shown(step),
                               first ? "0 or more" : "more than 0"));
      }
      now += from_seconds(after_s);
      if (now >= pool.end) {
        fail(item, fmt::format("found a change at {}, expected one before the end of the pool, {}",
                               format_time(now), format_time(pool.end)));
      }
      at.push_back(now);
    }
    if (at.empty()) fail(key_path(where, "after_s"), "found an empty list, expected at least one value");
    return at;
  }

  void check_lengths(const std::string& where, std::size_t times, std::size_t values,
                     const char* values_key) const {
    if (times == values) return;
    fail(where,
         fmt::format("found {} times but {} values under \"{}\", expected as many (is the file cut off?)",
                     times, values, values_key));
  }

  PriceSeries prices(const object& node, const std::string& where, const TracePool& pool) const {
    check_keys(node, where, kPriceKeys);
    PriceSeries series;
    series.at = moments(node, where, pool);
    series.end = pool.end;
    for (const element& value : list(node, where, "usd_per_h")) {
      series.value.push_back(price(value, item_path(key_path(where, "usd_per_h"), series.value.size())));
    }
    check_lengths(where, series.at.size(), series.value.size(), "usd_per_h");
    return series;
  }

  TraceCapacity capacity(const object& node, const std::string& where, const TracePool& pool) const {
    check_keys(node, where, kCapacityKeys);
    const std::string kind = text(node, where, "kind");
    if (kind != "binary" && kind != "count") {
      fail(key_path(where, "kind"), fmt::format("found {}, expected one of \"binary\", \"count\"{}",
                                                in_quotes(kind), did_you_mean(kind, {"binary", "count"})));
    }
    TraceCapacity capacity{kind == "binary", {}};
    const std::int64_t most = capacity.binary ? 1 : kMostAvailable;
    capacity.series.at = moments(node, where, pool);
    capacity.series.end = pool.end;
    for (const element& value : list(node, where, "available")) {
      std::int64_t available = 0;
      if (value.get_int64().get(available) != simdjson::SUCCESS || available < 0 || available > most) {
        fail(item_path(key_path(where, "available"), capacity.series.value.size()),
             fmt::format("found {}, expected a whole number from 0 to {}", shown(value), most));
      }
      capacity.series.value.push_back(static_cast<int>(available));
    }
    check_lengths(where, capacity.series.at.size(), capacity.series.value.size(), "available");
    return capacity;
  }

  TracePool pool(const element& value, const std::string& where) const {
    object node;
    if (value.get_object().get(node) != simdjson::SUCCESS) fail(where, "found no object, expected a pool");
    check_keys(node, where, kPoolKeys);
    TracePool pool;
    pool.instance = text(node, where, "instance");
    pool.zone = text(node, where, "zone");
    pool.product = text_or_empty(node, key_path(where, "product"), "product");
    pool.start = time(node, where, "start");
    pool.end = time(node, where, "end");
    if (pool.end <= pool.start) {
      fail(key_path(where, "end"), fmt::format("found {}, expected a time after the start, {}",
                                               format_time(pool.end), format_time(pool.start)));
    }
    element child;
    if (node["on_demand_usd_per_h"].get(child) == simdjson::SUCCESS)
      pool.on_demand = price(child, key_path(where, "on_demand_usd_per_h"));
    const std::string prices_path = key_path(where, "prices");
    if (const auto series = object_if_given(node, prices_path, "prices"))
      pool.prices = prices(*series, prices_path, pool);
    const std::string capacity_path = key_path(where, "capacity");
    if (const auto series = object_if_given(node, capacity_path, "capacity"))
      pool.capacity = capacity(*series, capacity_path, pool);
    if (!pool.prices && !pool.capacity)
      fail(where, "found neither \"prices\" nor \"capacity\", expected at least one");
    return pool;
  }

 private:
  std::string file_;
};

/// Why the text is not JSON, with its line, from the slower parser that knows it.
Problem syntax_problem(const std::string& file, const std::string& text, simdjson::error_code error) {
  const Problems problems = json_problems(file, text);
  if (!problems.empty()) return problems.front();
  return {file, "",
          fmt::format("found text that is not valid JSON ({}), expected a trace",
                      simdjson::error_message(error))};
}

void check_twins(const std::string& file, const std::vector<TracePool>& pools, Problems& problems) {
  std::set<std::tuple<std::string, std::string, std::string>> seen;
  for (std::size_t i = 0; i < pools.size(); ++i) {
    const TracePool& pool = pools[i];
    if (seen.insert({pool.instance, pool.zone, pool.product}).second) continue;
    problems.push_back(
        {file, item_path("pools", i),
         fmt::format("found {} in {} twice, expected one pool of each product", pool.instance, pool.zone)});
  }
}

std::string seconds_text(Duration duration) {
  const bool whole = duration.count() % 1'000'000'000 == 0;
  if (whole) return fmt::format("{}", duration.count() / 1'000'000'000);
  std::string text =
      fmt::format("{}.{:09}", duration.count() / 1'000'000'000, duration.count() % 1'000'000'000);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

template <class Value>
std::string after_text(const Series<Value>& series, Time start) {
  std::string text = "[";
  for (std::size_t i = 0; i < series.at.size(); ++i) {
    if (i > 0) text += ',';
    text += seconds_text(series.at[i] - (i == 0 ? start : series.at[i - 1]));
  }
  return text + "]";
}

std::string json_string(const std::string& text) {
  std::string text_in_quotes = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') text_in_quotes += '\\';
    text_in_quotes += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return text_in_quotes + "\"";
}

std::string pool_text(const TracePool& pool) {
  std::string text =
      fmt::format("{{\"instance\":{},\"zone\":{}", json_string(pool.instance), json_string(pool.zone));
  if (!pool.product.empty()) text += ",\"product\":" + json_string(pool.product);
  text += fmt::format(",\"start\":\"{}\",\"end\":\"{}\"", format_time(pool.start), format_time(pool.end));
  if (pool.on_demand) text += fmt::format(",\"on_demand_usd_per_h\":\"{}\"", format_price(*pool.on_demand));
  if (pool.prices) {
    text += ",\"prices\":{\"after_s\":" + after_text(*pool.prices, pool.start) + ",\"usd_per_h\":[";
    for (std::size_t i = 0; i < pool.prices->value.size(); ++i) {
      text += fmt::format("{}\"{}\"", i == 0 ? "" : ",", format_price(pool.prices->value[i]));
    }
    text += "]}";
  }
  if (pool.capacity) {
    const CapacitySeries& series = pool.capacity->series;
    text += fmt::format(",\"capacity\":{{\"kind\":\"{}\",\"after_s\":",
                        pool.capacity->binary ? "binary" : "count");
    text += after_text(series, pool.start) + ",\"available\":[";
    for (std::size_t i = 0; i < series.value.size(); ++i)
      text += fmt::format("{}{}", i == 0 ? "" : ",", series.value[i]);
    text += "]}";
  }
  return text + "}";
}

}  // namespace

Result<Trace> parse_trace(const std::string& file, const std::string& text) {
  simdjson::dom::parser parser;
  element document;
  if (const auto error = parser.parse(text).get(document); error != simdjson::SUCCESS)
    return syntax_problem(file, text, error);
  const Reader reader(file);
  Trace trace;
  Problems problems;
  array pools;
  try {
    object root;
    std::int64_t version = 0;
    if (document.get_object().get(root) != simdjson::SUCCESS ||
        root["spotmix_trace"].get_int64().get(version) != simdjson::SUCCESS) {
      return Problem{file, "",
                     "found no \"spotmix_trace\", expected a trace file (`spotmix import` makes one from "
                     "other formats)"};
    }
    if (version != 1)
      return Problem{file, "spotmix_trace", fmt::format("found version {}, expected 1", version)};
    reader.check_keys(root, "top level", kTraceKeys);
    trace.source = reader.text(root, "top level", "source");
    trace.licence = reader.text_or_empty(root, "licence", "licence");
    trace.dated = reader.true_or_false(root, "dated", true);
    pools = reader.list(root, "top level", "pools");
  } catch (const BadPool& bad) {
    return bad.problem;
  }
  std::size_t index = 0;
  for (const element& pool : pools) {
    try {
      trace.pools.push_back(reader.pool(pool, item_path("pools", index++)));
    } catch (const BadPool& bad) {
      problems.push_back(bad.problem);
    }
  }
  if (index == 0) problems.push_back({file, "pools", "found an empty list, expected at least one pool"});
  check_twins(file, trace.pools, problems);
  if (!problems.empty()) return problems;
  return trace;
}

Result<Trace> read_trace(const std::filesystem::path& path) {
  Result<std::string> text = read_file(path, kDataBytesLimit);
  if (!text) return text.problems;
  return parse_trace(path.string(), *text.value);
}

std::string trace_to_text(Trace trace) {
  std::sort(trace.pools.begin(), trace.pools.end(), [](const TracePool& a, const TracePool& b) {
    return std::tie(a.instance, a.zone, a.product) < std::tie(b.instance, b.zone, b.product);
  });
  std::string text = fmt::format("{{\"spotmix_trace\":1,\n\"source\":{},\n\"licence\":{},\n",
                                 json_string(trace.source), json_string(trace.licence));
  if (!trace.dated) text += "\"dated\":false,\n";
  text += "\"pools\":[";
  for (std::size_t i = 0; i < trace.pools.size(); ++i)
    text += (i == 0 ? "\n" : ",\n") + pool_text(trace.pools[i]);
  return text + "\n]}\n";
}

}  // namespace spotmix::scenarios
