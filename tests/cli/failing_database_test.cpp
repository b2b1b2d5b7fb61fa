// What `run --db` leaves behind when the disk fails SQLite, once at every call that changes a file.
#include <cerrno>
#include <cstring>
#include <map>

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include "reports/database/sqlite.h"
#include "tests/cli/in_process.h"
#include "tests/cli/inputs.h"
#include "tests/failing_file_system.h"

using namespace spotmix;
using namespace spotmix::tests;
namespace fs = std::filesystem;

namespace {

/// SQLite's own file system with one call that fails; the default one while it lives. There is one at a time.
class FailingVfs {
 public:
  FailingVfs(Fault fault, int at) : fault_(fault), call_(at), real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
    vfs_.zName = "failing";
    vfs_.xOpen = open;
    vfs_.xDelete = remove;
    current_ = this;
    sqlite3_vfs_register(&vfs_, 1);
  }
  ~FailingVfs() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(real_, 1);
  }
  FailingVfs(const FailingVfs&) = delete;
  FailingVfs& operator=(const FailingVfs&) = delete;

  bool reached() const { return call_.reached(); }

 private:
  /// The methods of an open file: the real ones, and those with faults that SQLite calls.
  struct Methods {
    const sqlite3_io_methods* real;
    sqlite3_io_methods failing;
  };

  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    FailingVfs& self = *current_;
    if ((flags & SQLITE_OPEN_CREATE) != 0 && self.fails(EIO)) {
      file->pMethods = nullptr;
      return SQLITE_CANTOPEN;
    }
    const int result = self.real_->xOpen(self.real_, name, file, flags, out_flags);
    if (file->pMethods == nullptr) return result;
    Methods& methods = self.files_[file];
    methods = {file->pMethods, *file->pMethods};
    methods.failing.xWrite = write;
    methods.failing.xSync = sync;
    methods.failing.xTruncate = truncate;
    file->pMethods = &methods.failing;
    return result;
  }
  static int remove(sqlite3_vfs*, const char* name, int sync_folder) {
    FailingVfs& self = *current_;
    return self.fails(EIO) ? SQLITE_IOERR_DELETE : self.real_->xDelete(self.real_, name, sync_folder);
  }
  static int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    FailingVfs& self = *current_;
    const sqlite3_io_methods& real = *self.files_.at(file).real;
    if (self.fault_ == Fault::error)
      return self.fails(ENOSPC) ? SQLITE_FULL : real.xWrite(file, bytes, count, offset);
    if (!self.call_.due()) return real.xWrite(file, bytes, count, offset);
    real.xWrite(file, bytes, count / 2, offset);
    return SQLITE_FULL;
  }
  static int sync(sqlite3_file* file, int flags) {
    FailingVfs& self = *current_;
    return self.fails(EIO) ? SQLITE_IOERR_FSYNC : self.files_.at(file).real->xSync(file, flags);
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    FailingVfs& self = *current_;
    return self.fails(EIO) ? SQLITE_IOERR_TRUNCATE : self.files_.at(file).real->xTruncate(file, size);
  }

  bool fails(int error) {
    if (fault_ != Fault::error || !call_.due()) return false;
    errno = error;
    return true;
  }

  static inline FailingVfs* current_ = nullptr;
  Fault fault_;
  OneOfMany call_;
  sqlite3_vfs* real_;
  sqlite3_vfs vfs_;
  std::map<sqlite3_file*, Methods> files_;
};

Words run_into(const fs::path& database) {
  return {"run", kSmall, "--quiet", "--db", database.string()};
}

/// The runs of a database that is whole, each with its mixes; 0 if there is none or it has no tables yet.
std::int64_t whole_runs(const fs::path& path) {
  if (!fs::exists(path)) return 0;
  reports::Database database(path, reports::Database::Access::read);
  CHECK(database.text("PRAGMA integrity_check") == "ok");
  if (database.integer("SELECT count(*) FROM sqlite_schema") == 0) return 0;
  const std::int64_t runs = database.integer("SELECT count(*) FROM run");
  CHECK(database.integer("SELECT count(*) FROM mix") == 2 * runs);
  return runs;
}

/// Runs into a copy of `before`, with a fault at every call in turn.
void check_every_fault(const Scratch& folder, const std::optional<std::string>& before,
                       std::int64_t runs_before) {
  const fs::path path = folder / "results.db";
  for (const Fault fault : {Fault::error, Fault::full_disk}) {
    for (int at = 1;; ++at) {
      fs::remove(path);
      if (before) folder.write("results.db", *before);
      Ran ran;
      bool reached = false;
      {
        const FailingVfs failing(fault, at);
        ran = perform_here(run_into(path));
        reached = failing.reached();
      }
      INFO("fault " << static_cast<int>(fault) << " at call " << at << ": " << ran.err);
      if (!reached) {
        CHECK(at > 4);
        CHECK(ran.exit_code == 0);
        break;
      }
      const std::int64_t runs = whole_runs(path);
      CHECK(runs == runs_before + (ran.exit_code == 0 ? 1 : 0));
      if (ran.exit_code == 0) continue;
      CHECK(ran.exit_code == 1);
      CHECK(line_count(ran.err) == 1);
      const bool has_reason = ran.err.find("results.db: disk I/O error") != std::string::npos ||
                              ran.err.find("results.db: database or disk is full") != std::string::npos ||
                              ran.err.find("results.db: unable to open database file: ") != std::string::npos;
      CHECK(has_reason);
    }
  }
}

}  // namespace

TEST_CASE("A failing disk leaves a database of results as it was or with one whole run more") {
  const Scratch folder;
  const fs::path path = folder / "results.db";
  check_every_fault(folder, std::nullopt, 0);
  fs::remove(path);
  REQUIRE(perform_here(run_into(path)).exit_code == 0);
  check_every_fault(folder, file_text(path), 1);
  const bool alone = std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1;
  CHECK(alone);
}
