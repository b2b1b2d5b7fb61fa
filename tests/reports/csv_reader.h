// Reads a CSV file back (RFC 4180), for tests of what was written.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace spotmix::tests {

/// A row by the names of its columns.
using CsvRow = std::map<std::string, std::string>;

/// The records of a text, each as its fields; throws on a quote that is not closed or a line end that is not
/// CRLF.
inline std::vector<std::vector<std::string>> csv_records(std::string_view text) {
  std::vector<std::vector<std::string>> records;
  std::vector<std::string> record(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      const bool doubled = c == '"' && i + 1 < text.size() && text[i + 1] == '"';
      if (doubled) ++i;
      if (c == '"' && !doubled) {
        quoted = false;
      } else {
        record.back() += c;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      record.emplace_back();
    } else if (c == '\r') {
      if (i + 1 == text.size() || text[++i] != '\n') throw std::runtime_error("a lone carriage return");
      records.push_back(record);
      record.assign(1, "");
    } else if (c == '\n') {
      throw std::runtime_error("a lone line feed");
    } else {
      record.back() += c;
    }
  }
  if (quoted || record != std::vector<std::string>(1))
    throw std::runtime_error("the text ends within a record");
  return records;
}

/// The rows below a heading; throws where one has more or fewer fields.
inline std::vector<CsvRow> read_csv(std::string_view text) {
  const auto records = csv_records(text);
  std::vector<CsvRow> rows;
  for (std::size_t i = 1; i < records.size(); ++i) {
    if (records[i].size() != records[0].size()) throw std::runtime_error("a row of another length");
    CsvRow& row = rows.emplace_back();
    for (std::size_t k = 0; k < records[0].size(); ++k) row[records[0][k]] = records[i][k];
  }
  return rows;
}

}  // namespace spotmix::tests
