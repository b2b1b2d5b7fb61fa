#include "reports/json/explanation_json.h"

#include "reports/json/result_json.h"
#include "reports/json/sources_json.h"
#include "reports/json/step_json.h"

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;

Json layer_json(const LayerFigures& layer) {
  return {{"name", layer.name},
          {"repeat", layer.repeat},
          {"parameters", layer.parameters},
          {"forward_flop_per_sample", layer.forward_flop},
          {"training_flop_per_sample", layer.training_flop},
          {"forward_s", or_null(layer.forward_s)},
          {"backward_s", or_null(layer.backward_s)}};
}

Json mix_json(const ExplainedMix& mix) {
  Json layers = Json::array();
  for (const LayerFigures& layer : mix.layers) layers.push_back(layer_json(layer));
  return {{"name", mix.name},
          {"feasible", !mix.infeasible_reason.has_value()},
          {"infeasible_reason", or_null(mix.infeasible_reason)},
          {"step", step_json(mix.step)},
          {"layers", layers},
          {"sources", sources_json(mix.sources)}};
}

Json explanation_json(const Explanation& explanation) {
  Json mixes = Json::array();
  for (const ExplainedMix& mix : explanation.mixes) mixes.push_back(mix_json(mix));
  return {{"schema_version", kResultSchemaVersion},
          {"spotmix_version", explanation.spotmix_version},
          {"scenario", explanation.scenario},
          {"mixes", mixes}};
}

}  // namespace

void write_explanation_json(const Explanation& explanation, std::ostream& out) {
  write_document(explanation_json(explanation), out);
}

void write_explanations_json(std::string_view spotmix_version, const std::vector<Explanation>& explanations,
                             std::ostream& out) {
  Json list = Json::array();
  for (const Explanation& explanation : explanations) list.push_back(explanation_json(explanation));
  write_document({{"schema_version", kResultSchemaVersion},
                  {"spotmix_version", spotmix_version},
                  {"explanations", list}},
                 out);
}

}  // namespace spotmix::reports
