// Sources that several mixes have in common, said once.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "models/provenance/source.h"

namespace spotmix::reports {

/// A source and the mixes that have it, by their place in the list.
struct SharedSource {
  models::Source source;
  std::vector<std::size_t> mixes;
};

/// `by_mix`: the sources of each mix. In the order in which they first appear.
std::vector<SharedSource> shared_sources(const std::vector<std::vector<models::Source>>& by_mix);

/// The names of the mixes that have it, or "all".
std::string mixes_text(const SharedSource& shared, const std::vector<std::string>& names);

}  // namespace spotmix::reports
