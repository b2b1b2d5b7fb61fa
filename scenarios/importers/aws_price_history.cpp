// Spot price histories (docs/rules.md 18): pages of `aws ec2 describe-spot-price-history`, one or many in a
// file, JSON Lines, lists that --query made, and tables.
#include <algorithm>
#include <cmath>
#include <map>
#include <regex>
#include <set>
#include <tuple>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/csv/csv_reader.h"
#include "base/json/json_text.h"
#include "base/text/nearest.h"
#include "base/text/text_values.h"
#include "scenarios/importers/formats.h"
#include "scenarios/importers/price_rows.h"

namespace spotmix::scenarios {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;

bool is_json(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && (text[first] == '{' || text[first] == '[');
}

struct Row {
  Time at{};
  HourlyPrice price;
  std::string where;  ///< file and place, for messages
};

using PoolName = std::tuple<std::string, std::string, std::string>;  ///< instance, zone, product

/// A number as the text that it was written as, as far as a price or a time needs it.
std::string number_text(double number) {
  return number == std::floor(number) ? fmt::format("{:.0f}", number) : fmt::format("{}", number);
}

/// A text or a number as text; empty for anything else.
std::string text_of(const element& value) {
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS) return std::string(text);
  double number = 0;
  return value.get_double().get(number) == simdjson::SUCCESS ? number_text(number) : std::string();
}

class PageReader {
 public:
  explicit PageReader(const ImportOptions& options) : options_(options) {}

  void read(const ImportedFile& page) {
    if (!is_json(page.text)) return read_table(page);
    simdjson::dom::parser parser;
    element document;
    if (parser.parse(page.text).get(document) == simdjson::SUCCESS)
      return read_document(page.name, "", document);
    if (read_documents(page)) return;
    Problems syntax = json_problems(page.name, page.text);
    if (syntax.empty())
      syntax.push_back({page.name, "", "found text that is not valid JSON, expected a page of prices"});
    append(problems, std::move(syntax));
  }

  Problems problems;
  std::map<PoolName, std::vector<Row>> rows;
  std::set<std::string> products;      ///< Of the rows that were asked for.
  std::set<std::string> all_products;  ///< Of all rows.
  Time newest{};

 private:
  /// JSON Lines, or one page after the other; false if any of it is not JSON.
  bool read_documents(const ImportedFile& page) {
    simdjson::dom::parser parser;
    simdjson::dom::document_stream documents;
    if (parser.parse_many(page.text, std::max<std::size_t>(page.text.size(), 1 << 20)).get(documents) !=
        simdjson::SUCCESS)
      return false;
    PageReader part(options_);
    std::size_t number = 0;
    for (auto document : documents) {
      element value;
      if (std::move(document).get(value) != simdjson::SUCCESS) return false;
      part.read_document(page.name, fmt::format("document {}", ++number), value);
    }
    if (number == 0 || documents.truncated_bytes() > 0) return false;
    take(std::move(part));
    return true;
  }

  void take(PageReader part) {
    append(problems, std::move(part.problems));
    for (auto& [name, some] : part.rows) {
      std::vector<Row>& mine = rows[name];
      mine.insert(mine.end(), some.begin(), some.end());
    }
    products.merge(part.products);
    all_products.merge(part.all_products);
    newest = std::max(newest, part.newest);
  }

  void read_table(const ImportedFile& page) {
    Result<std::vector<PriceRow>> table = read_price_table(page, options_);
    append(problems, std::move(table.problems));
    if (!table) return;
    for (const PriceRow& row : *table.value) add(page.name, row, row.where, row.where);
  }

  /// A page, a list of pages or of rows, or a row.
  void read_document(const std::string& file, const std::string& where, const element& value) {
    array list;
    if (value.get_array().get(list) == simdjson::SUCCESS) return read_list(file, where, list);
    element pages;
    if (value["SpotPriceHistory"].get(pages) == simdjson::SUCCESS) {
      const std::string path = key_path(where, "SpotPriceHistory");
      if (pages.get_array().get(list) == simdjson::SUCCESS) return read_list(file, path, list);
      problems.push_back({file, path, "found no list, expected the rows of a price history"});
      return;
    }
    if (!where.empty()) return read_row(file, where, value);
    problems.push_back({file, "SpotPriceHistory", "found no list, expected the rows of a price history"});
  }

  void read_list(const std::string& file, const std::string& where, const array& list) {
    std::size_t index = 0;
    for (const element& item : list) {
      const std::string path = item_path(where, index++);
      array columns;
      if (item.get_array().get(columns) == simdjson::SUCCESS && !holds_rows(columns)) {
        read_columns(file, path, columns);
      } else {
        read_document(file, path, item);
      }
    }
  }

  static bool holds_rows(const array& list) {
    return list.size() > 0 && (list.at(0).is_object() || list.at(0).is_array());
  }

  /// `--query "SpotPriceHistory[].[AvailabilityZone,SpotPrice,Timestamp]"`: columns by what they look like.
  void read_columns(const std::string& file, const std::string& where, const array& columns) {
    PriceRow row;
    for (const element& column : columns) {
      std::string text = text_of(column);
      if (const auto kind = column_of(text); kind && row[*kind].empty()) row[*kind] = std::move(text);
    }
    add(file, row, where, where);
  }

  void read_row(const std::string& file, const std::string& where, const element& value) {
    const auto field = [&](const char* key) {
      element child;
      return value[key].get(child) == simdjson::SUCCESS ? text_of(child) : std::string();
    };
    PriceRow row;
    row[PriceColumn::zone] = field("AvailabilityZone");
    if (row[PriceColumn::zone].empty()) row[PriceColumn::zone] = field("AvailabilityZoneId");
    row[PriceColumn::instance] = field("InstanceType");
    row[PriceColumn::product] = field("ProductDescription");
    row[PriceColumn::price] = field("SpotPrice");
    row[PriceColumn::time] = field("Timestamp");
    add(file, row, key_path(where, "SpotPrice"), key_path(where, "Timestamp"), where);
  }

  /// The field, or what an option says of the whole input.
  std::optional<std::string> field(const std::string& file, const std::string& where, const PriceRow& row,
                                   PriceColumn column, const char* key,
                                   const std::optional<std::string>& given, const char* option) {
    if (!row[column].empty()) return row[column];
    if (given) return given;
    problems.push_back({file, where,
                        fmt::format("found no text under \"{}\", expected one{}{}", key,
                                    option == nullptr ? "" : ": or give ", option == nullptr ? "" : option)});
    return std::nullopt;
  }

  void add(const std::string& file, const PriceRow& row, const std::string& price_path,
           const std::string& time_path) {
    add(file, row, price_path, time_path, row.where.empty() ? price_path : row.where);
  }

  void add(const std::string& file, const PriceRow& row, const std::string& price_path,
           const std::string& time_path, const std::string& where) {
    const auto instance =
        field(file, where, row, PriceColumn::instance, "InstanceType", options_.instance, "--instance");
    const auto zone = field(file, where, row, PriceColumn::zone, "AvailabilityZone", options_.zone, "--zone");
    const auto product =
        field(file, where, row, PriceColumn::product, "ProductDescription", options_.product, "--product");
    const auto price_text = field(file, where, row, PriceColumn::price, "SpotPrice", std::nullopt, nullptr);
    const auto time_text = field(file, where, row, PriceColumn::time, "Timestamp", std::nullopt, nullptr);
    if (!instance || !zone || !product || !price_text || !time_text) return;
    const auto price = parse_price(*price_text);
    const auto time = parse_price_time(*time_text);
    if (!price || price->nano_usd_per_h == 0) {
      problems.push_back(
          {file, price_path,
           fmt::format("found {}, expected a price such as \"0.0437\"", in_quotes(*price_text))});
    }
    if (!time) {
      problems.push_back(
          {file, time_path,
           fmt::format("found {}, expected a time from 1970 to 2199 such as \"2021-02-09T01:40:10+00:00\"",
                       in_quotes(*time_text))});
    }
    if (!price || !time) return;
    const bool wanted = (!options_.product || *product == *options_.product) &&
                        (!options_.instance || *instance == *options_.instance) &&
                        (!options_.zone || *zone == *options_.zone);
    all_products.insert(*product);
    if (!wanted) return;
    products.insert(*product);
    newest = std::max(newest, *time);
    rows[{*instance, *zone, *product}].push_back({*time, *price, where});
  }

  const ImportOptions& options_;
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

bool is_aws_price_history(const std::string& text, const ImportOptions& options) {
  if (!is_json(text)) return is_price_table(text, options);
  const std::string_view head = std::string_view(text).substr(0, 2000);
  if (head.find("\"SpotPriceHistory\"") != std::string_view::npos ||
      head.find("\"SpotPrice\"") != std::string_view::npos)
    return true;
  // A list of lists of columns: the first shows a price and a time.
  static const std::regex kFirstColumns(R"(^\s*\[\s*\[([^\[\]{}]*)\])");
  std::cmatch match;
  if (!std::regex_search(head.data(), head.data() + head.size(), match, kFirstColumns)) return false;
  CsvReader columns(std::string_view(match[1].first, static_cast<std::size_t>(match[1].length())));
  std::set<PriceColumn> found;
  while (columns.next()) {
    for (std::string field : columns.fields()) {
      std::erase_if(field, [](char c) { return c == '"'; });
      field.erase(0, field.find_first_not_of(' '));
      if (const auto column = column_of(field)) found.insert(*column);
    }
  }
  return found.contains(PriceColumn::price) && found.contains(PriceColumn::time);
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
    const bool of_a_product = options.product && !reader.all_products.contains(*options.product);
    const std::string hint = of_a_product && !reader.all_products.empty()
                                 ? fmt::format(": the products are {}{}", list_of(names(reader.all_products)),
                                               did_you_mean(*options.product, names(reader.all_products)))
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
