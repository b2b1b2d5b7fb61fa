#include "base/text/quantities.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace spotmix {
namespace {

constexpr double kSecondsPerMinute = 60;
constexpr double kSecondsPerHour = 3600;

/// Digits, with a comma before each group of three counted from the right.
std::string grouped(std::string digits) {
  for (auto left = static_cast<std::ptrdiff_t>(digits.size()) - 3; left > 0; left -= 3) {
    digits.insert(static_cast<std::size_t>(left), 1, ',');
  }
  return digits;
}

std::string joined(const std::string& low, const std::string& high) {
  return low == high ? low : low + "–" + high;
}

struct RangeUnit {
  double seconds;
  const char* name;
};

constexpr std::array<RangeUnit, 4> kRangeUnits{
    {{kSecondsPerHour, "h"}, {kSecondsPerMinute, "min"}, {1, "s"}, {1e-3, "ms"}}};

/// One decimal, thousands separated.
std::string decimal(double value) {
  const std::string digits = fmt::format("{:.1f}", std::abs(value));
  const std::size_t whole = digits.size() - 2;
  return (value < 0 ? "-" : "") + grouped(digits.substr(0, whole)) + digits.substr(whole);
}

}  // namespace

std::string money_text(double usd) {
  const char* sign = usd < 0 ? "-" : "";
  const double amount = std::abs(usd);
  if (amount > 0 && amount < 0.01) return fmt::format("{}${:.2g}", sign, amount);
  const std::string digits = fmt::format("{:.2f}", amount);
  const std::size_t whole = digits.size() - 3;
  return fmt::format("{}${}{}", sign, grouped(digits.substr(0, whole)), digits.substr(whole));
}

std::string duration_text(double seconds) {
  if (seconds < 0) return fmt::format("-{}", duration_text(-seconds));
  if (seconds == 0) return "0 s";
  if (seconds < 0.9995) return fmt::format("{:.3g} ms", seconds * 1e3);
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  if (seconds < kSecondsPerHour - 0.5) {
    const auto whole = std::llround(seconds);
    return fmt::format("{} min {} s", whole / 60, whole % 60);
  }
  const auto whole_minutes = std::llround(seconds / kSecondsPerMinute);
  return fmt::format("{} h {} min", grouped(std::to_string(whole_minutes / 60)), whole_minutes % 60);
}

std::string percent_text(double fraction) {
  if (fraction == 0) return "0 %";
  if (fraction == 1) return "100 %";
  if (fraction > 0 && fraction < 0.0005) return "<0.1 %";
  return fmt::format("{:.1f} %", std::clamp(fraction * 100, 0.1, 99.9));
}

std::string money_range_text(double low_usd, double high_usd) {
  const bool large = low_usd >= 1000 && high_usd >= 1000;
  const auto text = [&](double usd) {
    const std::string amount = money_text(large ? std::round(usd) : usd);
    return large ? amount.substr(0, amount.size() - 3) : amount;
  };
  return joined(text(low_usd), text(high_usd));
}

std::string duration_range_text(double low_seconds, double high_seconds) {
  const double longer = std::max(std::abs(low_seconds), std::abs(high_seconds));
  const auto* const unit =
      std::find_if(kRangeUnits.begin(), kRangeUnits.end() - 1,
                   [&](const RangeUnit& candidate) { return longer >= candidate.seconds; });
  return joined(decimal(low_seconds / unit->seconds), decimal(high_seconds / unit->seconds)) + " " +
         unit->name;
}

std::string percent_range_text(double low, double high) {
  const std::string from = percent_text(low);
  const std::string to = percent_text(high);
  return from == to ? from : joined(from.substr(0, from.find(" %")), to);
}

std::string number_text(double value) {
  if (std::abs(value) >= 1000)
    return (value < 0 ? "-" : "") + grouped(fmt::format("{:.0f}", std::abs(value)));
  return std::abs(value) < 0.001 ? fmt::format("{:.6f}", value) : fmt::format("{:.4g}", value);
}

std::string count_text(std::uint64_t count) {
  return grouped(std::to_string(count));
}

}  // namespace spotmix
