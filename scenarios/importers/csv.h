// Comma-separated text (RFC 4180: quotes around a field, doubled inside it).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spotmix::scenarios {

std::vector<std::string> split_csv_line(std::string_view line);

/// The lines of a text without their ends ("\n" or "\r\n"); an empty last line is left out.
std::vector<std::string_view> split_lines(std::string_view text);

/// A table with a header line. Fields are found by column name.
class CsvTable {
 public:
  explicit CsvTable(std::string_view text);

  std::size_t size() const { return rows_.size(); }
  bool has(std::string_view column) const { return index(column).has_value(); }
  /// The field, empty where the column is not there or the row is short.
  const std::string& at(std::size_t row, std::string_view column) const;
  /// The field as a number; nothing where it is not one.
  std::optional<double> number(std::size_t row, std::string_view column) const;

 private:
  std::optional<std::size_t> index(std::string_view column) const;

  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace spotmix::scenarios
