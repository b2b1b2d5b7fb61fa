// Times of single operations on one device in one precision: matrix products from its kernel profile,
// memory-bound work from its bandwidth.
#pragma once

#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "models/hardware/device.h"
#include "models/kernels/matmul.h"
#include "models/kernels/profile.h"
#include "models/workload/workload.h"

namespace spotmix::models {

/// How a layer's work is cut for one rank.
struct RankShare {
  double samples = 1;  ///< Of the micro-batch.
  int tensor = 1;
  int expert = 1;
  bool sequence_parallel = false;
};

/// The extents that one rank computes, every one at least 1.
MatrixProduct rank_product(const MatrixProduct& product, const RankShare& share);

/// By how much parallelism within the layer divides memory-bound work.
double divisor(Divided divided, const RankShare& share);

/// Remembers the products it was asked for: one object belongs to one thread.
class OperationCosts {
 public:
  /// Without profiles every time comes from the device's published peaks, and says so.
  OperationCosts(const DeviceSpec& device, Precision precision, const std::vector<KernelProfile>* profiles);

  const DeviceSpec& device() const { return *device_; }
  Precision precision() const { return precision_; }

  /// Device time of a product that is already cut for the rank. Never below FLOP ÷ peak or bytes ÷ bandwidth,
  /// save 3 × 3 convolutions on vector units, which do fewer.
  double product_s(const MatrixProduct& product) const;

  /// Device time of `elements` passes over memory in `kernels` kernels.
  double stream_s(MemoryKind kind, double elements, double kernels) const;

  /// Bytes of an activation's element: fp8 products still hand over 16-bit results.
  double activation_element_bytes() const;

  /// Where the times are from: matrix products, then memory-bound work.
  std::vector<Source> sources() const;

 private:
  double dense_s(const MatrixProduct& product) const;
  double convolution_s(const MatrixProduct& product) const;
  double fused_attention_s(const MatrixProduct& product) const;

  const DeviceSpec* device_;
  Precision precision_;
  std::optional<MatmulModel> matmul_;
  mutable std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t>, double> products_s_;
};

}  // namespace spotmix::models
