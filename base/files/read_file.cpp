#include "base/files/read_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>

#include "base/files/compression.h"
#include "base/files/file_system.h"

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

Result<std::string> unpacked(const std::string& file, const std::string& packed, std::uint64_t limit_bytes) {
  std::optional<std::string> text = gunzip(packed, limit_bytes + 1);
  if (!text) return Problem{file, "", "found a broken or cut-off gzip file, expected a whole one"};
  if (text->size() <= limit_bytes) return std::move(*text);
  return Problem{file, "",
                 fmt::format("found more than {} once unpacked, expected no more", mebibytes(limit_bytes))};
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
  if (bytes && bytes.value->size() > limit_bytes) {
    return Problem{path.string(), "",
                   fmt::format("found more than {}, expected no more", mebibytes(limit_bytes))};
  }
  return bytes;
}

Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t limit_bytes) {
  Result<std::string> bytes = read_bytes(path, limit_bytes);
  if (!bytes) return bytes;
  if (bytes.value->empty()) return Problem{path.string(), "", "found an empty file, expected content"};
  if (bytes.value->starts_with("\x1f\x8b")) return unpacked(path.string(), *bytes.value, limit_bytes);
  return bytes;
}

}  // namespace spotmix
