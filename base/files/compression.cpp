#include "base/files/compression.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <exception>
#include <istream>

#include <boost/iostreams/device/array.hpp>
#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filter/zlib.hpp>
#include <boost/iostreams/filtering_stream.hpp>

#if SPOTMIX_HAS_ZSTD
#include <memory>

#include <zstd.h>
#endif

namespace spotmix {
namespace {

namespace io = boost::iostreams;

template <class Compressor>
std::string packed_by(const Compressor& compressor, std::string_view text) {
  std::string packed;
  io::filtering_ostream packer;
  packer.push(compressor);
  packer.push(io::back_inserter(packed));
  packer.write(text.data(), static_cast<std::streamsize>(text.size()));
  packer.reset();
  return packed;
}

template <class Decompressor>
std::optional<std::string> unpacked_by(const Decompressor& decompressor, std::string_view packed,
                                       std::uint64_t most_bytes) {
  std::string text;
  try {
    io::filtering_istream unpacker;
    unpacker.push(decompressor);
    unpacker.push(io::array_source(packed.data(), packed.size()));
    unpacker.exceptions(std::ios::badbit);
    std::array<char, 1 << 16> block;
    while (unpacker && text.size() < most_bytes) {
      const std::uint64_t wanted = std::min<std::uint64_t>(block.size(), most_bytes - text.size());
      unpacker.read(block.data(), static_cast<std::streamsize>(wanted));
      text.append(block.data(), static_cast<std::size_t>(unpacker.gcount()));
    }
  } catch (const std::exception&) {
    return std::nullopt;
  }
  return text;
}

}  // namespace

std::string gzip(std::string_view text) {
  return packed_by(io::gzip_compressor(io::gzip_params(io::gzip::best_compression)), text);
}

std::optional<std::string> gunzip(std::string_view packed, std::uint64_t most_bytes) {
  return unpacked_by(io::gzip_decompressor(), packed, most_bytes);
}

std::string deflate(std::string_view text) {
  return packed_by(io::zlib_compressor(), text);
}

std::optional<std::string> inflate(std::string_view packed, std::uint64_t most_bytes) {
  return unpacked_by(io::zlib_decompressor(), packed, most_bytes);
}

#if SPOTMIX_HAS_ZSTD

bool has_zstd() {
  return true;
}

std::optional<std::string> unpack_zstd(std::string_view packed, std::uint64_t most_bytes) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  std::string text;
  std::array<char, 1 << 16> block;
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  while (text.size() < most_bytes) {
    ZSTD_outBuffer out{block.data(), std::min<std::uint64_t>(block.size(), most_bytes - text.size()), 0};
    const std::size_t wanted = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(wanted) != 0) return std::nullopt;
    text.append(block.data(), out.pos);
    const bool all_read = in.pos == in.size;
    if (all_read && wanted == 0) break;                       // a frame ends with the file
    if (all_read && out.pos < out.size) return std::nullopt;  // it wants bytes that are not there
  }
  return text;
}

#else

bool has_zstd() {
  return false;
}

std::optional<std::string> unpack_zstd(std::string_view, std::uint64_t) {
  assert(has_zstd());
  return std::nullopt;
}

#endif

}  // namespace spotmix
