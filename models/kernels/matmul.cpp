#include "models/kernels/matmul.h"

#include <algorithm>
#include <cmath>

#include "models/kernels/matmul_data.h"

namespace spotmix::models {
namespace {

// Length scales of the interpolation, chosen by cross-validation on k_gemm (docs/fitted_constants.md).
constexpr double kScaleM = 3.5;
constexpr double kScaleN = 4.2;
constexpr double kScaleK = 5.1;
constexpr double kScaleBatch = 4.8;
constexpr double kScaleOdd = 4.8;
constexpr double kScaleWave = 1.3;
constexpr double kScaleTime = 6.4;
constexpr double kScaleMemory = 1.45;
constexpr double kScaleTransposed = 3.2;
/// Below 1/8 of the time the memory traffic no longer matters.
constexpr double kLeastMemoryShare = -3.0;

bool first_transposed(MatrixLayout layout) {
  return layout == MatrixLayout::tn || layout == MatrixLayout::tt;
}
bool second_transposed(MatrixLayout layout) {
  return layout == MatrixLayout::nt || layout == MatrixLayout::tt;
}

bool is_batched(const MatmulSamples& samples) {
  return std::any_of(samples.shapes.begin(), samples.shapes.end(),
                     [](const MatmulShape& s) { return s.batch > 1; });
}

std::optional<MatrixLayout> only_layout(const MatmulSamples& samples) {
  for (const MatmulShape& shape : samples.shapes) {
    if (shape.layout != samples.shapes.front().layout) return std::nullopt;
  }
  return samples.shapes.empty() ? std::nullopt : std::optional(samples.shapes.front().layout);
}

/// Samples of a group, sorted after the groups that do not fit the question.
std::size_t fitness(const MatmulSamples& samples, Precision precision, bool batched) {
  return (samples.precision == precision ? std::size_t{1} << 40U : 0U) +
         (is_batched(samples) == batched ? std::size_t{1} << 30U : 0U) + samples.shapes.size();
}

bool chosen(const MatmulSamples& samples, const MatmulChoice& choice) {
  return (choice.library.empty() || samples.provenance.library == choice.library) &&
         (choice.source.empty() || samples.provenance.source == choice.source);
}

}  // namespace

bool same_precision_class(Precision a, Precision b) {
  const auto half = [](Precision p) { return p == Precision::fp16 || p == Precision::bf16; };
  return a == b || (half(a) && half(b));
}

MatmulCoordinates matmul_coordinates(const MatmulShape& s, const RooflineTime& roofline) {
  const double memory_share = std::log2(roofline.memory_s / roofline.time_s);
  return {std::log2(static_cast<double>(s.m)) / kScaleM,
          std::log2(static_cast<double>(s.n)) / kScaleN,
          std::log2(static_cast<double>(s.k)) / kScaleK,
          std::log2(static_cast<double>(s.batch)) / kScaleBatch,
          static_cast<double>(s.m % 2) / kScaleOdd,
          std::log2(std::max(1.0, roofline.wave_quantum)) / kScaleWave,
          std::log2(roofline.time_s) / kScaleTime,
          std::clamp(memory_share, kLeastMemoryShare, 0.0) / kScaleMemory,
          (first_transposed(s.layout) ? 1.0 : 0.0) / kScaleTransposed,
          (second_transposed(s.layout) ? 1.0 : 0.0) / kScaleTransposed};
}

std::optional<MatmulModel> make_matmul_model(const KernelProfile& profile, const MatmulChoice& choice) {
  auto data = std::make_shared<MatmulModel::Data>();
  data->device = profile.device;
  data->limits = profile.limits;
  data->precision = choice.precision;
  std::size_t best_single = 0;
  std::size_t best_batched = 0;
  bool found = false;
  for (const MatmulSamples& samples : profile.matmul) {
    if (!same_precision_class(samples.precision, choice.precision) || !samples.fit) continue;
    const RooflineParameters& roofline = samples.fit->roofline;
    std::vector<double> coordinates;
    coordinates.reserve(samples.shapes.size() * kMatmulCoordinates);
    for (const MatmulShape& shape : samples.shapes) {
      const MatmulCoordinates row =
          matmul_coordinates(shape, roofline_time(profile.limits, roofline, shape, samples.precision));
      coordinates.insert(coordinates.end(), row.begin(), row.end());
    }
    data->residual.add_group(coordinates, samples.fit->weights);
    data->groups.push_back({samples.provenance, samples.precision, roofline, only_layout(samples)});
    if (!chosen(samples, choice)) continue;
    found = true;
    const std::size_t index = data->groups.size() - 1;
    if (const std::size_t fit = fitness(samples, choice.precision, false); fit > best_single) {
      best_single = fit;
      data->single = index;
    }
    if (const std::size_t fit = fitness(samples, choice.precision, true); fit > best_batched) {
      best_batched = fit;
      data->batched = index;
    }
  }
  if (!found || !profile.limits.peak_flop_per_s[static_cast<std::size_t>(choice.precision)])
    return std::nullopt;
  return MatmulModel(std::move(data));
}

MatmulModel scale_matmul_model(const MatmulModel& from, const std::string& device_name,
                               const DeviceLimits& device, Precision precision) {
  auto data = std::make_shared<MatmulModel::Data>(from.data());
  data->device = device_name;
  data->limits = device;
  data->precision = precision;
  data->scaled = true;
  for (MatmulModel::Data::Group& group : data->groups) {
    group.precision = precision;
    group.provenance.note = "scaled from " + from.data().device + " by peak and bandwidth";
  }
  return MatmulModel(std::move(data));
}

KernelTime matmul_time(const MatmulModel& model, const MatmulShape& shape) {
  const MatmulModel::Data& data = model.data();
  const std::size_t index = shape.batch > 1 ? data.batched : data.single;
  const MatmulModel::Data::Group& group = data.groups[index];
  const RooflineTime roofline = roofline_time(data.limits, group.roofline, shape, data.precision);
  MatmulShape located = shape;
  located.layout = group.only_layout.value_or(shape.layout);
  const ResidualField::Value value =
      data.residual.at(matmul_coordinates(located, roofline), index, kLibraryCoupling);
  const bool scaled = data.scaled || group.precision != data.precision;
  return {std::max(roofline.time_s * std::exp(value.residual),
                   matmul_limit_s(data.limits, shape, data.precision)),
          scaled ? SourceKind::scaled : group.provenance.kind, value.distance,
          value.distance > kExtrapolationDistance};
}

std::string describe(const MatmulModel& model) {
  const MatmulModel::Data& data = model.data();
  const Provenance& provenance = data.groups[data.single].provenance;
  std::string text = provenance.library + " (" + provenance.source + ")";
  if (data.scaled) text = provenance.note + ": " + text;
  return text;
}

}  // namespace spotmix::models
