// How long memory-bound work takes: element-wise operations, norms, softmax, lookups, and fused attention.
//
// Element-wise and row-wise work on r × c elements moves `memory_op_bytes` and takes
//   time = (launchᵠ + (bytes ÷ (share · bandwidth))ᵠ)^(1/q) · exp(residual(log r, log c, log bytes))
// where q says how sharply launch cost gives way to traffic. Fused attention takes
//   time = launch + max(FLOP · waves ÷ (share · peak), bytes ÷ (share · bandwidth)) + waves · per wave, times
//   a residual
// with 128-row tiles per head on the multiprocessors (Dao 2023, 2307.08691, section 3.3: one thread block per
// tile). The residual interpolates the samples of one group. Times are bounded by peak, and by bandwidth for
// what exceeds the second-level cache: a tensor that the kernel before left in the cache need not cross the
// memory bus.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/kernels/matmul.h"
#include "models/kernels/profile.h"

namespace spotmix::models {

/// Bytes read and written once each. `rows` × `columns` is the result's shape; silu_and_mul reads two such
/// inputs.
double memory_op_bytes(MemoryOp op, const MemoryOpShape& shape, Precision precision);

/// FLOP of the two matrix products inside attention (half when causal); 0 for all other operations.
double memory_op_flop(MemoryOp op, const MemoryOpShape& shape);

/// No operation is faster.
double memory_op_limit_s(const DeviceLimits& device, MemoryOp op, const MemoryOpShape& shape,
                         Precision precision);

class MemoryOpModel {
 public:
  struct Data;
  explicit MemoryOpModel(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  const Data& data() const { return *data_; }

 private:
  std::shared_ptr<const Data> data_;
};

/// The model of one operation on the profile's device; `source` empty means the group with most samples, one
/// of the same precision first. nullopt when the profile has no fitted group of that operation.
std::optional<MemoryOpModel> make_memory_op_model(const KernelProfile& profile, MemoryOp op,
                                                  Precision precision, const std::string& source = "");

/// The same shares of peak and bandwidth on another device; every time is marked as scaled.
MemoryOpModel scale_memory_op_model(const MemoryOpModel& from, const std::string& device_name,
                                    const DeviceLimits& device, Precision precision);

/// Sizes must be positive. About a microsecond: cache by shape.
KernelTime memory_op_time(const MemoryOpModel& model, const MemoryOpShape& shape);
inline double memory_op_time_s(const MemoryOpModel& model, const MemoryOpShape& shape) {
  return memory_op_time(model, shape).time_s;
}

/// Any work that streams `bytes` (reads plus writes) once, by the formula of an element-wise model, without
/// residual.
double streaming_time_s(const MemoryOpModel& element_wise, double bytes);

/// Fits every group of memory-bound samples of the profile in place.
void fit_memory_ops(KernelProfile& profile);

}  // namespace spotmix::models
