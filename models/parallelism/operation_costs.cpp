#include "models/parallelism/operation_costs.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/kernels/profile_set.h"
#include "models/kernels/roofline.h"
#include "models/parallelism/operation_figures.h"

namespace spotmix::models {
namespace {

std::int64_t whole(double extent) {
  return std::max<std::int64_t>(1, std::llround(extent));
}

double share_of_bandwidth(MemoryKind kind) {
  const OperationFigures& figures = operation_figures();
  switch (kind) {
    case MemoryKind::elementwise:
    case MemoryKind::pooling:
      return figures.elementwise_share;
    case MemoryKind::gather:
      return figures.lookup_share;
    case MemoryKind::normalization:
    case MemoryKind::softmax:
    case MemoryKind::loss:
      break;
  }
  return figures.reducing_share;
}

}  // namespace

MatrixProduct rank_product(const MatrixProduct& product, const RankShare& share) {
  MatrixProduct cut = product;
  if (product.grows == Grows::m) cut.m *= share.samples;
  if (product.grows == Grows::k) cut.k *= share.samples;
  if (product.grows == Grows::batch) cut.batch *= share.samples;
  if (product.from_experts) {
    // A rank runs fewer experts and takes in their rows from the other ranks.
    cut.batch /= share.expert;
    (product.grows == Grows::m ? cut.m : cut.k) *= share.expert;
  }
  const double tensor = share.tensor;
  if (product.split == Split::m) cut.m /= tensor;
  if (product.split == Split::n) cut.n /= tensor;
  if (product.split == Split::k) cut.k /= tensor;
  if (product.split == Split::batch) cut.batch /= tensor;
  return cut;
}

double divisor(Divided divided, const RankShare& share) {
  if (divided == Divided::by_tensor) return share.tensor;
  if (divided == Divided::by_sequence && share.sequence_parallel) return share.tensor;
  return 1;
}

OperationCosts::OperationCosts(const DeviceSpec& device, Precision precision,
                               const std::vector<KernelProfile>* profiles)
    : device_(&device), precision_(effective_precision(device, precision)) {
  if (profiles == nullptr || profiles->empty()) return;
  // Tensor cores run fp16 and bf16 alike, and the published bf16 tables are the larger and the newer ones.
  const bool sixteen_bits = precision_ == Precision::fp16 && device.peak(Precision::bf16);
  matmul_ = matmul_model_for(*profiles, device, sixteen_bits ? Precision::bf16 : precision_);
}

double OperationCosts::activation_element_bytes() const {
  return std::max(2.0, element_bytes(precision_));
}

double OperationCosts::product_s(const MatrixProduct& product) const {
  switch (product.kind) {
    case ProductKind::fused_attention:
      return fused_attention_s(product);
    case ProductKind::depthwise: {
      // Reads and writes each pixel once; the kernel's area is reused from cache.
      const double elements = product.batch * (product.m + product.m * product.n + product.n * product.k);
      return product.times * stream_s(MemoryKind::gather, elements, 1);
    }
    case ProductKind::convolution:
      return product.times * convolution_s(product);
    case ProductKind::dense:
      break;
  }
  return product.times * dense_s(product);
}

double OperationCosts::dense_s(const MatrixProduct& product) const {
  const MatmulShape shape{whole(product.m), whole(product.n), whole(product.k), whole(product.batch)};
  const auto [found, is_new] = products_s_.try_emplace({shape.m, shape.n, shape.k, shape.batch});
  if (is_new) {
    found->second = matmul_
                        ? matmul_time_s(*matmul_, shape)
                        : roofline_time(limits_of(*device_), RooflineParameters{}, shape, precision_).time_s;
  }
  return found->second;
}

double OperationCosts::convolution_s(const MatrixProduct& product) const {
  MatrixProduct gemm = product;
  // A weight gradient sums over every pixel of the batch: libraries cut that sum freely, so the pixels may as
  // well be the rows.
  if (gemm.k > gemm.m) std::swap(gemm.k, gemm.m);
  const bool vector_units = precision_ == Precision::fp32 && device_->architecture >= Architecture::maxwell;
  const double implicit_s =
      dense_s(gemm) / (product.winograd && vector_units ? operation_figures().winograd_gain : 1);
  // The kernel's area is read from cache: the product would have brought its left matrix from memory whole.
  const double element = activation_element_bytes();
  const double stream_bytes_per_s = operation_figures().elementwise_share * device_->memory_bytes_per_s;
  const double left = gemm.batch * gemm.m * gemm.k * element;
  const double others = gemm.batch * (gemm.m + gemm.k) * gemm.n * element;
  const double spared_s = left * (1 - 1 / product.reuse) / stream_bytes_per_s;
  const double traffic_s = (left / product.reuse + others) / stream_bytes_per_s;
  const double arithmetic_s =
      flop(product) / (operation_figures().tile_share * usable_peak_flop_per_s(*device_, precision_));
  return std::max(std::min(implicit_s, std::max(implicit_s - spared_s, arithmetic_s)), traffic_s);
}

double OperationCosts::fused_attention_s(const MatrixProduct& product) const {
  const double peak = usable_peak_flop_per_s(*device_, precision_);
  const OperationFigures& figures = operation_figures();
  const double share = figures.attention_share * product.m / (product.m + figures.attention_half_queries);
  return flop(product) / (share * peak) + figures.kernel_s;
}

double OperationCosts::stream_s(MemoryKind kind, double elements, double kernels) const {
  const double bytes = elements * activation_element_bytes();
  return bytes / (share_of_bandwidth(kind) * device_->memory_bytes_per_s) +
         kernels * operation_figures().kernel_s;
}

std::vector<Source> OperationCosts::sources() const {
  const std::string name(device_->name);
  const std::string data_sheet(device_->source);
  const Source products = matmul_ ? source_of(*matmul_)
                                  : Source{"matrix products",
                                           SourceKind::scaled,
                                           name + " in " + std::string(name_of(precision_)),
                                           "its published peak (" + data_sheet + ")",
                                           {}};
  return {products,
          {"memory-bound work",
           SourceKind::published,
           name,
           "its memory bandwidth (" + data_sheet + ") and the shares of it in docs/fitted_constants.md",
           {}}};
}

}  // namespace spotmix::models
