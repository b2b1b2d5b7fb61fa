#include "reports/json/step_json.h"

#include "reports/json/parallelism_json.h"

namespace spotmix::reports {

using Json = nlohmann::ordered_json;

Json memory_json(const std::optional<MemoryFigures>& memory) {
  if (!memory) return nullptr;
  return {{"parameters", memory->parameters},
          {"gradients", memory->gradients},
          {"optimizer", memory->optimizer},
          {"activations", memory->activations},
          {"buffers", memory->buffers},
          {"reserved", memory->reserved},
          {"limit", memory->limit}};
}

Json step_json(const std::optional<StepFigures>& step) {
  if (!step) return nullptr;
  const Json parallelism = step->parallelism ? parallelism_json(*step->parallelism) : Json(nullptr);
  return {{"time_s", or_null(step->time_s)},
          {"compute_s", or_null(step->compute_s)},
          {"communication_s", or_null(step->communication_s)},
          {"exposed_communication_s", or_null(step->exposed_communication_s)},
          {"bubble_s", or_null(step->bubble_s)},
          {"samples_per_s", or_null(step->samples_per_s)},
          {"memory_per_device_gib", or_null(step->memory_per_device_gib)},
          {"memory_gib", memory_json(step->memory)},
          {"parallelism", parallelism}};
}

void write_document(const Json& json, std::ostream& out) {
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace spotmix::reports
