#include "base/text/text_values.h"

#include <charconv>

#include <fmt/format.h>

namespace spotmix {
namespace {

constexpr std::int64_t kNanoPerUnit = 1'000'000'000;
constexpr std::int64_t kMostUsdPerHour = 1'000'000;

/// Takes exactly `digits` digits off the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day || *year < 1970 || *year > 2199) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date};
}

/// ".002281" as nanoseconds; nothing there is zero.
std::optional<Duration> take_fraction(std::string_view& text) {
  if (!take(text, '.')) return Duration{0};
  std::int64_t nanoseconds = 0;
  std::int64_t unit = kNanoPerUnit;
  std::size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    unit /= 10;
    if (unit == 0) return std::nullopt;
    nanoseconds += (text[digits] - '0') * unit;
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return Duration{nanoseconds};
}

std::optional<Duration> take_time_of_day(std::string_view& text) {
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  Duration time = hours{*hour} + minutes{*minute};
  if (!take(text, ':')) return time;
  const auto second = take_number(text, 2);
  if (!second || *second > 59) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  return time + seconds{*second} + *fraction;
}

/// What must be subtracted to reach UTC.
std::optional<Duration> take_offset(std::string_view& text) {
  if (text.empty() || take(text, 'Z')) return Duration{0};
  take(text, ' ');
  if (text.empty()) return std::nullopt;
  const bool east = text.front() == '+';
  if (!east && text.front() != '-') return std::nullopt;
  text.remove_prefix(1);
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 14) return std::nullopt;
  take(text, ':');
  const auto minute = text.empty() ? std::optional<int>(0) : take_number(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  const Duration offset = hours{*hour} + minutes{*minute};
  return east ? offset : -offset;
}

}  // namespace

std::optional<Time> parse_time(std::string_view text) {
  const auto date = take_date(text);
  if (!date) return std::nullopt;
  const Time midnight = *date;
  if (text.empty()) return midnight;
  if (!take(text, 'T') && !take(text, ' ')) return std::nullopt;
  const auto time_of_day = take_time_of_day(text);
  if (!time_of_day) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return midnight + *time_of_day - *offset;
}

std::string format_date(Time time) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string format_time(Time time) {
  const std::chrono::hh_mm_ss clock{time - std::chrono::floor<std::chrono::days>(time)};
  std::string text = fmt::format("{}T{:02}:{:02}:{:02}", format_date(time), clock.hours().count(),
                                 clock.minutes().count(), clock.seconds().count());
  if (clock.subseconds().count() != 0) {
    text += fmt::format(".{:09}", clock.subseconds().count());
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + "Z";
}

std::optional<HourlyPrice> parse_price(std::string_view text) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view decimals = point == std::string_view::npos ? "" : text.substr(point + 1);
  if (whole.empty() || (point != std::string_view::npos && decimals.empty())) return std::nullopt;
  std::int64_t usd = 0;
  const auto read = std::from_chars(whole.data(), whole.data() + whole.size(), usd);
  if (read.ec != std::errc{} || read.ptr != whole.data() + whole.size()) return std::nullopt;
  if (whole.front() == '-' || usd > kMostUsdPerHour) return std::nullopt;
  std::int64_t nano = 0;
  std::int64_t unit = kNanoPerUnit / 10;
  for (std::size_t i = 0; i < decimals.size(); ++i) {
    if (decimals[i] < '0' || decimals[i] > '9') return std::nullopt;
    if (i < 9) nano += (decimals[i] - '0') * unit;
    if (i == 9 && decimals[i] >= '5') ++nano;
    unit /= 10;
  }
  return HourlyPrice{usd * kNanoPerUnit + nano};
}

std::string format_price(HourlyPrice price) {
  std::string text =
      fmt::format("{}.{:09}", price.nano_usd_per_h / kNanoPerUnit, price.nano_usd_per_h % kNanoPerUnit);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace spotmix
