#include "models/kernels/profile_check.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "base/statistics/quantile.h"

namespace spotmix::models {
namespace {

/// SplitMix64's finalizer over a shape's sizes: the same fifth in every group and on every machine.
bool held_back(const MatmulShape& shape) {
  std::uint64_t h = 0;
  for (const std::int64_t size :
       {shape.m, shape.n, shape.k, shape.batch, static_cast<std::int64_t>(shape.layout)}) {
    h += static_cast<std::uint64_t>(size) + 0x9e3779b97f4a7c15ULL;
    h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9ULL;
    h = (h ^ (h >> 27)) * 0x94d049bb133111ebULL;
    h ^= h >> 31;
  }
  return h % 5 == 0;
}

MatmulSamples without_held_back(const MatmulSamples& samples) {
  MatmulSamples kept;
  kept.provenance = samples.provenance;
  kept.precision = samples.precision;
  for (std::size_t i = 0; i < samples.shapes.size(); ++i) {
    if (held_back(samples.shapes[i])) continue;
    kept.shapes.push_back(samples.shapes[i]);
    kept.median_s.push_back(samples.median_s[i]);
  }
  return kept;
}

/// Of values in ascending order: one of them, not a figure between two shapes.
double lower_quantile(const std::vector<double>& sorted, double p) {
  return quantile(sorted, p, Between::lower);
}

MatmulChoice choice_of(const MatmulSamples& samples) {
  return {samples.precision, samples.provenance.library, samples.provenance.source};
}

HeldBack compare(const MatmulSamples& samples, const MatmulModel& model) {
  std::vector<double> errors, sizes;
  for (std::size_t i = 0; i < samples.shapes.size(); ++i) {
    if (!held_back(samples.shapes[i])) continue;
    errors.push_back(matmul_time_s(model, samples.shapes[i]) / samples.median_s[i] - 1.0);
    sizes.push_back(std::abs(errors.back()));
  }
  std::ranges::sort(errors);
  std::ranges::sort(sizes);
  return {samples.provenance,         samples.precision,          errors.size(),
          lower_quantile(sizes, 0.5), lower_quantile(sizes, 0.9), lower_quantile(errors, 0.5)};
}

bool has_precision(const KernelProfile& profile, Precision precision) {
  return std::any_of(profile.matmul.begin(), profile.matmul.end(),
                     [&](const MatmulSamples& samples) { return samples.precision == precision; });
}

std::vector<MatmulShape> shapes_of(const KernelProfile& profile, Precision precision) {
  std::vector<MatmulShape> shapes;
  for (const MatmulSamples& samples : profile.matmul) {
    if (samples.precision == precision)
      shapes.insert(shapes.end(), samples.shapes.begin(), samples.shapes.end());
  }
  return shapes;
}

Reach reach_of(const MatmulModel& model, Precision precision) {
  constexpr std::array<std::int64_t, 7> kSizes{16, 64, 256, 1024, 4096, 16384, 65536};
  Reach reach;
  reach.precision = precision;
  for (const std::int64_t m : kSizes) {
    for (const std::int64_t n : kSizes) {
      for (const std::int64_t k : kSizes) {
        const MatmulShape shape{m, n, k, 1, MatrixLayout::nn};
        ++reach.shapes;
        if (matmul_time(model, shape).extrapolated) {
          ++reach.extrapolated;
          continue;
        }
        if (!reach.smallest || matmul_flop(shape) < matmul_flop(*reach.smallest)) reach.smallest = shape;
        if (!reach.largest || matmul_flop(shape) > matmul_flop(*reach.largest)) reach.largest = shape;
      }
    }
  }
  return reach;
}

}  // namespace

std::vector<HeldBack> check_held_back(const KernelProfile& profile) {
  constexpr std::size_t kFewest = 10;
  KernelProfile known = profile;
  known.matmul.clear();
  for (const MatmulSamples& samples : profile.matmul) {
    MatmulSamples kept = without_held_back(samples);
    if (!kept.shapes.empty()) known.matmul.push_back(std::move(kept));
  }
  fit_matmul(known);
  std::vector<HeldBack> result;
  for (const MatmulSamples& samples : profile.matmul) {
    const auto count = std::count_if(samples.shapes.begin(), samples.shapes.end(), held_back);
    if (samples.shapes.size() < kFewest || count == 0) continue;
    if (const auto model = make_matmul_model(known, choice_of(samples)))
      result.push_back(compare(samples, *model));
  }
  return result;
}

std::vector<Reach> check_reach(const KernelProfile& profile) {
  std::vector<Reach> result;
  for (const Precision precision : values_of<Precision>()) {
    if (!has_precision(profile, precision)) continue;
    if (const auto model = make_matmul_model(profile, {precision, "", ""}))
      result.push_back(reach_of(*model, precision));
  }
  return result;
}

std::vector<MatmulDifference> matmul_differences(const KernelProfile& first, const KernelProfile& second) {
  std::vector<MatmulDifference> result;
  for (const Precision precision : values_of<Precision>()) {
    if (!has_precision(first, precision) || !has_precision(second, precision)) continue;
    const auto a = make_matmul_model(first, {precision, "", ""}),
               b = make_matmul_model(second, {precision, "", ""});
    if (!a || !b) continue;
    std::vector<MatmulShape> shapes = shapes_of(first, precision);
    const std::vector<MatmulShape> others = shapes_of(second, precision);
    shapes.insert(shapes.end(), others.begin(), others.end());
    MatmulDifference difference;
    difference.precision = precision;
    difference.first = describe(*a);
    difference.second = describe(*b);
    difference.shapes = shapes.size();
    std::vector<double> ratios;
    for (const MatmulShape& shape : shapes) {
      const double ratio = matmul_time_s(*b, shape) / matmul_time_s(*a, shape);
      ratios.push_back(ratio);
      if (std::abs(std::log(ratio)) >= std::abs(std::log(difference.furthest_ratio))) {
        difference.furthest = shape;
        difference.furthest_ratio = ratio;
      }
    }
    std::ranges::sort(ratios);
    difference.p10_ratio = lower_quantile(ratios, 0.1);
    difference.median_ratio = lower_quantile(ratios, 0.5);
    difference.p90_ratio = lower_quantile(ratios, 0.9);
    result.push_back(std::move(difference));
  }
  return result;
}

std::vector<CollectiveDifference> collective_differences(const KernelProfile& first,
                                                         const KernelProfile& second) {
  std::vector<CollectiveDifference> result;
  for (const CollectiveSamples& a : first.collectives) {
    for (const CollectiveSamples& b : second.collectives) {
      if (a.operation != b.operation || a.algorithm != b.algorithm || a.topology != b.topology ||
          a.nodes != b.nodes)
        continue;
      for (const CollectiveFit& x : a.fits) {
        for (const CollectiveFit& y : b.fits) {
          if (x.ranks == y.ranks) result.push_back({&a, &x, &y});
        }
      }
    }
  }
  return result;
}

}  // namespace spotmix::models
