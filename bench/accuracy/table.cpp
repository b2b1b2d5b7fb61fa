#include "bench/accuracy/table.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

namespace spotmix::accuracy {

Table::Table(std::string_view text, std::string file) : file_(std::move(file)), table_(text) {
  if (const auto line = table_.unclosed_line())
    throw std::runtime_error(fmt::format("{}:{}: found a quote that is not closed", file_, *line));
  for (std::size_t row = 0; row < rows(); ++row) {
    if (table_.width(row) == table_.columns()) continue;
    throw std::runtime_error(fmt::format("{}:{}: found {} fields, expected {} as in the header", file_,
                                         table_.line(row), table_.width(row), table_.columns()));
  }
}

Table Table::read(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error(fmt::format("{}: cannot be read", path.string()));
  std::ostringstream content;
  content << stream.rdbuf();
  return Table(content.str(), path.filename().string());
}

const std::string& Table::text(std::size_t row, std::string_view column) const {
  if (!has_column(column))
    throw std::runtime_error(fmt::format("{}: there is no column '{}'", file_, column));
  return table_.at(row, column);
}

std::optional<double> Table::number(std::size_t row, std::string_view column) const {
  const std::string& field = text(row, column);
  const auto value = table_.number(row, column);
  if (!field.empty() && !value) {
    throw std::runtime_error(fmt::format("{}:{}: column '{}': found '{}', expected a number", file_,
                                         table_.line(row), column, field));
  }
  return value;
}

const Table* DataDirectory::find(const std::string& name) const {
  const auto known = tables_.find(name);
  if (known != tables_.end()) return known->second ? &*known->second : nullptr;
  const std::filesystem::path file = path_ / (name + ".csv");
  std::optional<Table> table;
  if (std::filesystem::exists(file)) table = Table::read(file);
  const auto& slot = tables_.emplace(name, std::move(table)).first->second;
  return slot ? &*slot : nullptr;
}

}  // namespace spotmix::accuracy
