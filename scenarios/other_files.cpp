#include "scenarios/other_files.h"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

namespace spotmix::scenarios {
namespace {

using nlohmann::json;

/// Discarded if the text is not JSON.
json parsed(const std::string& text) {
  return json::parse(text, nullptr, false);
}

void collect(const json& value, std::set<std::string>& texts) {
  if (value.is_string()) texts.insert(value.get<std::string>());
  if (!value.is_structured()) return;
  for (const json& child : value) collect(child, texts);
}

}  // namespace

std::string_view other_file(std::string_view beginning) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kMarks{
      {{"\"spotmix_trace\"",
        "a trace, expected a scenario; one names it under market.prices or market.capacity, and "
        "`spotmix trace info` shows it"},
       {"\"spotmix_catalog\"", "a catalogue of instance types, expected a scenario"},
       {"\"spotmix_spot_advisor\"",
        "bands of the Spot Advisor, expected a scenario; one names them under "
        "market.interruptions.hazard.spot_advisor_data"},
       {"\"spotmix-kernel-profile\"",
        "a kernel profile, expected a scenario; `spotmix profile show` shows it"},
       {"\"baseline_version\"",
        "a baseline, expected a scenario; `spotmix check --baseline` compares with it"},
       {"\"traceEvents\"", "a timeline, expected a scenario; Perfetto shows it"},
       {"\"spotmix_version\"", "a result, expected a scenario; `spotmix report` shows it"}}};
  for (const auto& [mark, kind] : kMarks) {
    if (beginning.substr(0, kTellingBytes).find(mark) != std::string_view::npos) return kind;
  }
  return {};
}

bool may_be_scenario(const std::string& text) {
  const json document = parsed(text);
  if (document.is_discarded()) return true;
  return document.is_object() &&
         (document.contains("workload") || document.contains("market") || document.contains("mixes"));
}

std::set<std::string> texts_in(const std::string& text) {
  std::set<std::string> texts;
  if (const json document = parsed(text); !document.is_discarded()) collect(document, texts);
  return texts;
}

}  // namespace spotmix::scenarios
