#include "reports/json/figure_json.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "reports/json/step_json.h"

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;

Json interval_json(const Figure& figure, const sim::MixResult& mix, const StepFigures& step) {
  const auto low = figure.interval[0].get(mix, step);
  const auto high = figure.interval[1].get(mix, step);
  return low && high ? Json::array({*low, *high}) : Json(nullptr);
}

/// What is derived from other figures is not kept.
void set(const FigurePart& part, sim::MixResult& mix, StepFigures& step, double value) {
  if (part.set) part.set(mix, step, value);
}

void read_number(const Node& object, const std::string& key, const FigurePart& part, sim::MixResult& mix,
                 StepFigures& step) {
  const auto node = part.always_known ? object.at(key) : object.find(key);
  if (node) set(part, mix, step, node->number());
}

void read_interval(const Node& node, const Figure& figure, sim::MixResult& mix, StepFigures& step) {
  const std::vector<Node> ends = node.items();
  if (ends.size() != 2) node.expected("two numbers");
  for (std::size_t end : {0U, 1U}) set(figure.interval[end], mix, step, ends[end].number());
}

/// An object of numbers, or a number alone.
void read_figure(const Node& object, const Figure& figure, sim::MixResult& mix, StepFigures& step) {
  const std::string key(figure.key());
  const auto node = figure.always_known ? object.at(key) : object.find(key);
  if (!node) return;
  switch (figure.kind) {
    case FigureKind::number:
      return set(figure.parts.front(), mix, step, node->number());
    case FigureKind::proportion:
      set(figure.parts.front(), mix, step, node->number());
      if (const auto ci95 = object.find(key + "_ci95")) read_interval(*ci95, figure, mix, step);
      return;
    case FigureKind::distribution:
    case FigureKind::parts:
      for (const FigurePart& part : figure.parts) read_number(*node, part.name, part, mix, step);
      if (figure.interval.empty()) return;
      if (const auto ci95 = node->find("ci95")) read_interval(*ci95, figure, mix, step);
  }
}

}  // namespace

Json figure_json(const Figure& figure, const sim::MixResult& mix, const StepFigures& step) {
  const auto is_known = [&](const FigurePart& part) { return part.get(mix, step).has_value(); };
  if (std::none_of(figure.parts.begin(), figure.parts.end(), is_known)) return nullptr;
  if (figure.kind == FigureKind::number || figure.kind == FigureKind::proportion)
    return *figure.parts.front().get(mix, step);
  Json object;
  for (const FigurePart& part : figure.parts) object[part.name] = or_null(part.get(mix, step));
  if (!figure.interval.empty()) object["ci95"] = interval_json(figure, mix, step);
  return object;
}

void set_figures(Json& object, bool of_step, const sim::MixResult& mix, const StepFigures& step) {
  for (const Figure& figure : figures()) {
    if (figure.of_step != of_step) continue;
    const std::string key(figure.key());
    Json& at = figure.group().empty() ? object : object[std::string(figure.group())];
    at[key] = figure_json(figure, mix, step);
    if (figure.kind == FigureKind::proportion) at[key + "_ci95"] = interval_json(figure, mix, step);
  }
}

void read_figures(const Node& object, bool of_step, sim::MixResult& mix, StepFigures& step) {
  for (const Figure& figure : figures()) {
    if (figure.of_step != of_step) continue;
    const auto at = figure.group().empty() ? std::optional(object) : object.find(std::string(figure.group()));
    if (at) read_figure(*at, figure, mix, step);
  }
}

}  // namespace spotmix::reports
