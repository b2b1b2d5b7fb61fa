// models/convergence/curves.json → the curves that ship.
#include <nlohmann/json.hpp>

#include "base/json/json_text.h"
#include "base/json/node.h"
#include "models/convergence/convergence.h"

namespace spotmix::models {

std::string_view convergence_curves_text();

namespace {

ConvergenceCurve read_curve(const Node& curve) {
  return {.benchmark = curve.at("benchmark").text(),
          .unit = curve.choice<ConvergenceUnit>("unit").value(),
          .minimum = curve.at("minimum").number(),
          .critical_batch = curve.at("critical_batch").number(),
          .run_spread = curve.at("run_spread").number(),
          .curve_error = curve.at("curve_error").number(),
          .smallest_batch = curve.at("smallest_batch").number(),
          .largest_batch = curve.at("largest_batch").number(),
          .samples_per_epoch = curve.number("samples_per_epoch")};
}

std::vector<ConvergenceCurve> read_curves() {
  const Node::Json document = parse_document(convergence_curves_text());
  std::vector<ConvergenceCurve> curves;
  for (const Node& curve : Node(document).at("curves").items()) curves.push_back(read_curve(curve));
  return curves;
}

}  // namespace

std::span<const ConvergenceCurve> convergence_curves() {
  static const std::vector<ConvergenceCurve> kCurves = read_curves();
  return kCurves;
}

}  // namespace spotmix::models
