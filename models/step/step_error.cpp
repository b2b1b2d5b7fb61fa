#include "models/step/step_error.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string_view>

#include "base/units/digits.h"

namespace spotmix::models {
namespace {

/// What is not known is off by as much as published figures for other devices were.
constexpr double kUnknownError = 0.3;

/// Half of a standard normal distribution lies within so much of its mean.
constexpr double kHalfWithin = 0.6745;

constexpr std::string_view kInside = "collectives inside an instance";
constexpr std::string_view kBetween = "collectives between instances";

/// A source and the share of the step that rests on it.
struct Weight {
  std::string source;
  double share = 0;
};

bool has_source(const StepBreakdown& step, std::string_view figure) {
  return std::any_of(step.sources.begin(), step.sources.end(),
                     [&](const Source& source) { return source.figure == figure; });
}

/// Devices of several kinds have a source each: the mean of their squared errors.
double squared_error(const StepBreakdown& step, std::string_view figure) {
  double sum = 0;
  int count = 0;
  for (const Source& source : step.sources) {
    if (source.figure != figure) continue;
    const double error = source.error.value_or(kUnknownError);
    sum += error * error;
    ++count;
  }
  return count == 0 ? kUnknownError * kUnknownError : sum / count;
}

std::vector<Weight> weights_of(const StepBreakdown& step) {
  const double communicates = step.exposed_communication_s / step.time_s;
  const double parts_s = step.compute.total_s();
  const auto computes = [&](double part_s) {
    return parts_s > 0 ? part_s / parts_s * (1 - communicates) : 0;
  };
  return {{"matrix products", computes(step.compute.products_s)},
          {"fused attention", computes(step.compute.attention_s)},
          {"memory-bound work", computes(step.compute.memory_s)},
          {"framework's own time", computes(step.compute.framework_s)},
          {std::string(has_source(step, kBetween) ? kBetween : kInside), communicates}};
}

}  // namespace

double sigma_of_error(double error) {
  assert(error >= 0);
  return to_digits(std::log1p(error) / kHalfWithin);
}

StepError step_error(const StepBreakdown& step) {
  assert(step.feasible() && step.time_s > 0 && !step.sources.empty());
  StepError error;
  double squares = 0;
  for (const Weight& weight : weights_of(step)) {
    if (weight.share <= 0) continue;
    error.by_cause.push_back({weight.source, weight.share * squared_error(step, weight.source)});
    squares += error.by_cause.back().share;
  }
  if (squares == 0) return {};
  for (StepError::Cause& cause : error.by_cause) cause.share = to_digits(cause.share / squares);
  std::stable_sort(error.by_cause.begin(), error.by_cause.end(),
                   [](const auto& a, const auto& b) { return a.share > b.share; });
  error.sigma = sigma_of_error(std::sqrt(squares));
  return error;
}

}  // namespace spotmix::models
