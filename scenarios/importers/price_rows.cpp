#include "scenarios/importers/price_rows.h"

#include <algorithm>
#include <charconv>
#include <regex>

#include <fmt/format.h>

#include "base/csv/csv_reader.h"
#include "base/text/nearest.h"
#include "base/text/text_values.h"

namespace spotmix::scenarios {
namespace {

/// One place of a table's row; nullopt: nothing that a price history needs.
using Columns = std::vector<std::optional<PriceColumn>>;

constexpr std::string_view kRowMark = "SPOTPRICEHISTORY";  // of `aws … --output text`

struct Spelling {
  std::string_view name;
  PriceColumn column;
};
/// Lower case, letters and digits alone.
constexpr Spelling kSpellings[] = {
    {"availabilityzone", PriceColumn::zone},
    {"availabilityzoneid", PriceColumn::zone},
    {"zone", PriceColumn::zone},
    {"zoneid", PriceColumn::zone},
    {"az", PriceColumn::zone},
    {"azid", PriceColumn::zone},
    {"instancetype", PriceColumn::instance},
    {"instance", PriceColumn::instance},
    {"type", PriceColumn::instance},
    {"productdescription", PriceColumn::product},
    {"product", PriceColumn::product},
    {"os", PriceColumn::product},
    {"spotprice", PriceColumn::price},
    {"price", PriceColumn::price},
    {"priceusdperhour", PriceColumn::price},
    {"timestamp", PriceColumn::time},
    {"timestamputc", PriceColumn::time},
    {"time", PriceColumn::time},
    {"date", PriceColumn::time},
    {"datetime", PriceColumn::time},
};

std::string letters_of(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') letters += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) letters += c;
  }
  return letters;
}

bool has(const Columns& columns, PriceColumn column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

bool has_price_and_time(const Columns& columns) {
  return has(columns, PriceColumn::price) && has(columns, PriceColumn::time);
}

/// One column of each kind: what comes twice is not told apart, and neither is taken.
void drop_doubles(Columns& columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i] || std::count(columns.begin(), columns.end(), columns[i]) == 1) continue;
    std::replace(columns.begin(), columns.end(), std::optional(*columns[i]), std::optional<PriceColumn>());
  }
}

template <class Which>
Columns columns_by(const std::vector<std::string>& fields, Which&& which) {
  Columns columns;
  for (const std::string& field : fields) columns.push_back(which(field));
  return columns;
}

char separator_of(std::string_view text) {
  const std::string_view first = text.substr(0, text.find('\n'));
  return first.find('\t') != std::string_view::npos ? '\t' : ',';
}

struct Shape {
  Columns columns;
  bool header = false;
};

/// What the columns of a table are: as --columns says, as its header says, or as its first row looks.
Shape shape_of(const std::vector<std::string>& first, const ImportOptions& options) {
  Shape shape{columns_by(first, column_named), true};
  if (has_price_and_time(shape.columns)) return shape;
  shape = {columns_by(first, column_of), false};
  if (options.columns) {
    Columns given;
    for (const std::string& name : *options.columns) given.push_back(column_named(name));
    return {std::move(given), false};
  }
  drop_doubles(shape.columns);
  return shape;
}

}  // namespace

std::optional<PriceColumn> column_of(std::string_view field) {
  static const std::regex kZone(
      "[a-z]{2,}(-[a-z]+)+-[0-9]+[a-z]|[a-z]+[0-9]+-az[0-9]+|[a-z]{2,}(-[a-z0-9]+)+-[0-9]+[a-z]");
  static const std::regex kInstance("[a-z][a-z0-9-]*\\.[a-z0-9-]*[a-z][a-z0-9-]*");
  const std::string text(field);
  if (text.empty() || text == kRowMark) return std::nullopt;
  const auto price = parse_price(text);
  constexpr std::int64_t kDearestHour = 10'000'000'000'000;  // beyond $10,000 an hour a number is a moment
  if (price && price->nano_usd_per_h < kDearestHour)
    return text.find('.') != std::string::npos ? std::optional(PriceColumn::price) : std::nullopt;
  if (parse_price_time(text)) return PriceColumn::time;
  if (std::regex_match(text, kZone)) return PriceColumn::zone;
  if (std::regex_match(text, kInstance)) return PriceColumn::instance;
  return PriceColumn::product;
}

std::optional<PriceColumn> column_named(std::string_view header) {
  const std::string letters = letters_of(header);
  for (const Spelling& spelling : kSpellings)
    if (spelling.name == letters) return spelling.column;
  return std::nullopt;
}

std::optional<Time> parse_price_time(std::string_view text) {
  if (const auto time = parse_time(text)) return time;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  constexpr double kMilliseconds = 1e11, kLatest_s = 7.26e9;  // 2200-01-01
  if (error != std::errc{} || end != text.data() + text.size() || !(number > 0)) return std::nullopt;
  const double seconds_since_1970 = number >= kMilliseconds ? number / 1e3 : number;
  if (seconds_since_1970 >= kLatest_s) return std::nullopt;
  return Time{from_seconds(seconds_since_1970)};
}

bool is_price_table(const std::string& text, const ImportOptions& options) {
  constexpr std::size_t kHead = 4096;
  const std::string_view head = std::string_view(text).substr(0, kHead);
  CsvReader rows(head, separator_of(head));
  if (!rows.next() || rows.fields().size() < 2) return false;
  return has_price_and_time(shape_of(rows.fields(), options).columns);
}

Result<std::vector<PriceRow>> read_price_table(const ImportedFile& file, const ImportOptions& options) {
  std::vector<PriceRow> rows;
  Problems problems;
  Shape shape;
  CsvReader table(file.text, separator_of(file.text));
  constexpr std::size_t kMostProblems = 20;
  while (problems.size() < kMostProblems && table.next()) {
    std::vector<std::string> fields = table.fields();
    if (fields.size() == 1 && fields.front().empty()) continue;
    if (shape.columns.empty()) {
      shape = shape_of(fields, options);
      if (shape.header) continue;
    }
    if (fields.size() != shape.columns.size()) {
      problems.push_back({file.name, fmt::format("line {}", table.line()),
                          fmt::format("found {} columns, expected {} as in the first line", fields.size(),
                                      shape.columns.size())});
      continue;
    }
    PriceRow row;
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (shape.columns[i]) row[*shape.columns[i]] = std::move(fields[i]);
    row.where = fmt::format("line {}", table.line());
    rows.push_back(std::move(row));
  }
  if (!problems.empty()) return problems;
  return rows;
}

}  // namespace spotmix::scenarios
