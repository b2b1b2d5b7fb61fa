#include "base/files/whole_file.h"

#include <filesystem>

#include <catch2/catch.hpp>

#include "tests/approval.h"
#include "tests/scratch.h"

using namespace spotmix::reports;
using spotmix::tests::Scratch;
namespace fs = std::filesystem;

namespace {

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
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
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("what cannot be written says which file and why") {
  const Scratch folder;
  CHECK_THROWS_WITH(WholeFile(folder / "missing" / "a.csv"),
                    Catch::EndsWith("a.csv: cannot be written: No such file or directory"));
  WholeFile(folder / "file").commit();
  CHECK_THROWS_AS(prepare_folder(folder / "file" / "below"), FileError);
  CHECK_THROWS_AS(prepare_folder(folder / "file"), FileError);
}

TEST_CASE("a folder is made when it is not there and left empty") {
  const Scratch folder;
  const fs::path below = folder / "a" / "b";
  prepare_folder(below);
  CHECK(fs::is_directory(below));
  CHECK(fs::is_empty(below));
}
