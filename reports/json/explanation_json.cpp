#include "reports/json/explanation_json.h"

#include <nlohmann/json.hpp>

#include "reports/json/figure_json.h"
#include "reports/json/parallelism_json.h"
#include "reports/json/result_json.h"
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
          {"backward_s", or_null(layer.backward_s)},
          {"communication_s", or_null(layer.communication_s)}};
}

Json communication_json(const std::optional<CommunicationFigures>& parts) {
  if (!parts) return nullptr;
  return {{"in_layers", parts->in_layers_s},
          {"weights", parts->weights_s},
          {"between_stages", parts->between_stages_s},
          {"gradients", parts->gradients_s},
          {"tied_embeddings", parts->tied_embeddings_s}};
}

Json runners_up_json(const std::vector<RunnerUp>& runners_up) {
  Json list = Json::array();
  for (const RunnerUp& other : runners_up) {
    list.push_back({{"parallelism", parallelism_json(other.parallelism)},
                    {"time_s", or_null(other.time_s)},
                    {"memory_per_device_gib", or_null(other.memory_per_device_gib)},
                    {"why", other.why}});
  }
  return list;
}

Json phases_json(const std::vector<PhaseFigures>& phases) {
  Json list = Json::array();
  for (const PhaseFigures& phase : phases) {
    list.push_back({{"name", phase.name},
                    {"samples", phase.samples},
                    {"global_batch", phase.global_batch},
                    {"image_size", or_null(phase.image_size)},
                    {"sequence_length", or_null(phase.sequence_length)},
                    {"step_s", or_null(phase.step_s)}});
  }
  return list;
}

Json mix_json(const ExplainedMix& mix) {
  Json layers = Json::array();
  for (const LayerFigures& layer : mix.layers) layers.push_back(layer_json(layer));
  const bool divided = mix.step && mix.step->parallelism;
  const Json parallelism = divided ? parallelism_json(*mix.step->parallelism) : Json(nullptr);
  return {{"name", mix.name},
          {"feasible", !mix.infeasible_reason.has_value()},
          {"infeasible_reason", or_null(mix.infeasible_reason)},
          {"step", step_json(mix.step)},
          {"rates", figure_json(figure_named("rates"), {}, mix.step.value_or(StepFigures{}))},
          {"parallelism", parallelism},
          {"memory_gib", memory_json(mix.memory)},
          {"communication_s", communication_json(mix.communication)},
          {"why", text_or_null(mix.why)},
          {"considered", mix.considered},
          {"runners_up", runners_up_json(mix.runners_up)},
          {"phases", phases_json(mix.phases)},
          {"layers", layers},
          {"sources", sources_json(mix.sources)}};
}

Json explanation_json(const Explanation& explanation) {
  Json mixes = Json::array();
  for (const ExplainedMix& mix : explanation.mixes) mixes.push_back(mix_json(mix));
  Json json = {{"schema_version", kResultSchemaVersion},
               {"spotmix_version", explanation.spotmix_version},
               {"scenario", explanation.scenario}};
  if (!explanation.settings.empty()) json["settings"] = explanation.settings;
  json["mixes"] = mixes;
  return json;
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
