// Figures that must be the same text on every machine, though the C library's logarithms behind them differ
// in their last bits.
#pragma once

namespace spotmix {

/// As many digits as a figure keeps that went through the C library's exp, log or pow.
inline constexpr int kReproducibleDigits = 12;

/// Correctly rounded to this many significant digits; infinities and NaN stay as they are.
double to_digits(double value, int digits = kReproducibleDigits);

}  // namespace spotmix
