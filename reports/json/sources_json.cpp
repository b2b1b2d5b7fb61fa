#include "reports/json/sources_json.h"

#include <nlohmann/json.hpp>

#include "reports/json/step_json.h"

namespace spotmix::reports {

nlohmann::ordered_json sources_json(const std::vector<models::Source>& sources) {
  auto list = nlohmann::ordered_json::array();
  for (const models::Source& source : sources) {
    list.push_back({{"figure", source.figure},
                    {"kind", name_of(source.kind)},
                    {"from", source.from},
                    {"citation", source.citation},
                    {"median_error", or_null(source.error)}});
  }
  return list;
}

}  // namespace spotmix::reports
