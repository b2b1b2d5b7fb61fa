#include "sim/market/lifetime_fit.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "sim/market/fits/fits.h"

namespace spotmix::sim {
namespace {

/// The greatest distance between the two survivals, just before and at each end that was seen.
double kolmogorov_smirnov(const KaplanMeier& observed, const FittedLifetime& fit) {
  double distance = 0;
  double before = 1;
  for (std::size_t i = 0; i < observed.survival.size(); ++i) {
    const double hours = observed.length_hours[i];
    const double just_before = fit.survival(std::nextafter(hours, 0));
    distance = std::max(
        {distance, std::abs(before - just_before), std::abs(observed.survival[i] - fit.survival(hours))});
    before = observed.survival[i];
  }
  return distance;
}

double bathtub_survival(const Bathtub& b, double hours) {
  if (hours >= b.cap_hours) return 0;
  const double late = b.cap_hours - b.late_hours_before_cap;
  const double hazard = b.early_per_hour * std::min(hours, b.early_hours) +
                        b.middle_per_hour * std::clamp(hours - b.early_hours, 0.0, late - b.early_hours) +
                        b.late_per_hour * std::max(0.0, hours - late);
  return std::exp(-hazard);
}

}  // namespace

void append_lives(const AvailabilitySeries& series, LifeSample& sample) {
  for (const Run& run : runs_of(series)) {
    if (!run.available) continue;
    if (run.began_before) {
      ++sample.left_out;
    } else {
      sample.lives.push_back({run.length, !run.cut_off});
    }
  }
}

KaplanMeier kaplan_meier(std::span<const ObservedLife> lives) {
  std::vector<ObservedLife> sorted(lives.begin(), lives.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const ObservedLife& a, const ObservedLife& b) { return a.length < b.length; });
  KaplanMeier result;
  std::vector<double> spread;  // d ÷ (n (n − d)) of d ends among n at risk: Greenwood's terms
  double survival = 1;
  double from = 0;
  for (std::size_t i = 0; i < sorted.size();) {
    const Duration length = sorted[i].length;
    const auto at_risk = static_cast<double>(sorted.size() - i);
    double ends = 0;
    for (; i < sorted.size() && sorted[i].length == length; ++i) ends += sorted[i].ended ? 1 : 0;
    const double hours = to_hours(length);
    result.mean_hours += survival * (hours - from);
    from = result.longest_hours = hours;
    if (ends == 0) continue;
    survival *= 1 - ends / at_risk;
    result.length_hours.push_back(hours);
    result.survival.push_back(survival);
    spread.push_back(at_risk > ends ? ends / (at_risk * (at_risk - ends)) : 0);
  }
  // Each term weighs with the square of the mean's part that lies beyond its length.
  double beyond = 0;
  double until = result.longest_hours;
  double variance = 0;
  for (std::size_t i = spread.size(); i-- > 0;) {
    beyond += result.survival[i] * (until - result.length_hours[i]);
    until = result.length_hours[i];
    variance += beyond * beyond * spread[i];
  }
  result.mean_error_hours = std::sqrt(variance);
  return result;
}

std::shared_ptr<const LifetimeModel> FittedLifetime::model() const {
  switch (form) {
    case LifetimeForm::exponential:
      return exponential_lifetime(per_hour);
    case LifetimeForm::weibull:
      return weibull_lifetime(shape, scale_hours);
    case LifetimeForm::bathtub:
      return bathtub_lifetime(bathtub);
  }
  return nullptr;
}

double FittedLifetime::survival(double hours) const {
  switch (form) {
    case LifetimeForm::exponential:
      return std::exp(-per_hour * hours);
    case LifetimeForm::weibull:
      return std::exp(-std::pow(hours / scale_hours, shape));
    case LifetimeForm::bathtub:
      return bathtub_survival(bathtub, hours);
  }
  return 0;
}

std::optional<LifetimeFits> fit_lifetimes(std::span<const ObservedLife> lives) {
  std::vector<fits::Life> sorted;
  LifetimeFits result;
  for (const ObservedLife& life : lives) {
    if (life.length <= Duration{0}) continue;
    sorted.push_back({to_hours(life.length), life.ended});
    (life.ended ? result.ended : result.cut_off) += 1;
    result.running_hours += to_hours(life.length);
  }
  if (result.ended == 0) return std::nullopt;
  std::sort(sorted.begin(), sorted.end(),
            [](const fits::Life& a, const fits::Life& b) { return a.hours < b.hours; });
  result.observed = kaplan_meier(lives);
  assert(std::any_of(sorted.begin(), sorted.end(), [](const fits::Life& life) { return life.ended; }));
  result.forms = {fits::exponential(sorted), fits::weibull(sorted)};
  if (result.ended >= kFewestEndsOfBathtub) {
    const FittedLifetime bathtub = fits::bathtub(sorted);
    if (std::isfinite(bathtub.log_likelihood)) result.forms.push_back(bathtub);
  }
  for (FittedLifetime& fit : result.forms) {
    fit.aic = 2 * fit.parameters - 2 * fit.log_likelihood;
    fit.mean_hours = fit.model()->mean_hours();
    fit.kolmogorov_smirnov = kolmogorov_smirnov(result.observed, fit);
  }
  const auto best =
      std::min_element(result.forms.begin(), result.forms.end(),
                       [](const FittedLifetime& a, const FittedLifetime& b) { return a.aic < b.aic; });
  result.best = static_cast<std::size_t>(best - result.forms.begin());
  return result;
}

}  // namespace spotmix::sim
