// Reading whole files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result/problem.h"

namespace spotmix {

inline constexpr std::uint64_t kScenarioBytesLimit = 4ull << 20;
inline constexpr std::uint64_t kDataBytesLimit = 1ull << 30;
inline constexpr std::uint64_t kNoLimit = 1ull << 62;

/// The bytes of a file; what gzip or zstd packed (recognized by its first bytes, whatever its name) is
/// unpacked. Problems: no such file, a directory, unreadable, empty, larger than `limit_bytes` (packed or
/// unpacked), broken or cut off.
Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t limit_bytes);

/// The text of another program's file, or of standard input if `path` is "-": unpacked, as UTF-8 and without
/// its byte order mark.
Result<std::string> read_text(const std::filesystem::path& path, std::uint64_t limit_bytes);

/// The bytes as they lie on disk, packed or not; may be empty.
Result<std::string> read_bytes(const std::filesystem::path& path, std::uint64_t limit_bytes = kNoLimit);

/// The first `most_bytes` as they lie on disk, or all if the file has fewer.
Result<std::string> read_start(const std::filesystem::path& path, std::uint64_t most_bytes);

}  // namespace spotmix
