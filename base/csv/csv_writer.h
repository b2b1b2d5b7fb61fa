// Writes comma-separated values (RFC 4180): CRLF ends a line; a field with a comma, a quote or a line end is
// quoted.
//
// A text that a spreadsheet would run as a formula (it starts with = + - @, a tab or a carriage return) gets
// an apostrophe in front (OWASP, "CSV Injection"). Numbers are written by the program and stay numbers; an
// unknown one is an empty field.
#pragma once

#include <concepts>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace spotmix {

class CsvWriter {
 public:
  explicit CsvWriter(std::ostream& out) : out_(&out) {}

  /// A text from anyone.
  CsvWriter& text(std::string_view value);
  /// A number already in its exact decimal form.
  CsvWriter& exact(std::string_view decimal);
  /// The shortest decimal that reads back as the same number; empty when not finite.
  CsvWriter& number(double value);
  CsvWriter& number(float value);
  CsvWriter& number(std::optional<double> value);
  template <std::integral Integer>
  CsvWriter& number(Integer value) {
    return exact(std::to_string(value));
  }
  CsvWriter& unknown() { return exact(""); }

  void end_row();

 private:
  std::ostream* out_;
  std::string row_;
  bool row_begun_ = false;
};

}  // namespace spotmix
