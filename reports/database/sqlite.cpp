#include "reports/database/sqlite.h"

#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "reports/database/results_db.h"

namespace spotmix::reports {
namespace {

/// How long one writer waits for another.
constexpr int kPatience_ms = 30'000;

}  // namespace

Database::Database(const std::filesystem::path& file, Access access) : name_(file.string()) {
  sqlite3* connection = nullptr;
  // Reading, too, undoes what a program that died half-way through a transaction left behind. SQLite opens a
  // file that may not be written for reading only.
  const int flags = SQLITE_OPEN_READWRITE | (access == Access::write ? SQLITE_OPEN_CREATE : 0);
  const int result = sqlite3_open_v2(file.c_str(), &connection, flags, nullptr);
  connection_.reset(connection);
  if (result != SQLITE_OK) fail();
  sqlite3_busy_timeout(get(), kPatience_ms);
}

// NOLINTNEXTLINE(readability-make-member-function-const): it may change the database
void Database::execute(const std::string& sql) {
  if (sqlite3_exec(get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

std::int64_t Database::integer(const std::string& sql) const {
  std::int64_t answer = 0;
  const auto keep = [](void* to, int, char** values, char**) {
    *static_cast<std::int64_t*>(to) = std::strtoll(values[0], nullptr, 10);
    return 0;
  };
  if (sqlite3_exec(get(), sql.c_str(), keep, &answer, nullptr) != SQLITE_OK) fail();
  return answer;
}

std::optional<std::string> Database::text(const std::string& sql) const {
  std::optional<std::string> answer;
  const auto keep = [](void* to, int, char** values, char**) {
    *static_cast<std::optional<std::string>*>(to) = values[0] == nullptr ? "" : values[0];
    return 0;
  };
  if (sqlite3_exec(get(), sql.c_str(), keep, &answer, nullptr) != SQLITE_OK) fail();
  return answer;
}

void Database::fail() const {
  if (!connection_) fail("out of memory");
  const int kind = sqlite3_errcode(get()) & 0xff;
  const int reason = kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN ? sqlite3_system_errno(get()) : 0;
  const std::string what = sqlite3_errmsg(get());
  fail(reason == 0 ? what : fmt::format("{}: {}", what, std::strerror(reason)));
}

void Database::fail(const std::string& what) const {
  throw DatabaseError(fmt::format("{}: {}", name_, what));
}

Insert::Insert(Database& database, std::string_view table, int columns) : database_(database) {
  std::string sql = fmt::format("INSERT INTO {} VALUES (?", table);
  for (int i = 1; i < columns; ++i) sql += ", ?";
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v2(database.get(), (sql + ")").c_str(), -1, &statement, nullptr);
  statement_.reset(statement);
  check(result);
}

Insert& Insert::text(std::string_view value) {
  return check(sqlite3_bind_text64(statement_.get(), ++column_, value.data(), value.size(), SQLITE_TRANSIENT,
                                   SQLITE_UTF8));
}

Insert& Insert::integer(std::int64_t value) {
  return check(sqlite3_bind_int64(statement_.get(), ++column_, value));
}

Insert& Insert::real(double value) {
  return check(sqlite3_bind_double(statement_.get(), ++column_, value));
}

Insert& Insert::null() {
  return check(sqlite3_bind_null(statement_.get(), ++column_));
}

void Insert::row() {
  if (sqlite3_step(statement_.get()) != SQLITE_DONE) database_.fail();
  check(sqlite3_reset(statement_.get()));
  column_ = 0;
}

Insert& Insert::check(int result) {
  if (result != SQLITE_OK) database_.fail();
  return *this;
}

}  // namespace spotmix::reports
