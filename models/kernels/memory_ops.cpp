#include "models/kernels/memory_ops.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/kernels/fitted_figures.h"
#include "models/kernels/memory_ops_data.h"

namespace spotmix::models {
namespace {

constexpr double kAttentionTile = 128.0;  ///< Rows of queries that one thread block takes.

struct Attention {
  double batch, length, heads, key_value_heads, width;
};

Attention attention_of(const MemoryOpShape& s) {
  return {static_cast<double>(s[0]), static_cast<double>(s[1]), static_cast<double>(s[2]),
          static_cast<double>(s[3]), static_cast<double>(s[4])};
}

/// Tensors of the result's size that an element-wise or row-wise operation reads and writes.
double tensors_moved(MemoryOp op) {
  return op == MemoryOp::add || op == MemoryOp::silu_and_mul ? 3.0 : 2.0;
}

double element_wise_s(std::span<const double> parameters, double bytes, double bytes_per_s) {
  const double launch_s = parameters[0];
  const double traffic_s = bytes / (parameters[1] * bytes_per_s);
  const double sharpness = parameters[2];
  // Scaled by the larger one so that no power overflows.
  const double larger = std::max(launch_s, traffic_s);
  const double ratio = std::min(launch_s, traffic_s) / larger;
  return larger * std::pow(1.0 + std::pow(ratio, sharpness), 1.0 / sharpness);
}

double attention_s(const MemoryOpQuestion& question, std::span<const double> parameters,
                   const MemoryOpShape& shape) {
  const Attention a = attention_of(shape);
  const double peak = question.device.peak_flop_per_s[static_cast<std::size_t>(question.precision)].value();
  const double tiles_per_head = std::ceil(a.length / kAttentionTile);
  const double waves = a.batch * a.heads * tiles_per_head / question.device.multiprocessors;
  // Keys that a query row meets: all, or half of them and the diagonal tile.
  const double keys = question.op == MemoryOp::attention ? tiles_per_head * kAttentionTile
                                                         : 0.5 * (a.length + kAttentionTile);
  const double flop = 4.0 * a.batch * a.heads * a.width * a.length * keys;
  const double quantum = waves < 1.0 ? 1.0 / waves : 1.0 + (std::ceil(waves) / waves - 1.0) * parameters[4];
  const double compute_s = flop / (parameters[1] * peak) * quantum;
  const double memory_s = memory_op_bytes(question.op, shape, question.precision) /
                          (parameters[2] * question.device.memory_bytes_per_s);
  return parameters[0] + std::max(compute_s, memory_s) + parameters[3] * std::ceil(waves);
}

}  // namespace

double memory_op_bytes(MemoryOp op, const MemoryOpShape& shape, Precision precision) {
  const double element = element_bytes(precision);
  if (is_attention(op)) {
    const Attention a = attention_of(shape);
    return 2.0 * element * a.batch * a.length * a.width * (a.heads + a.key_value_heads);
  }
  return tensors_moved(op) * element * static_cast<double>(shape[0]) * static_cast<double>(shape[1]);
}

double memory_op_flop(MemoryOp op, const MemoryOpShape& shape) {
  if (!is_attention(op)) return 0.0;
  const Attention a = attention_of(shape);
  return (op == MemoryOp::attention ? 4.0 : 2.0) * a.batch * a.heads * a.width * a.length * a.length;
}

double memory_op_limit_s(const DeviceLimits& device, MemoryOp op, const MemoryOpShape& shape,
                         Precision precision) {
  const double beyond_cache = std::max(0.0, memory_op_bytes(op, shape, precision) - device.l2_bytes);
  const double memory_s = beyond_cache / device.memory_bytes_per_s;
  const double flop = memory_op_flop(op, shape);
  if (flop == 0.0) return memory_s;
  return std::max(memory_s, flop / device.peak_flop_per_s[static_cast<std::size_t>(precision)].value());
}

std::vector<double> memory_op_start(MemoryOp op) {
  return is_attention(op) ? std::vector{5e-6, 0.6, 0.8, 0.5e-6, 0.5} : std::vector{5e-6, 0.8, 2.0};
}

double memory_op_formula_s(const MemoryOpQuestion& question, std::span<const double> parameters,
                           const MemoryOpShape& shape) {
  if (is_attention(question.op)) return attention_s(question, parameters, shape);
  return element_wise_s(parameters, memory_op_bytes(question.op, shape, question.precision),
                        question.device.memory_bytes_per_s);
}

MemoryOpCoordinates memory_op_coordinates(const MemoryOpQuestion& question, const MemoryOpShape& shape,
                                          double formula_s) {
  if (!is_attention(question.op)) {
    const StreamScales& scale = kernel_figures().stream;
    return {std::log2(static_cast<double>(shape[0])) / scale.rows,
            std::log2(static_cast<double>(shape[1])) / scale.columns,
            std::log2(memory_op_bytes(question.op, shape, question.precision)) / scale.bytes,
            0.0,
            0.0,
            0.0};
  }
  const AttentionScales& scale = kernel_figures().attention;
  const Attention a = attention_of(shape);
  return {std::log2(a.batch * a.heads) / scale.heads,
          std::log2(a.length) / scale.length,
          std::log2(a.heads / a.key_value_heads) / scale.group,
          std::log2(a.width) / scale.width,
          std::log2(formula_s) / scale.time,
          std::log2(a.batch) / scale.batch};
}

std::optional<MemoryOpModel> make_memory_op_model(const KernelProfile& profile, MemoryOp op,
                                                  Precision precision, const std::string& source) {
  if (is_attention(op) && !profile.limits.peak_flop_per_s[static_cast<std::size_t>(precision)])
    return std::nullopt;
  const MemoryOpSamples* best = nullptr;
  const auto rank = [precision](const MemoryOpSamples& samples) {
    return std::pair(samples.precision == precision, samples.shapes.size());
  };
  for (const MemoryOpSamples& samples : profile.memory_ops) {
    if (samples.op != op || !samples.fit || (!source.empty() && samples.provenance.source != source))
      continue;
    if (best == nullptr || rank(*best) < rank(samples)) best = &samples;
  }
  if (best == nullptr) return std::nullopt;

  auto data = std::make_shared<MemoryOpModel::Data>();
  data->device = profile.device;
  data->limits = profile.limits;
  data->op = op;
  data->precision = precision;
  data->provenance = best->provenance;
  data->parameters = best->fit->parameters;
  data->scaled = best->precision != precision;
  const MemoryOpQuestion question{profile.limits, op, best->precision};
  std::vector<double> coordinates;
  for (const MemoryOpShape& shape : best->shapes) {
    const MemoryOpCoordinates row =
        memory_op_coordinates(question, shape, memory_op_formula_s(question, data->parameters, shape));
    coordinates.insert(coordinates.end(), row.begin(), row.end());
  }
  data->residual.add_group(coordinates, best->fit->weights);
  return MemoryOpModel(std::move(data));
}

MemoryOpModel scale_memory_op_model(const MemoryOpModel& from, const std::string& device_name,
                                    const DeviceLimits& device, Precision precision) {
  auto data = std::make_shared<MemoryOpModel::Data>(from.data());
  data->provenance.note = "scaled from " + data->device + " by peak and bandwidth";
  data->device = device_name;
  data->limits = device;
  data->precision = precision;
  data->scaled = true;
  return MemoryOpModel(std::move(data));
}

KernelTime memory_op_time(const MemoryOpModel& model, const MemoryOpShape& shape) {
  assert(std::all_of(shape.begin(), shape.end(), [](std::int64_t size) { return size > 0; }));
  const MemoryOpModel::Data& data = model.data();
  const MemoryOpQuestion question{data.limits, data.op, data.precision};
  const double formula_s = memory_op_formula_s(question, data.parameters, shape);
  const ResidualField::Value value =
      data.residual.at(memory_op_coordinates(question, shape, formula_s), 0, 1.0);
  return {std::max(formula_s * std::exp(value.residual),
                   memory_op_limit_s(data.limits, data.op, shape, data.precision)),
          data.scaled ? SourceKind::scaled : data.provenance.kind, value.distance,
          value.distance > kExtrapolationDistance};
}

double streaming_time_s(const MemoryOpModel& element_wise, double bytes) {
  const MemoryOpModel::Data& data = element_wise.data();
  return std::max(element_wise_s(data.parameters, bytes, data.limits.memory_bytes_per_s),
                  std::max(0.0, bytes - data.limits.l2_bytes) / data.limits.memory_bytes_per_s);
}

}  // namespace spotmix::models
