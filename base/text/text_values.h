// Times and prices as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/units/money.h"
#include "base/units/time.h"

namespace spotmix {

/// "2023-02-15T22:08:16Z", also with a blank for the T, with a fraction of a second (nanoseconds at most),
/// with an offset such as +01:00 or " +01:00" for the Z, without any zone (then UTC), or a date alone
/// (midnight UTC). Years 1970 to 2199; anything else is nullopt.
std::optional<Time> parse_time(std::string_view text);

/// "2023-02-15T22:08:16Z", with a fraction only where there is one.
std::string format_time(Time time);

/// "2023-02-15", the day that holds `time`.
std::string format_date(Time time);

/// A price such as "0.043700", read exactly; digits beyond the nano-dollar are rounded half up. Nothing but
/// digits and one point is a price; at most 1,000,000 $/h.
std::optional<HourlyPrice> parse_price(std::string_view text);

/// The shortest decimal that reads back the same: "0.0437".
std::string format_price(HourlyPrice price);

}  // namespace spotmix
