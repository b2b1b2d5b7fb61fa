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

TEST_CASE("Text is read without its mark and unpacked") {
  const Scratch folder;
  CHECK(read_text(folder.write("marked", "\xef\xbb\xbftext"), 1 << 20).value == "text");
  CHECK(read_text(folder.write("wide", std::string("\xff\xfet\0x\0", 6)), 1 << 20).value == "tx");
  CHECK(read_text(folder.write("marked.gz", gzip("\xef\xbb\xbftext")), 1 << 20).value == "text");
  CHECK(read_text(folder.write("broken", std::string("\xff\xfet\0x", 5)), 1 << 20).problems.at(0).message ==
        "found UTF-16 that is cut off or not valid, expected text");
}

TEST_CASE("A zstd file is unpacked or refused with the way to unpack it") {
  // What `printf text | zstd` writes.
  const std::string packed("\x28\xb5\x2f\xfd\x04\x58\x21\x00\x00\x74\x65\x78\x74\x52\xaf\xcc\x88", 17);
  const Scratch folder;
  const fs::path whole = folder.write("whole.zst", packed);
  if (!has_zstd()) {
    CHECK(
        refusal(whole) ==
        "found a zstd file, which spotmix was built without libzstd to read; unpack it with `zstd -d` first");
    return;
  }
  CHECK(read_file(whole, 1 << 20).value == "text");
  CHECK(read_file(folder.write("twice.zst", packed + packed), 1 << 20).value == "texttext");
  for (std::size_t size = 4; size < packed.size(); ++size) {
    INFO(size);
    CHECK(refusal(folder.write("cut.zst", packed.substr(0, size))) ==
          "found a broken or cut-off zstd file, expected a whole one");
  }
}
