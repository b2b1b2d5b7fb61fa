// Reading and writing whole files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result/problem.h"

namespace spotmix {

inline constexpr std::uint64_t kScenarioBytesLimit = 4ull << 20;
inline constexpr std::uint64_t kDataBytesLimit = 1ull << 30;

/// The bytes of a file; a gzip file (recognised by its first bytes, whatever its name) is unpacked. Problems:
/// no such file, a directory, unreadable, empty, larger than `limit_bytes` (packed or unpacked), broken gzip.
Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t limit_bytes);

/// The same as they lie on disk, packed or not; may be none.
Result<std::string> read_bytes(const std::filesystem::path& path, std::uint64_t limit_bytes);

/// The text as a gzip file, the same bytes every time.
std::string gzip(const std::string& text);

/// Writes a file that appears whole or not at all: a temporary beside it, fsync, rename. A name that ends in
/// ".gz" is packed. Returns nothing when it worked.
std::optional<Problem> write_file(const std::filesystem::path& path, const std::string& text);

}  // namespace spotmix
