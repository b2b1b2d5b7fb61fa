// A published table in memory: CSV with a header line, as data/validation holds them.
//
// Fields may be quoted with doubled inner quotes; an empty field is "unknown", never 0. A number that cannot
// be read is an error that names file, line and column, because a silently dropped row would flatter a model.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/csv/csv_table.h"

namespace spotmix::accuracy {

class Table {
 public:
  /// Reads `text`; `file` is what error messages call it. Throws std::runtime_error when a line has another
  /// number of fields than the header.
  Table(std::string_view text, std::string file);
  static Table read(const std::filesystem::path& path);

  std::size_t rows() const { return table_.size(); }
  bool has_column(std::string_view column) const { return table_.has(column); }
  /// The field as written; throws std::runtime_error for a column that the table lacks.
  const std::string& text(std::size_t row, std::string_view column) const;
  /// nullopt for an empty field; throws std::runtime_error for one that is no number.
  std::optional<double> number(std::size_t row, std::string_view column) const;

 private:
  std::string file_;
  CsvTable table_;
};

/// The published tables of one folder, each read when first asked for.
class DataDirectory {
 public:
  explicit DataDirectory(std::filesystem::path path) : path_(std::move(path)) {}
  const std::filesystem::path& path() const { return path_; }
  /// The table `name` (file name without ".csv"); nullptr when the folder has none.
  const Table* find(const std::string& name) const;

 private:
  std::filesystem::path path_;
  mutable std::map<std::string, std::optional<Table>> tables_;
};

}  // namespace spotmix::accuracy
