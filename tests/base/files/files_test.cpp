#include "base/files/files.h"

#include <fstream>

#include <catch2/catch.hpp>

using namespace spotmix::scenarios;
namespace fs = std::filesystem;

namespace {

fs::path scratch(const char* name) {
  const fs::path folder = fs::path(SPOTMIX_BINARY_DIR) / "scratch-files";
  fs::create_directories(folder);
  return folder / name;
}

}  // namespace

TEST_CASE("A file that is written is read back whether packed or not") {
  const std::string text(100'000, 'x');
  for (const char* name : {"plain.json", "packed.json.gz"}) {
    CHECK_FALSE(write_file(scratch(name), text));
    CHECK(read_file(scratch(name), 1 << 20).value == text);
  }
  CHECK(fs::file_size(scratch("packed.json.gz")) < 1000);
}

TEST_CASE("packing gives the same bytes every time") {
  CHECK(gzip("the same") == gzip("the same"));
}

TEST_CASE("a gzip file that is cut off anywhere is refused") {
  const std::string packed = gzip(std::string(5000, 'a') + std::string(5000, 'b'));
  for (std::size_t size = 2; size < packed.size(); ++size) {
    INFO(size);
    std::ofstream(scratch("cut.gz"), std::ios::binary) << packed.substr(0, size);
    CHECK_FALSE(read_file(scratch("cut.gz"), 1 << 20));
  }
}

TEST_CASE("a small file that unpacks to too much is refused") {
  REQUIRE_FALSE(write_file(scratch("bomb.gz"), std::string(10 << 20, 'x')));
  const auto read = read_file(scratch("bomb.gz"), 1 << 20);
  REQUIRE(read.problems.size() == 1);
  CHECK(read.problems[0].message == "found more than 1 MiB once unpacked, expected no more");
}

TEST_CASE("a file that cannot be written leaves nothing behind") {
  const auto problem = write_file(scratch("no-such-folder/file.json"), "text");
  REQUIRE(problem);
  CHECK(problem->message.starts_with("failed while opening it for writing"));
  CHECK_FALSE(fs::exists(scratch("no-such-folder")));
}
