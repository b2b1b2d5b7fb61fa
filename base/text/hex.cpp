#include "base/text/hex.h"

#include <fmt/format.h>

namespace spotmix {

std::string hex_text(std::uint64_t value) {
  return fmt::format("{:016x}", value);
}

}  // namespace spotmix
