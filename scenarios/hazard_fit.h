// A scenario's `interruptions.hazard` estimated from a trace, with how well it fits.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result/problem.h"
#include "scenarios/trace.h"
#include "sim/market/lifetime_fit.h"

namespace spotmix::scenarios {

struct FitOptions {
  std::vector<std::string> pools;         ///< such as "p3.2xlarge us-east-1a"; none: all of the trace
  std::optional<HourlyPrice> max_price;   ///< instances also end when the price goes above it
  std::optional<sim::LifetimeForm> form;  ///< none: the best by AIC
};

struct PoolLives {
  std::string pool;
  std::size_t ended = 0;
  std::size_t cut_off = 0;
};

struct HazardFit {
  std::string source;  ///< of the trace
  std::optional<HourlyPrice> max_price;
  std::vector<PoolLives> pools;
  std::size_t left_out = 0;  ///< lives that had begun before the trace
  sim::LifetimeFits fits;
  std::size_t chosen = 0;  ///< of fits.forms
};

/// One hazard for the lives of all pools together. Where a pool's capacity is a count, its k-th instance
/// lives while at least k are available.
Result<HazardFit> fit_hazard(const std::string& file, const Trace& trace, const FitOptions& options);

/// What goes under `hazard`: {"weibull": {"shape": …, "scale_h": …}}, on one line, to six digits.
std::string hazard_text(const sim::FittedLifetime& fit);

/// The document that `spotmix import --fit` writes: `interruptions`, which goes under `market` of a scenario,
/// and `fit`, which says where it is from and how good it is.
std::string fit_to_text(const HazardFit& fit);

}  // namespace spotmix::scenarios
