// A source of interruptions estimated from how long instances lived: maximum likelihood, with lives that were
// still going on when the trace ended (right-censored ones) counted as lasting at least so long.
//
// Lengths are taken as independent and identically distributed. Log-likelihoods are of lengths in hours.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/enums/enums.h"
#include "sim/market/lifetime.h"
#include "sim/market/trace_statistics.h"

namespace spotmix::sim {

/// How long one instance was seen to live.
struct ObservedLife {
  Duration length{0};
  bool ended = false;  ///< false: the trace ended before it did
};

/// The lives of instances that are held whenever they can be: the stretches of 1 of an availability. One that
/// was there when the window began is left out, since its age is not known; `left_out` counts those.
struct LifeSample {
  std::vector<ObservedLife> lives;
  std::size_t left_out = 0;
};
void append_lives(const AvailabilitySeries& series, LifeSample& sample);

/// The product-limit estimate of the share that lives longer than a length (Kaplan and Meier 1958): after
/// lengths[i] it is survival[i]; before the first it is 1. Lengths ascend, each with at least one end.
struct KaplanMeier {
  std::vector<double> length_hours;
  std::vector<double> survival;
  double longest_hours = 0;     ///< of all lives, ended or not
  double mean_hours = 0;        ///< of lives that count for `longest_hours` at most
  double mean_error_hours = 0;  ///< its standard error (Greenwood's)
};
KaplanMeier kaplan_meier(std::span<const ObservedLife> lives);

enum class LifetimeForm : std::uint8_t { exponential, weibull, bathtub };
constexpr auto enum_names(LifetimeForm) {
  using enum LifetimeForm;
  return enum_table<LifetimeForm>({{exponential, "exponential"}, {weibull, "weibull"}, {bathtub, "bathtub"}});
}

/// One form with its likeliest parameters, and how well they fit.
struct FittedLifetime {
  LifetimeForm form = LifetimeForm::exponential;
  double per_hour = 0;  ///< exponential
  double shape = 0;     ///< Weibull
  double scale_hours = 0;
  Bathtub bathtub;
  int parameters = 1;
  double log_likelihood = 0;
  double aic = 0;                 ///< 2 × parameters − 2 × log-likelihood (Akaike 1974): less is better
  double kolmogorov_smirnov = 0;  ///< greatest distance between its survival and Kaplan and Meier's
  double mean_hours = 0;

  std::shared_ptr<const LifetimeModel> model() const;
  /// The share that lives longer than `hours`.
  double survival(double hours) const;
};

struct LifetimeFits {
  std::size_t ended = 0;
  std::size_t cut_off = 0;   ///< right-censored
  double running_hours = 0;  ///< of all lives together
  KaplanMeier observed;
  std::vector<FittedLifetime> forms;  ///< in the order of LifetimeForm; the bathtub only with enough ends
  std::size_t best = 0;               ///< of `forms`, by AIC
};

/// The bathtub has six parameters; with fewer ends than this it is not tried.
inline constexpr std::size_t kFewestEndsOfBathtub = 30;

/// nullopt when no life was seen to end: then nothing is known of the hazard but that it is small.
std::optional<LifetimeFits> fit_lifetimes(std::span<const ObservedLife> lives);

}  // namespace spotmix::sim
