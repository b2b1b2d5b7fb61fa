#include "models/collectives/measured.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/statistics/quantile.h"
#include "models/collectives/fitted_costs.h"

namespace spotmix::models {
namespace {

/// Sorted by bytes, one sample per size.
std::vector<TimeSample> merged(std::vector<TimeSample> samples) {
  std::ranges::sort(samples, {}, &TimeSample::bytes);
  std::vector<TimeSample> result;
  for (std::size_t i = 0; i < samples.size();) {
    std::vector<double> same;
    const double bytes = samples[i].bytes;
    for (; i < samples.size() && samples[i].bytes == bytes; ++i) same.push_back(samples[i].time_s);
    result.push_back({bytes, median(same)});
  }
  return result;
}

void undisturb(std::vector<TimeSample>& samples) {
  double fastest_larger = samples.back().time_s;
  for (std::size_t i = samples.size(); i-- > 0;) {
    if (samples[i].time_s > collective_figures().disturbed * fastest_larger)
      samples[i].time_s = fastest_larger;
    fastest_larger = std::min(fastest_larger, samples[i].time_s);
  }
}

double interpolate(const std::vector<double>& x, const std::vector<double>& y, double at) {
  if (at <= x.front()) return y.front();
  if (at >= x.back()) return y.back();
  const auto above = static_cast<std::size_t>(std::ranges::upper_bound(x, at) - x.begin());
  return std::lerp(y[above - 1], y[above], (at - x[above - 1]) / (x[above] - x[above - 1]));
}

}  // namespace

MeasuredSeries::MeasuredSeries(std::vector<TimeSample> samples, Model model) : model_(std::move(model)) {
  assert(!samples.empty());
  samples = merged(std::move(samples));
  undisturb(samples);
  const std::size_t few = std::min<std::size_t>(3, samples.size());
  std::vector<double> first;
  for (std::size_t i = 0; i < few; ++i) first.push_back(samples[i].time_s);
  latency_s_ = median(first);
  s_per_byte_ = samples.back().time_s / samples.back().bytes;
  for (const TimeSample& sample : samples) {
    log_bytes_.push_back(std::log(sample.bytes));
    log_shape_ratio_.push_back(std::log(sample.time_s / shape_s(sample.bytes)));
    if (model_) log_model_ratio_.push_back(std::log(sample.time_s / model_(sample.bytes)));
  }
}

double MeasuredSeries::time_s(double bytes) const {
  const double at = std::log(bytes);
  const double by_shape = std::log(shape_s(bytes)) + interpolate(log_bytes_, log_shape_ratio_, at);
  if (!model_) return std::exp(by_shape);
  const double by_model = std::log(model_(bytes)) + interpolate(log_bytes_, log_model_ratio_, at);
  return std::exp(0.5 * (by_shape + by_model));
}

std::vector<int> neighbouring_ranks(std::vector<int> measured, int ranks) {
  assert(!measured.empty());
  std::ranges::sort(measured, {}, [&](int n) { return std::abs(std::log2(n) - std::log2(ranks)); });
  const auto below = std::ranges::find_if(measured, [&](int n) { return n < ranks; });
  const auto above = std::ranges::find_if(measured, [&](int n) { return n > ranks; });
  if (below != measured.end() && above != measured.end()) return {*below, *above};
  measured.resize(1);
  return measured;
}

double across_ranks(const std::vector<int>& ranks, const std::vector<double>& value, int at) {
  if (ranks.size() == 1) return value[0];
  const double low = std::log2(ranks[0]);
  const double high = std::log2(ranks[1]);
  return std::lerp(value[0], value[1], (std::log2(at) - low) / (high - low));
}

}  // namespace spotmix::models
