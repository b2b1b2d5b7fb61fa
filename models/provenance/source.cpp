#include "models/provenance/source.h"

#include <algorithm>
#include <utility>

namespace spotmix::models {

void add_source(std::vector<Source>& sources, Source source) {
  if (std::find(sources.begin(), sources.end(), source) == sources.end())
    sources.push_back(std::move(source));
}

}  // namespace spotmix::models
