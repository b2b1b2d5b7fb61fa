#include "reports/json/warnings_json.h"

#include <nlohmann/json.hpp>

#include "reports/json/step_json.h"

namespace spotmix::reports {

using Json = nlohmann::ordered_json;

Json warnings_json(const std::vector<Warning>& warnings) {
  auto list = Json::array();
  for (const Warning& warning : warnings)
    list.push_back({{"code", warning.code}, {"mix", or_null(warning.mix)}, {"text", warning.text}});
  return list;
}

std::vector<Warning> read_warnings(const Node& list) {
  std::vector<Warning> warnings;
  for (const Node& node : list.items()) {
    const auto mix = node.find("mix");
    warnings.push_back(
        {node.at("code").text(), mix ? std::optional(mix->text()) : std::nullopt, node.at("text").text()});
  }
  return warnings;
}

}  // namespace spotmix::reports
