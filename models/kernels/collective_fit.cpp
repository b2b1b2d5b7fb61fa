#include "models/kernels/collective_fit.h"

#include <cmath>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include "base/statistics/quantile.h"

namespace spotmix::models {
namespace {

double median_relative_error(const CollectiveFit& fit, const std::vector<double>& bytes,
                             const std::vector<double>& time_s) {
  std::vector<double> errors;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    errors.push_back(std::abs((fit.latency_s + fit.seconds_per_byte * bytes[i]) / time_s[i] - 1.0));
  return upper_median(std::move(errors));
}

}  // namespace

CollectiveFit fit_line(std::int64_t ranks, const std::vector<double>& bytes,
                       const std::vector<double>& time_s) {
  if (std::set<double>(bytes.begin(), bytes.end()).size() < 2)
    throw std::invalid_argument("a line needs at least two sizes");
  // With weights 1/t² the equations are those of (1/t, bytes/t) → 1.
  double aa = 0, ab = 0, bb = 0, a1 = 0, b1 = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const double a = 1.0 / time_s[i], b = bytes[i] / time_s[i];
    aa += a * a;
    ab += a * b;
    bb += b * b;
    a1 += a;
    b1 += b;
  }
  const double determinant = aa * bb - ab * ab;
  CollectiveFit fit;
  fit.ranks = ranks;
  fit.latency_s = (a1 * bb - b1 * ab) / determinant;
  fit.seconds_per_byte = (aa * b1 - ab * a1) / determinant;
  if (!(fit.latency_s >= 0.0)) {
    fit.latency_s = 0.0;
    fit.seconds_per_byte = b1 / bb;
  } else if (!(fit.seconds_per_byte >= 0.0)) {
    fit.latency_s = a1 / aa;
    fit.seconds_per_byte = 0.0;
  }
  fit.median_error = median_relative_error(fit, bytes, time_s);
  return fit;
}

void fit_collectives(KernelProfile& profile) {
  struct Columns {
    std::vector<double> bytes, time_s;
  };
  for (CollectiveSamples& samples : profile.collectives) {
    std::map<std::int64_t, Columns> by_ranks;
    for (std::size_t i = 0; i < samples.ranks.size(); ++i) {
      by_ranks[samples.ranks[i]].bytes.push_back(samples.bytes[i]);
      by_ranks[samples.ranks[i]].time_s.push_back(samples.median_s[i]);
    }
    samples.fits.clear();
    for (const auto& [ranks, columns] : by_ranks) {
      if (std::set<double>(columns.bytes.begin(), columns.bytes.end()).size() < 2) continue;
      samples.fits.push_back(fit_line(ranks, columns.bytes, columns.time_s));
    }
  }
}

}  // namespace spotmix::models
