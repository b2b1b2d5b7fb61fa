#include "bench/accuracy/folds.h"

#include <array>
#include <cmath>

namespace spotmix::accuracy {

unsigned fold_of_sizes(std::span<const std::int64_t> sizes) {
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a over whole numbers
  for (const std::int64_t size : sizes) hash = (hash ^ static_cast<std::uint64_t>(size)) * 1099511628211ULL;
  return static_cast<unsigned>((hash >> 32U) % kFolds);
}

unsigned fold_of_text(std::string_view text) {
  unsigned hash = 2166136261U;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return (hash >> 8U) % kFolds;
}

unsigned fold_of_octave(double bytes) {
  return fold_of_sizes(std::array<std::int64_t, 1>{std::lround(std::log2(bytes))});
}

}  // namespace spotmix::accuracy
