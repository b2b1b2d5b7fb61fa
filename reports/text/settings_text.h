// What --set changed, as titles say it behind the scenario's name.
#pragma once

#include <string>
#include <vector>

namespace spotmix::reports {

/// " with deadline_h=24, seed=7"; empty if nothing was changed.
std::string settings_text(const std::vector<std::string>& settings);

}  // namespace spotmix::reports
