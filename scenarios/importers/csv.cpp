#include "scenarios/importers/csv.h"

#include <algorithm>
#include <charconv>

namespace spotmix::scenarios {

std::vector<std::string> split_csv_line(std::string_view line) {
  std::vector<std::string> fields(1);
  bool in_quotes = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool doubled = in_quotes && c == '"' && i + 1 < line.size() && line[i + 1] == '"';
    if (doubled) {
      fields.back() += '"';
      ++i;
    } else if (c == '"') {
      in_quotes = !in_quotes;
    } else if (c == ',' && !in_quotes) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

CsvTable::CsvTable(std::string_view text) {
  const std::vector<std::string_view> lines = split_lines(text);
  if (lines.empty()) return;
  columns_ = split_csv_line(lines.front());
  for (std::size_t i = 1; i < lines.size(); ++i) rows_.push_back(split_csv_line(lines[i]));
}

const std::string& CsvTable::at(std::size_t row, std::string_view column) const {
  static const std::string kNothing;
  const auto found = index(column);
  return found && *found < rows_[row].size() ? rows_[row][*found] : kNothing;
}

std::optional<double> CsvTable::number(std::size_t row, std::string_view column) const {
  const std::string& text = at(row, column);
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::size_t> CsvTable::index(std::string_view column) const {
  const auto found = std::find(columns_.begin(), columns_.end(), column);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

}  // namespace spotmix::scenarios
