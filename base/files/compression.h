// Packing bytes with gzip (RFC 1952) and with zlib (RFC 1950), and unpacking them and zstd (RFC 8878).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spotmix {

/// The same bytes for the same text every time; as small as gzip can.
std::string gzip(std::string_view text);

/// What was packed, or its first `most_bytes`, so that a small file cannot fill the memory; nullopt if it is
/// broken or cut off.
std::optional<std::string> gunzip(std::string_view packed, std::uint64_t most_bytes);

/// The same with zlib's short header.
std::string deflate(std::string_view text);
std::optional<std::string> inflate(std::string_view packed, std::uint64_t most_bytes);

/// Whether zstd can be unpacked: the program may be built without libzstd.
bool has_zstd();

/// As `gunzip`. REQUIRES: has_zstd().
std::optional<std::string> unpack_zstd(std::string_view packed, std::uint64_t most_bytes);

}  // namespace spotmix
