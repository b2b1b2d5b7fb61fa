// Fits the samples of a profile: the roofline of each group, then the residual of all groups of a precision
// class.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/statistics/quantile.h"
#include "base/units/digits.h"
#include "models/kernels/fitted_figures.h"
#include "models/kernels/matmul_data.h"
#include "models/kernels/robust_least_squares.h"

namespace spotmix::models {
namespace {

constexpr std::size_t kParameters = 6;
constexpr int kParameterDigits = 5;  ///< Significant digits that the file keeps.
using LogParameters = std::array<double, kParameters>;

LogParameters to_logs(const RooflineParameters& p) {
  return {std::log(p.compute_share), std::log(p.bandwidth_share), std::log(p.launch_s),
          std::log(p.cache_balance), std::log(p.per_tile_s),      std::log(p.slicing_s)};
}

RooflineParameters from_logs(std::span<const double> p) {
  return {std::exp(p[0]), std::exp(p[1]), std::exp(p[2]), std::exp(p[3]), std::exp(p[4]), std::exp(p[5])};
}

RooflineParameters as_kept(const RooflineParameters& p) {
  return {to_digits(p.compute_share, kParameterDigits), to_digits(p.bandwidth_share, kParameterDigits),
          to_digits(p.launch_s, kParameterDigits),      to_digits(p.cache_balance, kParameterDigits),
          to_digits(p.per_tile_s, kParameterDigits),    to_digits(p.slicing_s, kParameterDigits)};
}

double mean_log_error(const DeviceLimits& limits, const RooflineParameters& roofline,
                      const MatmulSamples& samples) {
  double sum = 0.0;
  for (std::size_t i = 0; i < samples.shapes.size(); ++i) {
    sum += std::abs(std::log(roofline_time(limits, roofline, samples.shapes[i], samples.precision).time_s /
                             samples.median_s[i]));
  }
  return sum / static_cast<double>(samples.shapes.size());
}

RooflineParameters fit_tiled(const DeviceLimits& limits, const MatmulSamples& samples) {
  const auto residuals = [&](std::span<const double> p, std::span<double> out) {
    const RooflineParameters roofline = from_logs(p);
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = std::log(roofline_time(limits, roofline, samples.shapes[i], samples.precision).time_s /
                        samples.median_s[i]);
    }
  };
  const LogParameters centre = to_logs(kernel_figures().tiled_starts.front());
  RooflineParameters best;
  double best_error = std::numeric_limits<double>::infinity();
  for (const RooflineParameters& start : kernel_figures().tiled_starts) {
    const RooflineParameters found =
        as_kept(from_logs(robust_least_squares(residuals, samples.shapes.size(), to_logs(start), centre)));
    if (const double error = mean_log_error(limits, found, samples); error < best_error) {
      best_error = error;
      best = found;
    }
  }
  return best;
}

PlainRooflineParameters fit_plain(const DeviceLimits& limits, const MatmulSamples& samples) {
  const auto from = [](std::span<const double> p) {
    return PlainRooflineParameters{std::exp(p[0]), std::exp(p[1]), std::exp(p[2])};
  };
  const auto residuals = [&](std::span<const double> p, std::span<double> out) {
    const PlainRooflineParameters plain = from(p);
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = std::log(plain_roofline_s(limits, plain, samples.shapes[i], samples.precision) /
                        samples.median_s[i]);
    }
  };
  const PlainRooflineParameters start;
  const std::array logs{std::log(start.compute_share), std::log(start.bandwidth_share),
                        std::log(start.launch_s)};
  const PlainRooflineParameters found =
      from(robust_least_squares(residuals, samples.shapes.size(), logs, logs));
  return {to_digits(found.compute_share, kParameterDigits),
          to_digits(found.bandwidth_share, kParameterDigits), to_digits(found.launch_s, kParameterDigits)};
}

/// Fits the residual of one view, `view(samples, shape)`, over all groups of a precision class.
template <typename View>
ResidualFit fit_view(std::span<MatmulSamples* const> groups, double noise, View view) {
  ResidualSamples all{.dimensions = kMatmulCoordinates, .coordinates = {}, .residuals = {}, .group = {}};
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const MatmulSamples& samples = *groups[g];
    for (std::size_t i = 0; i < samples.shapes.size(); ++i) {
      const MatmulView viewed = view(samples, samples.shapes[i]);
      all.coordinates.insert(all.coordinates.end(), viewed.coordinates.begin(), viewed.coordinates.end());
      all.residuals.push_back(std::log(samples.median_s[i] / viewed.time_s));
      all.group.push_back(g);
    }
  }
  return fit_residual(all, kernel_figures().library_coupling, noise);
}

void fit_residuals(const DeviceLimits& limits, std::span<MatmulSamples* const> groups) {
  const ResidualFit tiled = fit_view(
      groups, kernel_figures().tiled.noise, [&](const MatmulSamples& samples, const MatmulShape& shape) {
        return tiled_view(limits, samples.fit->tiled, shape, samples.precision);
      });
  const ResidualFit plain = fit_view(
      groups, kernel_figures().plain.noise, [&](const MatmulSamples& samples, const MatmulShape& shape) {
        return plain_view(limits, samples.fit->plain, shape, samples.precision);
      });
  std::size_t next = 0;
  for (MatmulSamples* samples : groups) {
    std::vector<double> errors;
    for (std::size_t i = 0; i < samples->shapes.size(); ++i, ++next) {
      samples->fit->tiled_weights.push_back(to_digits(tiled.weights[next], kParameterDigits));
      samples->fit->plain_weights.push_back(to_digits(plain.weights[next], kParameterDigits));
      const double left_out = 0.5 * (tiled.left_out_residuals[next] + plain.left_out_residuals[next]);
      errors.push_back(std::abs(std::expm1(-left_out)));
    }
    samples->fit->left_out_median_error = to_digits(upper_median(errors), 3);
  }
}

}  // namespace

void fit_matmul(KernelProfile& profile) {
  for (MatmulSamples& samples : profile.matmul) {
    samples.fit.emplace().tiled = fit_tiled(profile.limits, samples);
    samples.fit->plain = fit_plain(profile.limits, samples);
  }
  std::vector<bool> done(profile.matmul.size(), false);
  for (std::size_t i = 0; i < profile.matmul.size(); ++i) {
    if (done[i]) continue;
    std::vector<MatmulSamples*> groups;
    for (std::size_t j = i; j < profile.matmul.size(); ++j) {
      if (!same_precision_class(profile.matmul[i].precision, profile.matmul[j].precision)) continue;
      groups.push_back(&profile.matmul[j]);
      done[j] = true;
    }
    fit_residuals(profile.limits, groups);
  }
}

}  // namespace spotmix::models
