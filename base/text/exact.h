// Exact text of the simulator's integers, for files that programs read.
#pragma once

#include <string>

#include "base/units/money.h"
#include "base/units/time.h"

namespace spotmix {

/// A decimal number of seconds, or of dollars, that is exactly the integer: "12.5", "-0.000000001".
std::string exact_seconds(Duration duration);
std::string exact_usd(Money amount);
std::string exact_usd_per_hour(HourlyPrice price);

/// The double nearest to the exact amount, so that printing it gives the shortest decimal.
double nearest_usd(Money amount);
double nearest_seconds(Duration duration);

}  // namespace spotmix
