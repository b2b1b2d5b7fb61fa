#include "models/kernels/matmul.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/kernels/fitted_figures.h"
#include "models/kernels/matmul_data.h"
#include "models/kernels/scaling_error.h"

namespace spotmix::models {
namespace {

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

void add_samples(MatmulModel::Data& data, const MatmulSamples& samples) {
  const MatmulFit& fit = *samples.fit;
  std::vector<double> tiled;
  std::vector<double> plain;
  for (const MatmulShape& shape : samples.shapes) {
    const MatmulCoordinates a = tiled_view(data.limits, fit.tiled, shape, samples.precision).coordinates;
    const MatmulCoordinates b = plain_view(data.limits, fit.plain, shape, samples.precision).coordinates;
    tiled.insert(tiled.end(), a.begin(), a.end());
    plain.insert(plain.end(), b.begin(), b.end());
  }
  data.tiled.add_group(tiled, fit.tiled_weights);
  data.plain.add_group(plain, fit.plain_weights);
  data.groups.push_back({samples.provenance, samples.precision, fit.tiled, fit.plain, only_layout(samples)});
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
    add_samples(*data, samples);
    if (!chosen(samples, choice)) continue;
    found = true;
    const std::size_t index = data->groups.size() - 1;
    if (const std::size_t fit = fitness(samples, choice.precision, false); fit > best_single) {
      best_single = fit;
      data->single = index;
      data->error = samples.precision == choice.precision ? std::optional(samples.fit->left_out_median_error)
                                                          : std::nullopt;
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
  assert(device.peak_flop_per_s[static_cast<std::size_t>(precision)]);
  auto data = std::make_shared<MatmulModel::Data>(from.data());
  data->device = device_name;
  data->limits = device;
  data->precision = precision;
  data->scaled_from = from.data().device;
  const bool same_class = same_precision_class(from.data().groups[from.data().single].precision, precision);
  data->error = same_class ? scaling_error(data->scaled_from, device_name) : std::nullopt;
  for (MatmulModel::Data::Group& group : data->groups) group.precision = precision;
  return MatmulModel(std::move(data));
}

KernelTime matmul_time(const MatmulModel& model, const MatmulShape& shape) {
  assert(shape.m > 0 && shape.n > 0 && shape.k > 0 && shape.batch > 0);
  const MatmulModel::Data& data = model.data();
  const std::size_t index = shape.batch > 1 ? data.batched : data.single;
  const MatmulModel::Data::Group& group = data.groups[index];
  MatmulShape located = shape;
  located.layout = group.only_layout.value_or(shape.layout);
  const MatmulView tiled = tiled_view(data.limits, group.tiled, located, data.precision);
  const MatmulView plain = plain_view(data.limits, group.plain, located, data.precision);
  const double coupling = kernel_figures().library_coupling;
  const ResidualField::Value tiled_rest = data.tiled.at(tiled.coordinates, index, coupling);
  const ResidualField::Value plain_rest = data.plain.at(plain.coordinates, index, coupling);
  const double time_s =
      std::sqrt(tiled.time_s * plain.time_s) * std::exp(0.5 * (tiled_rest.residual + plain_rest.residual));
  const bool scaled = data.scaled() || group.precision != data.precision;
  return {std::max(time_s, matmul_limit_s(data.limits, shape, data.precision)),
          scaled ? SourceKind::scaled : group.provenance.kind, tiled_rest.distance,
          tiled_rest.distance > kExtrapolationDistance};
}

std::string describe(const MatmulModel& model) {
  const MatmulModel::Data& data = model.data();
  const Provenance& provenance = data.groups[data.single].provenance;
  const std::string text = provenance.library + " (" + provenance.source + ")";
  return data.scaled() ? "scaled from " + data.scaled_from + " by peak and bandwidth: " + text : text;
}

Source source_of(const MatmulModel& model) {
  const MatmulModel::Data& data = model.data();
  const MatmulModel::Data::Group& group = data.groups[data.single];
  Source source{"matrix products", group.provenance.kind, data.device + " in ", describe(model), data.error};
  source.from += name_of(data.precision);
  if (!group.provenance.licence.empty()) source.citation += ", " + group.provenance.licence;
  if (data.scaled() || group.precision != data.precision) source.kind = SourceKind::scaled;
  if (group.precision != data.precision)
    source.citation += ", its samples in " + std::string(name_of(group.precision));
  return source;
}

}  // namespace spotmix::models
