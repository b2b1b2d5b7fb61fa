// Two kinds of comma-separated files: prices by time, and a log of nodes that come and go.
#include <algorithm>
#include <charconv>
#include <regex>
#include <set>

#include <fmt/format.h>

#include "base/csv/csv_reader.h"
#include "base/text/nearest.h"
#include "base/text/text_values.h"
#include "scenarios/importers/formats.h"

namespace spotmix::scenarios {
namespace {

constexpr std::string_view kPriceHeader = "timestamp_utc,price_usd_per_hour";

/// The pool of "2015-us-east-1a-Linux-c3.xlarge", as far as the name tells it.
TracePool pool_of_name(const std::string& stem) {
  static const std::regex kName("^(?:[0-9]{4}-)?([a-z]+-[a-z]+-[0-9][a-z])-(.+)-([a-z0-9]+\\.[a-z0-9]+)$");
  TracePool pool;
  std::smatch match;
  if (!std::regex_match(stem, match, kName)) return pool;
  pool.zone = match[1];
  pool.product = match[2] == "Linux" ? "Linux/UNIX" : match[2].str();
  pool.instance = match[3];
  return pool;
}

Problems name_pool(const ImportedFile& file, const ImportOptions& options, TracePool& pool) {
  if (options.instance) pool.instance = *options.instance;
  if (options.zone) pool.zone = *options.zone;
  if (options.product) pool.product = *options.product;
  Problems problems;
  if (pool.instance.empty())
    problems.push_back({file.name, "", "found no instance type, expected one: give --instance"});
  if (pool.zone.empty()) problems.push_back({file.name, "", "found no zone, expected one: give --zone"});
  return problems;
}

struct PricePoint {
  Time at;
  HourlyPrice price;
};

Result<std::vector<PricePoint>> read_points(const ImportedFile& file) {
  std::vector<PricePoint> points;
  Problems problems;
  CsvReader csv(file.text);
  csv.next();  // the header
  while (csv.next()) {
    const std::vector<std::string>& fields = csv.fields();
    const auto time = parse_time(fields.front());
    const auto price = fields.size() == 2 ? parse_price(fields.back()) : std::nullopt;
    if (time && price && price->nano_usd_per_h > 0) {
      points.push_back({*time, *price});
      continue;
    }
    problems.push_back(
        {file.name, fmt::format("line {}", csv.line()),
         fmt::format(
             "found {}, expected a time, a comma and a price, such as 2015-03-11 16:54:38+00:00,0.0324",
             in_quotes(csv.text()))});
    if (problems.size() == 20) break;
  }
  if (points.empty() && problems.empty())
    problems.push_back({file.name, "", "found no prices below the header, expected at least one"});
  if (!problems.empty()) return problems;
  return points;
}

}  // namespace

bool is_price_csv(const std::string& text) {
  return text.starts_with(kPriceHeader);
}

Result<ImportedPools> import_price_csv(const ImportedFile& file, const ImportOptions& options) {
  TracePool pool = pool_of_name(file.stem);
  Problems problems = name_pool(file, options, pool);
  Result<std::vector<PricePoint>> points = read_points(file);
  append(problems, points.problems);
  if (!problems.empty()) return problems;
  std::stable_sort(points.value->begin(), points.value->end(),
                   [](const PricePoint& a, const PricePoint& b) { return a.at < b.at; });
  PriceSeries series;
  for (const PricePoint& point : *points.value) {
    if (!series.empty() && series.at.back() == point.at) {
      if (series.value.back() == point.price) continue;
      return Problem{file.name, "",
                     fmt::format("found two prices at {}, expected one", format_time(point.at))};
    }
    series.at.push_back(point.at);
    series.value.push_back(point.price);
  }
  series.end = options.end.value_or(series.at.back() + seconds{1});
  if (series.end <= series.at.back()) {
    return Problem{file.name, "",
                   fmt::format("found the end {}, expected one after the last price, {}",
                               format_time(series.end), format_time(series.at.back()))};
  }
  drop_repeats(series);
  pool.start = series.begin();
  pool.end = series.end;
  pool.prices = std::move(series);
  return ImportedPools{{std::move(pool)}, true};
}

bool is_add_remove_log(const std::string& text) {
  static const std::regex kFirstLine("^[0-9]+,(add|remove),");
  return std::regex_search(text.substr(0, 100), kFirstLine);
}

namespace {

struct LogEntry {
  Duration at{};
  bool added = false;
  std::string node;
};

std::optional<LogEntry> read_entry(const CsvReader& csv) {
  const std::vector<std::string>& fields = csv.fields();
  if (csv.unclosed() || fields.size() < 3 || (fields[1] != "add" && fields[1] != "remove") ||
      fields[2].empty())
    return std::nullopt;
  std::int64_t milliseconds = 0;
  const auto read = std::from_chars(fields[0].data(), fields[0].data() + fields[0].size(), milliseconds);
  if (read.ec != std::errc{} || read.ptr != fields[0].data() + fields[0].size() || milliseconds < 0 ||
      milliseconds > 4'000'000'000'000)
    return std::nullopt;
  return LogEntry{std::chrono::milliseconds{milliseconds}, fields[1] == "add", fields[2]};
}

/// The number of nodes after each moment at which it changed.
Result<CapacitySeries> count_nodes(const ImportedFile& file, Time start) {
  CapacitySeries series;
  std::set<std::string> present;
  Time latest = start;
  CsvReader csv(file.text);
  while (csv.next()) {
    const std::string where = fmt::format("line {}", csv.line());
    const auto entry = read_entry(csv);
    if (!entry)
      return Problem{file.name, where,
                     fmt::format("found {}, expected milliseconds,add|remove,node", in_quotes(csv.text()))};
    const Time at = start + entry->at;
    if (at < latest)
      return Problem{file.name, where,
                     "found a time before that of the line above, expected ascending times"};
    latest = at;
    const bool changed = entry->added ? present.insert(entry->node).second : present.erase(entry->node) == 1;
    if (!changed) {
      return Problem{file.name, where,
                     fmt::format("found node {} {}, expected the opposite", in_quotes(entry->node),
                                 entry->added ? "added twice" : "removed while absent")};
    }
    if (series.empty() || series.at.back() != at) {
      series.at.push_back(at);
      series.value.push_back(0);
    }
    series.value.back() = static_cast<int>(present.size());
  }
  return series;
}

}  // namespace

Result<ImportedPools> import_add_remove_log(const ImportedFile& file, const ImportOptions& options) {
  TracePool pool;
  Problems problems = name_pool(file, options, pool);
  Result<CapacitySeries> series = count_nodes(file, options.start.value_or(Time{}));
  append(problems, series.problems);
  if (!problems.empty()) return problems;
  series.value->end = options.end.value_or(series.value->at.back() + seconds{1});
  if (series.value->end <= series.value->at.back()) {
    return Problem{file.name, "",
                   fmt::format("found the end {}, expected one after the last entry, {}",
                               format_time(series.value->end), format_time(series.value->at.back()))};
  }
  drop_repeats(*series.value);
  pool.start = series.value->begin();
  pool.end = series.value->end;
  pool.capacity = TraceCapacity{false, std::move(*series.value)};
  return ImportedPools{{std::move(pool)}, options.start.has_value()};
}

}  // namespace spotmix::scenarios
