// The `step` object, its memory and the `sources`, which result and explanation share. For the .cpp files of
// this folder.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "reports/results/report.h"

namespace spotmix::reports {

template <class Value, class Json = nlohmann::ordered_json>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// Null if the text is empty.
nlohmann::ordered_json text_or_null(const std::string& text);

nlohmann::ordered_json memory_json(const std::optional<MemoryFigures>& memory);
nlohmann::ordered_json error_json(const std::optional<StepErrorFigures>& error);
nlohmann::ordered_json step_json(const std::optional<StepFigures>& step);
nlohmann::ordered_json sources_json(const std::vector<models::Source>& sources);

/// Indented by two, with a line end; accepts names that are not UTF-8.
void write_document(const nlohmann::ordered_json& json, std::ostream& out);

}  // namespace spotmix::reports
