#include "base/csv/csv_writer.h"

#include <cmath>

#include <fmt/format.h>

namespace spotmix {
namespace {

bool runs_as_formula(std::string_view value) {
  return !value.empty() && std::string_view("=+-@\t\r").find(value.front()) != std::string_view::npos;
}

std::string quoted_field(std::string_view value) {
  std::string field = "\"";
  for (const char c : value) {
    if (c == '"') field += '"';
    field += c;
  }
  return field + '"';
}

}  // namespace

CsvWriter& CsvWriter::text(std::string_view value) {
  std::string field(runs_as_formula(value) ? "'" : "");
  field += value;
  return exact(field.find_first_of(",\"\r\n") == std::string::npos ? field : quoted_field(field));
}

CsvWriter& CsvWriter::exact(std::string_view decimal) {
  if (row_begun_) row_ += ',';
  row_begun_ = true;
  row_ += decimal;
  return *this;
}

CsvWriter& CsvWriter::number(double value) {
  return std::isfinite(value) ? exact(fmt::format("{}", value)) : unknown();
}

CsvWriter& CsvWriter::number(float value) {
  return std::isfinite(value) ? exact(fmt::format("{}", value)) : unknown();
}

CsvWriter& CsvWriter::number(std::optional<double> value) {
  return value ? number(*value) : unknown();
}

void CsvWriter::end_row() {
  row_ += "\r\n";
  out_->write(row_.data(), static_cast<std::streamsize>(row_.size()));
  row_.clear();
  row_begun_ = false;
}

}  // namespace spotmix
