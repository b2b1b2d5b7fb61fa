#include "scenarios/hazard_fit.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text/nearest.h"
#include "base/units/digits.h"

namespace spotmix::scenarios {
namespace {

using Json = nlohmann::ordered_json;

/// What the data can tell, and the same text on machines whose logarithms differ in the last bit.
double rounded(double value) {
  return to_digits(value, 6);
}

std::string pool_name(const TracePool& pool) {
  return pool.instance + " " + pool.zone + (pool.product.empty() ? "" : " " + pool.product);
}

/// When at least `level` instances are available.
CapacitySeries at_least(const CapacitySeries& capacity, int level) {
  CapacitySeries series = capacity;
  for (int& value : series.value) value = value >= level ? 1 : 0;
  return series;
}

sim::LifeSample lives_of(const TracePool& pool, std::optional<HourlyPrice> max_price) {
  const PriceSeries* prices = pool.prices ? &*pool.prices : nullptr;
  sim::LifeSample sample;
  if (!pool.capacity) {
    sim::append_lives(sim::availability(nullptr, prices, max_price), sample);
    return sample;
  }
  const std::vector<int>& values = pool.capacity->series.value;
  const int most = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
  for (int level = 1; level <= (pool.capacity->binary ? 1 : most); ++level) {
    const CapacitySeries capacity = at_least(pool.capacity->series, level);
    sim::append_lives(sim::availability(&capacity, prices, max_price), sample);
  }
  return sample;
}

Json hazard_json(const sim::FittedLifetime& fit) {
  const sim::Bathtub& b = fit.bathtub;
  switch (fit.form) {
    case sim::LifetimeForm::exponential:
      return {{"per_hour", rounded(fit.per_hour)}};
    case sim::LifetimeForm::weibull:
      return {{"weibull", {{"shape", rounded(fit.shape)}, {"scale_h", rounded(fit.scale_hours)}}}};
    case sim::LifetimeForm::bathtub:
      return {{"bathtub",
               {{"early_per_hour", rounded(b.early_per_hour)},
                {"early_h", rounded(b.early_hours)},
                {"middle_per_hour", rounded(b.middle_per_hour)},
                {"late_per_hour", rounded(b.late_per_hour)},
                {"late_h_before_cap", rounded(b.late_hours_before_cap)},
                {"cap_h", rounded(b.cap_hours)}}}};
  }
  return {};
}

Problem nothing_ended(const std::string& file, const HazardFit& fit, std::size_t lives) {
  std::string message = fmt::format(
      "found {} of which none was seen to end, expected at least one: without, a hazard cannot be told from "
      "0",
      lives == 1 ? "one life" : fmt::format("{} lives", lives));
  if (lives == 0) {
    message = fit.max_price
                  ? "found no time at which an instance began to be had, expected at least one"
                  : "found no capacity that rises and falls, expected it, or prices and --max-price";
  }
  return {file, "", message};
}

}  // namespace

Result<HazardFit> fit_hazard(const std::string& file, const Trace& trace, const FitOptions& options) {
  std::vector<std::string> names;
  for (const TracePool& pool : trace.pools) names.push_back(pool_name(pool));
  Problems problems;
  for (const std::string& asked : options.pools) {
    if (std::find(names.begin(), names.end(), asked) != names.end()) continue;
    problems.push_back({file, "--pool",
                        fmt::format("found {}, expected {}{}", in_quotes(asked), one_of(names),
                                    did_you_mean(asked, names))});
  }
  if (!problems.empty()) return problems;

  HazardFit fit;
  fit.source = trace.source;
  fit.max_price = options.max_price;
  std::vector<sim::ObservedLife> lives;
  for (std::size_t i = 0; i < trace.pools.size(); ++i) {
    const bool wanted = options.pools.empty() || std::find(options.pools.begin(), options.pools.end(),
                                                           names[i]) != options.pools.end();
    if (!wanted) continue;
    const sim::LifeSample sample = lives_of(trace.pools[i], options.max_price);
    const auto ended = static_cast<std::size_t>(std::count_if(
        sample.lives.begin(), sample.lives.end(), [](const sim::ObservedLife& life) { return life.ended; }));
    fit.pools.push_back({names[i], ended, sample.lives.size() - ended});
    fit.left_out += sample.left_out;
    lives.insert(lives.end(), sample.lives.begin(), sample.lives.end());
  }
  auto fits = sim::fit_lifetimes(lives);
  if (!fits) return nothing_ended(file, fit, lives.size());
  fit.fits = std::move(*fits);
  fit.chosen = fit.fits.best;
  if (!options.form) return fit;
  const auto found = std::find_if(fit.fits.forms.begin(), fit.fits.forms.end(),
                                  [&](const sim::FittedLifetime& f) { return f.form == *options.form; });
  if (found == fit.fits.forms.end()) {
    return Problem{file, "--distribution",
                   fmt::format("found \"bathtub\" for {} lives that ended, expected at least {}",
                               fit.fits.ended, sim::kFewestEndsOfBathtub)};
  }
  fit.chosen = static_cast<std::size_t>(found - fit.fits.forms.begin());
  return fit;
}

std::string hazard_text(const sim::FittedLifetime& fit) {
  return hazard_json(fit).dump();
}

std::string fit_to_text(const HazardFit& fit) {
  Json forms = Json::array();
  for (const sim::FittedLifetime& form : fit.fits.forms) {
    forms.push_back({{"distribution", name_of(form.form)},
                     {"hazard", hazard_json(form)},
                     {"parameters", form.parameters},
                     {"log_likelihood", rounded(form.log_likelihood)},
                     {"aic", rounded(form.aic)},
                     {"kolmogorov_smirnov", rounded(form.kolmogorov_smirnov)},
                     {"mean_lifetime_h", rounded(form.mean_hours)}});
  }
  Json pools = Json::array();
  for (const PoolLives& pool : fit.pools)
    pools.push_back({{"pool", pool.pool}, {"ended", pool.ended}, {"censored", pool.cut_off}});
  const sim::LifetimeFits& fits = fit.fits;
  Json document;
  document["interruptions"]["hazard"] = hazard_json(fits.forms[fit.chosen]);
  document["fit"] = {
      {"source", fit.source},
      {"max_price_usd_per_h", fit.max_price ? Json(to_usd_per_hour(*fit.max_price)) : Json(nullptr)},
      {"runs", fits.ended + fits.cut_off},
      {"censored", fits.cut_off},
      {"left_out", fit.left_out},
      {"running_h", rounded(fits.running_hours)},
      {"hours_per_interruption", rounded(fits.running_hours / static_cast<double>(fits.ended))},
      {"kaplan_meier_mean_h", rounded(fits.observed.mean_hours)},
      {"kaplan_meier_mean_error_h", rounded(fits.observed.mean_error_hours)},
      {"longest_run_h", rounded(fits.observed.longest_hours)},
      {"chosen", name_of(fits.forms[fit.chosen].form)},
      {"distributions", forms},
      {"pools", pools}};
  return document.dump(2) + "\n";
}

}  // namespace spotmix::scenarios
