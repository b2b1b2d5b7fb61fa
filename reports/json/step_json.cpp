#include "reports/json/step_json.h"

#include <nlohmann/json.hpp>

#include "reports/json/figure_json.h"
#include "reports/json/parallelism_json.h"

namespace spotmix::reports {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json memory_json(const std::optional<MemoryFigures>& memory) {
  StepFigures step;
  step.memory = memory;
  return figure_json(figure_named("step.memory_gib"), {}, step);
}

Json error_json(const std::optional<StepErrorFigures>& error) {
  if (!error) return nullptr;
  Json by_cause = Json::object();
  for (const auto& [source, share] : error->by_cause) by_cause[source] = share;
  return {{"sigma", error->sigma}, {"by_cause", std::move(by_cause)}};
}

Json step_json(const std::optional<StepFigures>& step) {
  if (!step) return nullptr;
  Json json;
  set_figures(json, true, {}, *step);
  json["error"] = error_json(step->error);
  json["parallelism"] = step->parallelism ? parallelism_json(*step->parallelism) : Json(nullptr);
  return json;
}

Json sources_json(const std::vector<models::Source>& sources) {
  auto list = Json::array();
  for (const models::Source& source : sources) {
    list.push_back({{"figure", source.figure},
                    {"kind", name_of(source.kind)},
                    {"from", source.from},
                    {"citation", source.citation},
                    {"median_error", or_null(source.error)}});
  }
  return list;
}

void write_document(const Json& json, std::ostream& out) {
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace spotmix::reports
