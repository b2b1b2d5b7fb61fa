#include "reports/files/whole_file.h"

#include <filesystem>

#include <catch2/catch.hpp>
#include <unistd.h>

#include "tests/approval.h"

using namespace spotmix::reports;
namespace fs = std::filesystem;

namespace {

struct TemporaryFolder {
  TemporaryFolder() : path(fs::temp_directory_path() / ("spotmix-whole-file-" + std::to_string(::getpid()))) {
    fs::create_directories(path);
  }
  ~TemporaryFolder() { fs::remove_all(path); }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
  fs::path path;
};

}  // namespace

TEST_CASE("a file that is not committed leaves no trace, and an old one as it was") {
  const TemporaryFolder folder;
  const fs::path path = folder.path / "result.json";
  {
    WholeFile file(path);
    file.stream() << "half";
  }
  CHECK(folder.entries() == 0);
  {
    WholeFile file(path);
    file.stream() << "old";
    file.commit();
  }
  {
    WholeFile file(path);
    file.stream() << "half of the new";
  }
  CHECK(spotmix::tests::file_text(path) == "old");
  CHECK(folder.entries() == 1);
}

TEST_CASE("what cannot be written says which file and why") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(WholeFile(folder.path / "missing" / "a.csv"),
                    Catch::EndsWith("a.csv: cannot be written: No such file or directory"));
  WholeFile(folder.path / "file").commit();
  CHECK_THROWS_AS(prepare_folder(folder.path / "file" / "below"), FileError);
  CHECK_THROWS_AS(prepare_folder(folder.path / "file"), FileError);
}

TEST_CASE("a folder is made when it is not there and left empty") {
  const TemporaryFolder folder;
  const fs::path below = folder.path / "a" / "b";
  prepare_folder(below);
  CHECK(fs::is_directory(below));
  CHECK(fs::is_empty(below));
}
