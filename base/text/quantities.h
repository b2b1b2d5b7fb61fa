// Quantities as people read them: $1,234.56, 3 h 12 min, 97.3 %.
#pragma once

#include <cstdint>
#include <string>

namespace spotmix {

/// Dollars and cents with thousands separated; amounts below a cent keep two significant digits.
std::string money_text(double usd);

/// The two largest fitting units: "3 h 12 min", "12 min 5 s", "5.3 s", "120 ms"; hours are the largest.
std::string duration_text(double seconds);

/// One decimal; "100 %" and "0 %" are kept for exactly all and nothing, and what would round to none is
/// "<0.1 %".
std::string percent_text(double fraction);

/// Four significant digits, thousands separated by commas, without an exponent.
std::string number_text(double value);

/// Thousands separated by commas.
std::string count_text(std::uint64_t count);

}  // namespace spotmix
