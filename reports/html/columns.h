// Columns of numbers, packed small, for the page to unpack (reports/web/src/data/columns.js).
//
// Each column is n words of 32 bits. The words' first bytes come first, then all second bytes, and so on:
// neighbours resemble each other most that way, which is what Deflate lives on. All columns together are one
// Deflate stream (RFC 1950), in base64.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace spotmix::reports {

class Columns {
 public:
  using Json = nlohmann::ordered_json;

  /// Single precision; NaN is unknown. Returns the column's description, as integers() does.
  Json floats(const std::vector<float>& values);

  /// value[i] × scale = origin + unit × Σ step[0..i], with steps as zigzag numbers. Exact as long as all
  /// values are multiples, from the first on, of a unit of which their range has at most `most_units`
  /// (≤ 2^30); elsewhere rounded to the nearest of that many units.
  Json integers(const std::vector<std::int64_t>& values, double scale, std::int64_t most_units);

  std::string base64() const;

 private:
  Json add(const char* kind, const std::vector<std::uint32_t>& words);

  std::string bytes_;
};

}  // namespace spotmix::reports
