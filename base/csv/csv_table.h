// A table of comma-separated values whose first record names the columns.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spotmix {

class CsvTable {
 public:
  /// Leaves out blank lines.
  explicit CsvTable(std::string_view text);

  std::size_t size() const { return rows_.size(); }  ///< Rows below the header.
  std::size_t columns() const { return header_.size(); }
  bool has(std::string_view column) const { return index(column).has_value(); }

  std::size_t line(std::size_t row) const { return rows_[row].line; }  ///< In the text, counted from 1.
  std::size_t width(std::size_t row) const { return rows_[row].fields.size(); }
  /// The field, empty if there is no such column or the row is too short.
  const std::string& at(std::size_t row, std::string_view column) const;
  /// The field as a number; nullopt if it is not one.
  std::optional<double> number(std::size_t row, std::string_view column) const;

  /// The line of the record whose quotes are not closed before the text ends; nullopt if all are.
  std::optional<std::size_t> unclosed_line() const { return unclosed_line_; }

 private:
  struct Row {
    std::size_t line = 0;
    std::vector<std::string> fields;
  };

  std::optional<std::size_t> index(std::string_view column) const;

  std::vector<std::string> header_;
  std::vector<Row> rows_;
  std::optional<std::size_t> unclosed_line_;
};

}  // namespace spotmix
