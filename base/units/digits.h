// Figures that must be the same text on every machine, though the C library's logarithms behind them differ
// in their last bits.
#pragma once

namespace spotmix {

/// As many digits as a figure keeps that went through the C library's exp, log or pow.
inline constexpr int kReproducibleDigits = 12;

/// To so many significant digits, correctly rounded; what is not finite stays as it is.
double to_digits(double value, int digits = kReproducibleDigits);

}  // namespace spotmix
