#include "bench/accuracy/table.h"

#include <charconv>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <boost/tokenizer.hpp>
#include <fmt/format.h>

namespace spotmix::accuracy {
namespace {

/// Boost's reader takes backslash escapes; CSV doubles its quotes. Rewriting "" as \" and \ as \\ inside the
/// line makes the two agree.
std::string to_escaped(std::string_view line) {
  std::string result;
  result.reserve(line.size());
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      result += "\\\\";
    } else if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      result += "\\\"";
      ++i;
    } else {
      if (line[i] == '"') quoted = !quoted;
      result += line[i];
    }
  }
  return result;
}

std::vector<std::string> split(std::string_view line) {
  const std::string escaped = to_escaped(line);
  const boost::tokenizer<boost::escaped_list_separator<char>> tokens(escaped);
  return {tokens.begin(), tokens.end()};
}

/// The next record and the number of physical lines it spans: a quoted field may hold line ends.
std::size_t take_record(std::string_view& rest, std::string& record) {
  bool quoted = false;
  std::size_t lines = 1;
  std::size_t end = 0;
  for (; end < rest.size(); ++end) {
    if (rest[end] == '"') quoted = !quoted;
    if (rest[end] == '\n') {
      if (!quoted) break;
      ++lines;
    }
  }
  record.assign(rest.substr(0, end));
  if (!record.empty() && record.back() == '\r') record.pop_back();
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return lines;
}

bool is_blank(std::string_view record) {
  return record.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace

Table Table::parse(std::string_view text, std::string file) {
  Table table;
  table.file_ = std::move(file);
  std::string record;
  std::size_t line = 1;
  line += take_record(text, record);
  const std::vector<std::string> header = split(record);
  for (std::size_t i = 0; i < header.size(); ++i) table.columns_.emplace(header[i], i);
  while (!text.empty()) {
    const std::size_t first_line = line;
    line += take_record(text, record);
    if (is_blank(record)) continue;
    std::vector<std::string> fields = split(record);
    if (fields.size() != header.size()) {
      throw std::runtime_error(fmt::format("{}:{}: found {} fields, expected {} as in the header",
                                           table.file_, first_line, fields.size(), header.size()));
    }
    table.fields_.push_back(std::move(fields));
    table.lines_.push_back(first_line);
  }
  return table;
}

Table Table::read(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error(fmt::format("{}: cannot be read", path.string()));
  std::ostringstream content;
  content << stream.rdbuf();
  return parse(content.str(), path.filename().string());
}

bool Table::has_column(std::string_view column) const {
  return columns_.find(column) != columns_.end();
}

const std::string& Table::text(std::size_t row, std::string_view column) const {
  const auto found = columns_.find(column);
  if (found == columns_.end())
    throw std::runtime_error(fmt::format("{}: there is no column '{}'", file_, column));
  return fields_.at(row)[found->second];
}

std::optional<double> Table::number(std::size_t row, std::string_view column) const {
  const std::string& field = text(row, column);
  if (field.empty()) return std::nullopt;
  double value = 0.0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc{} || end != field.data() + field.size()) {
    throw std::runtime_error(
        fmt::format("{}:{}: column '{}': found '{}', expected a number", file_, lines_[row], column, field));
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
