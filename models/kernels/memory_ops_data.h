// The inside of a MemoryOpModel, shared by the files that fit and evaluate it.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "models/kernels/interpolation.h"
#include "models/kernels/memory_ops.h"

namespace spotmix::models {

inline constexpr std::size_t kMemoryOpCoordinates = 6;
using MemoryOpCoordinates = std::array<double, kMemoryOpCoordinates>;

constexpr bool is_attention(MemoryOp op) {
  return op == MemoryOp::attention || op == MemoryOp::attention_causal;
}

/// Element-wise: launch_s, bandwidth share, sharpness q. Attention: launch_s, compute share, bandwidth share,
/// seconds per wave, weight of the last wave's unused part.
std::vector<double> memory_op_start(MemoryOp op);

struct MemoryOpQuestion {
  const DeviceLimits& device;
  MemoryOp op;
  Precision precision;
};

/// The formula without residual. `parameters` as in `memory_op_start`; attention needs a peak for the
/// precision.
double memory_op_formula_s(const MemoryOpQuestion& question, std::span<const double> parameters,
                           const MemoryOpShape& shape);

MemoryOpCoordinates memory_op_coordinates(const MemoryOpQuestion& question, const MemoryOpShape& shape,
                                          double formula_s);

struct MemoryOpModel::Data {
  std::string device;
  DeviceLimits limits;
  MemoryOp op = MemoryOp::add;
  Precision precision = Precision::fp32;
  Provenance provenance;
  std::vector<double> parameters;
  ResidualField residual{kMemoryOpCoordinates};
  bool scaled = false;
};

}  // namespace spotmix::models
