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

/// Both ends as one text without a break: "$37.68–$41.78", without cents if both have four digits or more;
/// "41.1–47.6 h" in the unit of the longer; "36.9–43.0 %". One value where both read the same.
std::string money_range_text(double low_usd, double high_usd);
std::string duration_range_text(double low_seconds, double high_seconds);
std::string percent_range_text(double low, double high);

/// Four significant digits, thousands separated by commas, without an exponent.
std::string number_text(double value);

/// Thousands separated by commas.
std::string count_text(std::uint64_t count);

}  // namespace spotmix
