#include "base/files/read_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iostream>

#include <fcntl.h>
#include <fmt/format.h>

#include "base/files/compression.h"
#include "base/files/file_system.h"
#include "base/text/encoding.h"

namespace spotmix {
namespace {

std::string mebibytes(std::uint64_t bytes) {
  return fmt::format("{} MiB", bytes >> 20);
}

std::string why_not_opened(int error) {
  if (error == ENOENT || error == ENOTDIR) return "found no such file, expected a readable one";
  return fmt::format("found a file that cannot be opened ({}), expected a readable one",
                     std::strerror(error));
}

std::string why_not_read(int error) {
  if (error == EISDIR) return "found a directory, expected a file";
  return fmt::format("found an error while reading ({}), expected a readable file", std::strerror(error));
}

Problem more_than(const std::string& file, std::uint64_t limit_bytes, const char* when = "") {
  return {file, "", fmt::format("found more than {}{}, expected no more", mebibytes(limit_bytes), when)};
}

/// The bytes, unpacked if they are packed.
Result<std::string> content_of(const std::string& file, std::string bytes, std::uint64_t limit_bytes) {
  if (bytes.empty()) return Problem{file, "", "found an empty file, expected content"};
  const bool gzipped = bytes.starts_with("\x1f\x8b");
  if (!gzipped && !bytes.starts_with("\x28\xb5\x2f\xfd")) return bytes;
  if (!gzipped && !has_zstd()) {
    return Problem{file, "",
                   "found a zstd file, which spotmix was built without libzstd to read; unpack it with "
                   "`zstd -d` first"};
  }
  std::optional<std::string> text =
      gzipped ? gunzip(bytes, limit_bytes + 1) : unpack_zstd(bytes, limit_bytes + 1);
  if (!text) {
    return Problem{
        file, "",
        fmt::format("found a broken or cut-off {} file, expected a whole one", gzipped ? "gzip" : "zstd")};
  }
  if (text->size() > limit_bytes) return more_than(file, limit_bytes, " once unpacked");
  return std::move(*text);
}

Result<std::string> read_standard_input(std::uint64_t limit_bytes) {
  std::string bytes;
  std::array<char, 1 << 16> block;
  while (bytes.size() <= limit_bytes && std::cin.read(block.data(), block.size()).gcount() > 0)
    bytes.append(block.data(), static_cast<std::size_t>(std::cin.gcount()));
  if (bytes.empty()) return Problem{"-", "", "found nothing on standard input, expected a file's text"};
  if (bytes.size() > limit_bytes) return more_than("-", limit_bytes);
  return content_of("-", std::move(bytes), limit_bytes);
}

}  // namespace

Result<std::string> read_start(const std::filesystem::path& path, std::uint64_t most_bytes) {
  const OpenFile input(path.c_str(), O_RDONLY);
  if (!input) return Problem{path.string(), "", why_not_opened(errno)};
  std::string bytes;
  std::array<char, 1 << 16> block;
  while (bytes.size() < most_bytes) {
    const std::size_t wanted = std::min<std::uint64_t>(block.size(), most_bytes - bytes.size());
    const ssize_t count = file_system().read(input.descriptor(), block.data(), wanted);
    if (count < 0) return Problem{path.string(), "", why_not_read(errno)};
    if (count == 0) break;
    bytes.append(block.data(), static_cast<std::size_t>(count));
  }
  return bytes;
}

Result<std::string> read_bytes(const std::filesystem::path& path, std::uint64_t limit_bytes) {
  Result<std::string> bytes = read_start(path, limit_bytes + 1);
  if (bytes && bytes.value->size() > limit_bytes) return more_than(path.string(), limit_bytes);
  return bytes;
}

Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t limit_bytes) {
  Result<std::string> bytes = read_bytes(path, limit_bytes);
  if (!bytes) return bytes;
  return content_of(path.string(), std::move(*bytes.value), limit_bytes);
}

Result<std::string> read_text(const std::filesystem::path& path, std::uint64_t limit_bytes) {
  Result<std::string> read = path == "-" ? read_standard_input(limit_bytes) : read_file(path, limit_bytes);
  if (!read) return read;
  std::optional<std::string> text = without_mark(std::move(*read.value));
  if (!text) return Problem{path.string(), "", "found UTF-16 that is cut off or not valid, expected text"};
  return std::move(*text);
}

}  // namespace spotmix
