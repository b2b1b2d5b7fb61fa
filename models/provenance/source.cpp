#include "models/provenance/source.h"

#include <algorithm>
#include <array>
#include <utility>

namespace spotmix::models {
namespace {

constexpr std::array<std::string_view, 5> kKinds{"measured", "published", "scaled", "given", "assumed"};

}  // namespace

std::string_view source_kind_name(SourceKind kind) {
  return kKinds[static_cast<std::size_t>(kind)];
}

std::optional<SourceKind> source_kind_from_name(std::string_view name) {
  const auto* const found = std::find(kKinds.begin(), kKinds.end(), name);
  if (found == kKinds.end()) return std::nullopt;
  return static_cast<SourceKind>(found - kKinds.begin());
}

void add_source(std::vector<Source>& sources, Source source) {
  if (std::find(sources.begin(), sources.end(), source) == sources.end())
    sources.push_back(std::move(source));
}

}  // namespace spotmix::models
