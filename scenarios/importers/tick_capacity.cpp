// Capacity (and prices) as one value per tick: {"metadata": {"gap_seconds": 195, …}, "data": [0, 1, …]}.
#include <regex>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json/json_text.h"
#include "base/text/nearest.h"
#include "base/text/text_values.h"
#include "scenarios/importers/formats.h"

namespace spotmix::scenarios {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

/// What a file's name says, where it follows one of the known conventions.
struct NameFacts {
  std::optional<std::string> instance;
  std::optional<std::string> zone;
  std::optional<CapacityMeaning> meaning;
};

std::optional<std::string> instance_of_device(const std::string& device) {
  if (device == "v100_1") return "p3.2xlarge";
  if (device == "v100_8") return "p3.16xlarge";
  if (device == "k80_1") return "p2.xlarge";
  if (device == "k80_8") return "p2.8xlarge";
  return std::nullopt;
}

NameFacts facts_of_name(const ImportedFile& file) {
  static const std::regex kNodes("^[0-9]+node-([a-z]+-[a-z]+-[0-9][a-z])-([a-z0-9]+\\.[a-z0-9]+)$");
  static const std::regex kDevice("^([0-9]{4}-)?([a-z]+-[a-z0-9]+-?[0-9]?-?[a-z])_([a-z0-9]+_[0-9]+)$");
  std::smatch match;
  if (std::regex_match(file.stem, match, kNodes)) return {match[2], match[1], CapacityMeaning::count};
  if (!std::regex_match(file.stem, match, kDevice)) return {};
  NameFacts facts{instance_of_device(match[3]), match[2].str(), std::nullopt};
  if (match[1].matched) facts.meaning = CapacityMeaning::count;
  if (file.name.ends_with(".txt")) facts.meaning = CapacityMeaning::unavailable_is_one;
  return facts;
}

/// What the metadata says.
struct Metadata {
  double gap_s = 0;
  std::optional<Time> start;
  std::optional<std::string> instance;
  std::optional<std::string> zone;
  std::optional<double> on_demand_usd_per_h;
  std::optional<CapacityMeaning> meaning;
};

std::optional<std::string> text_under(const object& node, const char* key) {
  std::string_view text;
  if (node[key].get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::string(text);
}

Metadata read_metadata(const object& root) {
  Metadata facts;
  object node;
  if (root["metadata"].get_object().get(node) != simdjson::SUCCESS) return facts;
  if (double gap_s = 0; node["gap_seconds"].get_double().get(gap_s) == simdjson::SUCCESS) facts.gap_s = gap_s;
  if (const auto start = text_under(node, "start_time")) facts.start = parse_time(*start);
  facts.zone = text_under(node, "zone");
  object info;
  if (node["price_info"].get_object().get(info) != simdjson::SUCCESS) return facts;
  facts.meaning = CapacityMeaning::unavailable_is_one;
  facts.instance = text_under(info, "instance_type");
  if (!facts.instance) facts.instance = text_under(info, "machine_type");
  if (!facts.zone) facts.zone = text_under(info, "zone");
  if (double usd = 0; info["on_demand_price"].get_double().get(usd) == simdjson::SUCCESS)
    facts.on_demand_usd_per_h = usd;
  return facts;
}

class TickReader {
 public:
  TickReader(const ImportedFile& file, Time start, Duration gap) : file_(file), start_(start), gap_(gap) {}

  Result<TraceCapacity> capacity(const array& data, CapacityMeaning meaning) const {
    TraceCapacity capacity{meaning != CapacityMeaning::count, {}};
    for (const element& value : data) {
      std::int64_t number = 0;
      const std::int64_t most = capacity.binary ? 1 : 1'000'000;
      if (value.get_int64().get(number) != simdjson::SUCCESS || number < 0 || number > most) {
        return problem("data", capacity.series.at.size(), simdjson::minify(value),
                       fmt::format("a whole number from 0 to {}", most));
      }
      const bool inverted = meaning == CapacityMeaning::unavailable_is_one;
      add(capacity.series, static_cast<int>(inverted ? 1 - number : number));
    }
    finish(capacity.series);
    return capacity;
  }

  Result<PriceSeries> prices(const array& values) const {
    PriceSeries series;
    for (const element& value : values) {
      double usd = 0;
      if (value.get_double().get(usd) != simdjson::SUCCESS || !(usd > 0 && usd < 1e6)) {
        return problem("prices", series.at.size(), simdjson::minify(value), "a price in US dollars per hour");
      }
      add(series, usd_per_hour(usd));
    }
    finish(series);
    return series;
  }

 private:
  Problem problem(const char* key, std::size_t index, const std::string& found,
                  const std::string& expected) const {
    return {file_.name, item_path(key, index),
            fmt::format("found {}, expected {}", in_quotes(found), expected)};
  }

  template <class Value>
  void add(Series<Value>& series, Value value) const {
    series.at.push_back(start_ + gap_ * static_cast<std::int64_t>(series.at.size()));
    series.value.push_back(value);
  }

  template <class Value>
  void finish(Series<Value>& series) const {
    series.end = start_ + gap_ * static_cast<std::int64_t>(series.at.size());
    drop_repeats(series);
  }

  const ImportedFile& file_;
  Time start_;
  Duration gap_;
};

Problems missing_facts(const ImportedFile& file, const TracePool& pool,
                       const std::optional<CapacityMeaning>& meaning, double gap_s) {
  Problems problems;
  if (pool.instance.empty())
    problems.push_back({file.name, "", "found no instance type, expected one: give --instance"});
  if (pool.zone.empty()) problems.push_back({file.name, "", "found no zone, expected one: give --zone"});
  if (!meaning) {
    problems.push_back({file.name, "data",
                        "found numbers whose meaning cannot be told, expected --capacity-values unavailable, "
                        "available or count"});
  }
  if (!(gap_s > 0 && gap_s <= 1e6))
    problems.push_back(
        {file.name, "metadata.gap_seconds", "found no length of a tick, expected a number of seconds"});
  return problems;
}

}  // namespace

bool is_tick_capacity(const std::string& text) {
  return text.starts_with("{\"metadata\"") && text.find("\"data\"") != std::string::npos;
}

Result<ImportedPools> import_tick_capacity(const ImportedFile& file, const ImportOptions& options) {
  simdjson::dom::parser parser;
  object root;
  if (parser.parse(file.text).get_object().get(root) != simdjson::SUCCESS) {
    Problems problems = json_problems(file.name, file.text);
    if (problems.empty()) problems.push_back({file.name, "", "found no JSON object, expected one"});
    return problems;
  }
  const NameFacts named = facts_of_name(file);
  const Metadata told = read_metadata(root);
  const auto first_of = [](const auto& a, const auto& b, const auto& c) { return a ? a : b ? b : c; };
  const auto meaning = first_of(options.capacity_meaning, told.meaning, named.meaning);
  TracePool pool;
  pool.instance = first_of(options.instance, told.instance, named.instance).value_or("");
  pool.zone = first_of(options.zone, told.zone, named.zone).value_or("");
  Problems problems = missing_facts(file, pool, meaning, told.gap_s);
  array data;
  if (root["data"].get_array().get(data) != simdjson::SUCCESS || data.size() == 0) {
    problems.push_back({file.name, "data", "found no values, expected a list that is not empty"});
  }
  if (!problems.empty()) return problems;

  const std::optional<Time> start = options.start ? options.start : told.start;
  const TickReader ticks(file, start.value_or(Time{}), from_seconds(told.gap_s));
  Result<TraceCapacity> capacity = ticks.capacity(data, *meaning);
  if (!capacity) return capacity.problems;
  pool.capacity = std::move(capacity.value);
  pool.start = pool.capacity->series.begin();
  pool.end = pool.capacity->series.end;
  if (array values; root["prices"].get_array().get(values) == simdjson::SUCCESS) {
    Result<PriceSeries> prices = ticks.prices(values);
    if (!prices) return prices.problems;
    if (prices.value->end != pool.end) {
      return Problem{
          file.name, "prices",
          fmt::format("found {} prices for {} ticks, expected one for each", values.size(), data.size())};
    }
    pool.prices = std::move(prices.value);
  }
  if (told.on_demand_usd_per_h) pool.on_demand = usd_per_hour(*told.on_demand_usd_per_h);
  return ImportedPools{{std::move(pool)}, start.has_value()};
}

}  // namespace spotmix::scenarios
