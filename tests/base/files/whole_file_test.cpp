#include "base/files/whole_file.h"

#include <catch2/catch.hpp>

#include "base/files/compression.h"
#include "tests/approval.h"
#include "tests/failing_file_system.h"
#include "tests/scratch.h"

using namespace spotmix;
using namespace spotmix::tests;
namespace fs = std::filesystem;

namespace {

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

/// What went wrong; "" if nothing did.
std::string failure_of(const fs::path& path, const std::string& text) {
  try {
    write_file(path, text);
  } catch (const FileError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("A file that is not committed leaves no trace and an old file as it was") {
  const Scratch folder;
  const fs::path path = folder / "result.json";
  {
    WholeFile file(path);
    file.stream() << "half";
  }
  CHECK(entries(folder.path()) == 0);
  write_file(path, "old");
  {
    WholeFile file(path);
    file.stream() << std::string(1'000'000, 'x');
  }
  CHECK(file_text(path) == "old");
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("A file is as long as what was written and is packed if its name says so") {
  const Scratch folder;
  for (const std::size_t size : {0, 1, 65'535, 65'536, 65'537, 200'000}) {
    write_file(folder / "plain", std::string(size, 'x'));
    CHECK(file_text(folder / "plain") == std::string(size, 'x'));
  }
  write_file(folder / "packed.gz", "text");
  CHECK(gunzip(file_text(folder / "packed.gz").value_or(""), 100) == "text");
}

TEST_CASE("A write that fails anywhere leaves the whole old file or the whole new one and says why") {
  const Scratch folder;
  const fs::path path = folder / "result.json";
  const std::string written(200'000, 'n');
  for (const Fault fault : {Fault::error, Fault::full_disk}) {
    for (int at = 1;; ++at) {
      INFO("fault " << static_cast<int>(fault) << " at call " << at);
      write_file(path, "old");
      FailingFileSystem failing(fault, at);
      std::string failure;
      {
        const ReplacedFileSystem replaced(failing);
        failure = failure_of(path, written);
      }
      if (!failing.reached()) {
        CHECK(at > 4);
        CHECK(failure == "");
        break;
      }
      const bool renamed = failure.find(": is written, but its name cannot") != std::string::npos;
      CHECK(file_text(path) == (renamed ? written : "old"));
      CHECK(failure.starts_with(path.string() + ": "));
      CHECK((failure.ends_with(": No space left on device") || failure.ends_with(": Input/output error")));
      CHECK(entries(folder.path()) == 1);
    }
  }
}

TEST_CASE("A system that takes only part of a write is given the rest") {
  const Scratch folder;
  const std::string written(200'000, 'n');
  for (int at = 1; at <= 4; ++at) {
    FailingFileSystem partial(Fault::short_write, at);
    const ReplacedFileSystem replaced(partial);
    write_file(folder / "file", written);
    CHECK(partial.reached());
    CHECK(file_text(folder / "file") == written);
  }
}

TEST_CASE("What cannot be written says which file and why") {
  const Scratch folder;
  CHECK_THROWS_WITH(WholeFile(folder / "missing" / "a.csv"),
                    Catch::EndsWith("a.csv: cannot be written: No such file or directory"));
  WholeFile(folder / "file").commit();
  CHECK_THROWS_AS(prepare_folder(folder / "file" / "below"), FileError);
  CHECK_THROWS_AS(prepare_folder(folder / "file"), FileError);
}

TEST_CASE("A folder is made if it is missing and is left empty") {
  const Scratch folder;
  const fs::path below = folder / "a" / "b";
  prepare_folder(below);
  CHECK(fs::is_directory(below));
  CHECK(fs::is_empty(below));
}
