// SHA-256 (FIPS 180-4), by which a run recognizes its inputs and a page its script.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace spotmix {

std::array<unsigned char, 32> sha256_digest(std::string_view bytes);

/// 64 hexadecimal digits, as sha256sum prints them.
std::string sha256(std::string_view bytes);

}  // namespace spotmix
