// A fingerprint as text: JSON's numbers cannot hold 64 bits everywhere.
#pragma once

#include <cstdint>
#include <string>

namespace spotmix {

/// 16 hexadecimal digits.
std::string hex_text(std::uint64_t value);

}  // namespace spotmix
