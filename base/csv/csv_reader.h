// Reads comma-separated values (RFC 4180), or tab-separated ones, one record at a time.
//
// Quotes take precedence over line ends: a quoted field may hold commas, line ends and doubled quotes. A
// record ends with CRLF or LF. A quote within an unquoted field stands for itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spotmix {

class CsvReader {
 public:
  /// The text must outlive the reader.
  explicit CsvReader(std::string_view text, char separator = ',') : rest_(text), separator_(separator) {}

  /// Reads the next record; false at the end of the text.
  bool next();

  // The record that next() read; valid until it reads another.
  const std::vector<std::string>& fields() const { return fields_; }
  std::string_view text() const { return text_; }  ///< As written, without its line end.
  std::size_t line() const { return line_; }       ///< Of its first character, counted from 1.
  bool unclosed() const { return quoted_; }        ///< Whether the text ended within a quoted field.

 private:
  void read_fields();

  std::string_view rest_;
  char separator_;
  std::vector<std::string> fields_;
  std::string_view text_;
  std::size_t line_ = 0;
  std::size_t lines_ended_ = 0;
  bool quoted_ = false;
};

}  // namespace spotmix
