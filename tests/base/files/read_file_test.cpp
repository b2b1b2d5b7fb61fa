#include "base/files/read_file.h"

#include <catch2/catch.hpp>

#include "base/files/compression.h"
#include "base/files/file_system.h"
#include "tests/scratch.h"

using namespace spotmix;
using spotmix::tests::Scratch;
namespace fs = std::filesystem;

namespace {

/// The one message that refuses a file.
std::string refusal(const fs::path& path, std::uint64_t limit_bytes = 1 << 20) {
  const Result<std::string> read = read_file(path, limit_bytes);
  REQUIRE_FALSE(read);
  REQUIRE(read.problems.size() == 1);
  return read.problems[0].message;
}

/// Every read fails after the first.
class BrokenDisk : public FileSystem {
 public:
  ssize_t read(int file, char* bytes, std::size_t count) override {
    if (reads_++ == 0) return FileSystem::read(file, bytes, count);
    errno = EIO;
    return -1;
  }

 private:
  int reads_ = 0;
};

}  // namespace

TEST_CASE("A packed file is read as what was packed and its bytes as they lie") {
  const Scratch folder;
  const std::string packed = gzip("text");
  const fs::path file = folder.write("no-ending-that-says-so", packed);
  CHECK(read_file(file, 1 << 20).value == "text");
  CHECK(read_bytes(file).value == packed);
  CHECK(read_start(file, 2).value == "\x1f\x8b");
}

TEST_CASE("A gzip file that is cut off anywhere is refused") {
  const Scratch folder;
  const std::string packed = gzip(std::string(5000, 'a') + std::string(5000, 'b'));
  for (std::size_t size = 2; size < packed.size(); ++size) {
    INFO(size);
    CHECK(refusal(folder.write("cut.gz", packed.substr(0, size))) ==
          "found a broken or cut-off gzip file, expected a whole one");
  }
}

TEST_CASE("A file of exactly the limit is read and one byte more is refused") {
  const Scratch folder;
  const std::uint64_t limit = 1 << 20;
  CHECK(read_file(folder.write("whole", std::string(limit, 'x')), limit).value->size() == limit);
  CHECK(refusal(folder.write("more", std::string(limit + 1, 'x'))) ==
        "found more than 1 MiB, expected no more");
  CHECK(read_file(folder.write("whole.gz", gzip(std::string(limit, 'x'))), limit).value->size() == limit);
  CHECK(refusal(folder.write("bomb.gz", gzip(std::string(limit + 1, 'x')))) ==
        "found more than 1 MiB once unpacked, expected no more");
}

TEST_CASE("What cannot be read says why") {
  const Scratch folder;
  CHECK(refusal(folder / "missing") == "found no such file, expected a readable one");
  CHECK(refusal(folder.path()) == "found a directory, expected a file");
  CHECK(refusal(folder.write("empty", "")) == "found an empty file, expected content");
  const fs::path file = folder.write("on-a-broken-disk", std::string(100'000, 'x'));
  BrokenDisk broken;
  const ReplacedFileSystem replaced(broken);
  CHECK(refusal(file) == "found an error while reading (Input/output error), expected a readable file");
}
