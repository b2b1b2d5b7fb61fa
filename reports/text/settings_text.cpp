#include "reports/text/settings_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace spotmix::reports {

std::string settings_text(const std::vector<std::string>& settings) {
  return settings.empty() ? "" : fmt::format(" with {}", fmt::join(settings, ", "));
}

}  // namespace spotmix::reports
