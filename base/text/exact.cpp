#include "base/text/exact.h"

#include <cstdint>

#include <fmt/format.h>

namespace spotmix {
namespace {

/// ".5" for 500,000,000 billionths; nothing for none.
std::string decimals_of_billionths(std::uint64_t billionths) {
  if (billionths == 0) return "";
  std::string digits = fmt::format(".{:09}", billionths);
  digits.erase(digits.find_last_not_of('0') + 1);
  return digits;
}

std::string exact_billionths(std::int64_t count) {
  const auto bits = static_cast<std::uint64_t>(count);
  const std::uint64_t magnitude = count < 0 ? 0 - bits : bits;
  return fmt::format("{}{}{}", count < 0 ? "-" : "", magnitude / 1'000'000'000,
                     decimals_of_billionths(magnitude % 1'000'000'000));
}

}  // namespace

std::string exact_seconds(Duration duration) {
  return exact_billionths(duration.count());
}
std::string exact_usd(Money amount) {
  return exact_billionths(amount.nano_usd);
}
std::string exact_usd_per_hour(HourlyPrice price) {
  return exact_billionths(price.nano_usd_per_h);
}
double nearest_usd(Money amount) {
  return static_cast<double>(amount.nano_usd) / 1e9;
}
double nearest_seconds(Duration duration) {
  return static_cast<double>(duration.count()) / 1e9;
}

}  // namespace spotmix
