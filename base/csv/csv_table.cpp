#include "base/csv/csv_table.h"

#include <algorithm>
#include <charconv>

#include "base/csv/csv_reader.h"

namespace spotmix {

CsvTable::CsvTable(std::string_view text) {
  CsvReader reader(text);
  if (reader.next()) header_ = reader.fields();
  while (reader.next()) {
    if (reader.text().find_first_not_of(" \t") == std::string_view::npos) continue;
    rows_.push_back({reader.line(), reader.fields()});
  }
  if (reader.unclosed()) unclosed_line_ = reader.line();
}

const std::string& CsvTable::at(std::size_t row, std::string_view column) const {
  static const std::string kNothing;
  const auto found = index(column);
  return found && *found < width(row) ? rows_[row].fields[*found] : kNothing;
}

std::optional<double> CsvTable::number(std::size_t row, std::string_view column) const {
  const std::string& text = at(row, column);
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::size_t> CsvTable::index(std::string_view column) const {
  const auto found = std::find(header_.begin(), header_.end(), column);
  if (found == header_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header_.begin());
}

}  // namespace spotmix
