// Pages of `aws ec2 describe-spot-price-history` (docs/rules.md 18).
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

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

struct Row {
  Time at{0};
  HourlyPrice price;
  std::string where;  ///< file and place, for messages
};

using PoolName = std::tuple<std::string, std::string, std::string>;  ///< instance, zone, product

class PageReader {
 public:
  explicit PageReader(const ImportOptions& options) : options_(options) {}

  void read(const ImportedFile& page) {
    simdjson::dom::parser parser;
    element document;
    if (parser.parse(page.text).get(document) != simdjson::SUCCESS) {
      Problems syntax = json_problems(page.name, page.text);
      if (syntax.empty())
        syntax.push_back({page.name, "", "found text that is not valid JSON, expected a page of prices"});
      append(problems, std::move(syntax));
      return;
    }
    array rows;
    const bool bare = document.get_array().get(rows) == simdjson::SUCCESS;
    const std::string list = bare ? "" : "SpotPriceHistory";
    if (!bare && document["SpotPriceHistory"].get_array().get(rows) != simdjson::SUCCESS) {
      problems.push_back({page.name, list, "found no list, expected the rows of a price history"});
      return;
    }
    std::size_t index = 0;
    for (const element& row : rows) read_row(page.name, item_path(list, index++), row);
  }

  Problems problems;
  std::map<PoolName, std::vector<Row>> rows;
  std::set<std::string> products;
  Time newest{0};

 private:
  std::optional<std::string> text(const element& row, const std::string& file, const std::string& where,
                                  const char* key) {
    std::string_view value;
    if (row[key].get_string().get(value) == simdjson::SUCCESS) return std::string(value);
    problems.push_back({file, where, fmt::format("found no text under \"{}\", expected one", key)});
    return std::nullopt;
  }

  void read_row(const std::string& file, const std::string& where, const element& row) {
    const auto instance = text(row, file, where, "InstanceType");
    const auto zone = text(row, file, where, "AvailabilityZone");
    const auto product = text(row, file, where, "ProductDescription");
    const auto price_text = text(row, file, where, "SpotPrice");
    const auto time_text = text(row, file, where, "Timestamp");
    if (!instance || !zone || !product || !price_text || !time_text) return;
    const auto price = parse_price(*price_text);
    const auto time = parse_time(*time_text);
    if (!price || price->nano_usd_per_h == 0) {
      problems.push_back(
          {file, key_path(where, "SpotPrice"),
           fmt::format("found {}, expected a price such as \"0.0437\"", in_quotes(*price_text))});
    }
    if (!time) {
      problems.push_back(
          {file, key_path(where, "Timestamp"),
           fmt::format("found {}, expected a time from 1970 to 2199 such as \"2021-02-09T01:40:10+00:00\"",
                       in_quotes(*time_text))});
    }
    if (!price || !time) return;
    const bool wanted = (!options_.product || *product == *options_.product) &&
                        (!options_.instance || *instance == *options_.instance) &&
                        (!options_.zone || *zone == *options_.zone);
    all_products_.insert(*product);
    if (!wanted) return;
    products.insert(*product);
    newest = std::max(newest, *time);
    rows[{*instance, *zone, *product}].push_back({*time, *price, where});
  }

  const ImportOptions& options_;

 public:
  std::set<std::string> all_products_;
};

Result<TracePool> make_pool(const std::string& file, const PoolName& name, std::vector<Row> rows, Time end) {
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.at < b.at; });
  PriceSeries series;
  for (const Row& row : rows) {
    if (!series.empty() && series.at.back() == row.at) {
      if (series.value.back() == row.price) continue;
      return Problem{file, row.where,
                     fmt::format("found two prices of {} in {} at {}, expected one", std::get<0>(name),
                                 std::get<1>(name), format_time(row.at))};
    }
    series.at.push_back(row.at);
    series.value.push_back(row.price);
  }
  series.end = end;
  if (end <= series.at.back()) {
    return Problem{file, "",
                   fmt::format("found the end {}, expected one after the last price, {}", format_time(end),
                               format_time(series.at.back()))};
  }
  drop_repeats(series);
  TracePool pool;
  std::tie(pool.instance, pool.zone, pool.product) = name;
  pool.start = series.begin();
  pool.end = end;
  pool.prices = std::move(series);
  return pool;
}

}  // namespace

bool is_aws_price_history(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || (text[first] != '{' && text[first] != '[')) return false;
  const std::string_view head = std::string_view(text).substr(0, 2000);
  return head.find("\"SpotPriceHistory\"") != std::string_view::npos ||
         head.find("\"SpotPrice\"") != std::string_view::npos;
}

Result<ImportedPools> import_aws_price_history(std::span<const ImportedFile> pages,
                                               const ImportOptions& options) {
  PageReader reader(options);
  for (const ImportedFile& page : pages) reader.read(page);
  const std::string& file = pages.front().name;
  const auto names = [](const std::set<std::string>& set) {
    return std::vector<std::string>(set.begin(), set.end());
  };
  if (reader.products.size() > 1) {
    reader.problems.push_back({file, "",
                               fmt::format("found {} products mixed, expected one: give --product with {}",
                                           reader.products.size(), one_of(names(reader.products)))});
  }
  if (reader.rows.empty() && reader.problems.empty()) {
    const bool of_a_product = options.product && !reader.all_products_.contains(*options.product);
    const std::string hint =
        of_a_product && !reader.all_products_.empty()
            ? fmt::format(": the products are {}{}", list_of(names(reader.all_products_)),
                          did_you_mean(*options.product, names(reader.all_products_)))
            : "";
    reader.problems.push_back(
        {file, "", fmt::format("found no prices of what was asked for, expected at least one{}", hint)});
  }
  if (!reader.problems.empty()) return reader.problems;

  ImportedPools imported;
  const Time end = options.end.value_or(reader.newest + seconds{1});
  Problems problems;
  for (auto& [name, rows] : reader.rows) {
    Result<TracePool> pool = make_pool(file, name, std::move(rows), end);
    append(problems, pool.problems);
    if (pool) imported.pools.push_back(std::move(*pool.value));
  }
  if (!problems.empty()) return problems;
  return imported;
}

}  // namespace spotmix::scenarios
