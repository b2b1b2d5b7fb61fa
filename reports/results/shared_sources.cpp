#include "reports/results/shared_sources.h"

#include <algorithm>

namespace spotmix::reports {

std::vector<SharedSource> shared_sources(const std::vector<std::vector<models::Source>>& by_mix) {
  std::vector<SharedSource> shared;
  for (std::size_t mix = 0; mix < by_mix.size(); ++mix) {
    for (const models::Source& source : by_mix[mix]) {
      auto found = std::find_if(shared.begin(), shared.end(),
                                [&](const SharedSource& other) { return other.source == source; });
      if (found == shared.end()) found = shared.insert(found, {source, {}});
      found->mixes.push_back(mix);
    }
  }
  return shared;
}

std::string mixes_text(const SharedSource& shared, const std::vector<std::string>& names) {
  if (shared.mixes.size() == names.size()) return "all";
  std::string text;
  for (const std::size_t mix : shared.mixes) text += (text.empty() ? "" : ", ") + names.at(mix);
  return text;
}

}  // namespace spotmix::reports
