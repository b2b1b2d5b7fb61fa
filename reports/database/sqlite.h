// A thin hold on SQLite: a connection and a statement that close themselves and throw on errors.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <sqlite3.h>

namespace spotmix::reports {

class Database {
 public:
  enum class Access { read, write };

  /// Opens the file; to write, it is made where it is not there. Throws DatabaseError (results_db.h), as
  /// every other function here.
  explicit Database(const std::filesystem::path& file, Access access = Access::write);

  /// One or more statements without results.
  void execute(const std::string& sql);
  /// The single integer that a query answers.
  std::int64_t integer(const std::string& sql) const;
  /// The text in the first column of a query's first row; nullopt if there is no row.
  std::optional<std::string> text(const std::string& sql) const;

  [[noreturn]] void fail() const;
  [[noreturn]] void fail(const std::string& what) const;
  sqlite3* get() const { return connection_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close(connection); }
  };
  std::string name_;
  std::unique_ptr<sqlite3, Close> connection_;
};

/// One INSERT, run for each row.
class Insert {
 public:
  Insert(Database& database, std::string_view table, int columns);

  Insert& text(std::string_view value);
  Insert& integer(std::int64_t value);
  Insert& real(double value);
  Insert& real(std::optional<double> value) { return value ? real(*value) : null(); }
  Insert& null();
  /// Inserts the row; all columns must have been given, in order.
  void row();

 private:
  Insert& check(int result);

  struct Finish {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  Database& database_;
  std::unique_ptr<sqlite3_stmt, Finish> statement_;
  int column_ = 0;
};

}  // namespace spotmix::reports
