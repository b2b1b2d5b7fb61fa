#include "models/parallelism/layer_cost.h"

#include <algorithm>

#include "models/memory/memory.h"

namespace spotmix::models {
namespace {

// Large matrix products reach about seven tenths of the peak, streams about eight tenths of the bandwidth, on
// every device of the published tables (k_gemm, k_memory_ops); a launch on a busy stream takes about 4 µs.
constexpr double kProductEfficiency = 0.7;
constexpr double kStreamEfficiency = 0.8;
constexpr double kLaunch_s = 4e-6;

double product_s(const MatrixProduct& product, const LayerSettings& settings) {
  double m = product.m, n = product.n, k = product.k, batch = product.batch;
  if (product.grows == Grows::m) m *= settings.samples;
  if (product.grows == Grows::k) k *= settings.samples;
  if (product.grows == Grows::batch) batch *= settings.samples;
  if (product.split == Split::m) m /= settings.tensor;
  if (product.split == Split::n) n /= settings.tensor;
  if (product.split == Split::k) k /= settings.tensor;
  if (product.split == Split::batch) batch /= settings.tensor;
  const double products = product.kind == ProductKind::fused_attention ? 2 : 1;
  const double work = 2 * products * m * n * k * batch * product.useful_fraction;
  double elements = batch * (m * k + k * n + m * n);
  if (product.kind == ProductKind::fused_attention) elements = batch * (2 * m + 2 * n) * k;
  const double peak = usable_peak_flop_per_s(*settings.device, settings.precision);
  const double bytes = elements * element_bytes(settings.precision);
  return std::max(work / (kProductEfficiency * peak),
                  bytes / (kStreamEfficiency * settings.device->memory_bytes_per_s)) +
         kLaunch_s;
}

double products_s(const std::vector<MatrixProduct>& products, const LayerSettings& settings) {
  double sum = 0;
  for (const MatrixProduct& product : products) sum += product_s(product, settings);
  return sum;
}

double divisor(Divided divided, const LayerSettings& settings) {
  if (divided == Divided::by_tensor) return settings.tensor;
  if (divided == Divided::by_sequence && settings.sequence_parallel) return settings.tensor;
  return 1;
}

double stream_s(double elements, double kernels, const LayerSettings& settings) {
  const double bytes = elements * std::max(2.0, element_bytes(settings.precision));
  return bytes / (kStreamEfficiency * settings.device->memory_bytes_per_s) + kernels * kLaunch_s;
}

}  // namespace

LayerCost layer_cost(const Layer& layer, const LayerSettings& settings) {
  LayerCost cost;
  cost.forward_s = products_s(layer.forward, settings);
  cost.backward_s = products_s(layer.input_gradient, settings) + products_s(layer.weight_gradient, settings);
  for (const MemoryWork& work : layer.memory_work) {
    const double elements = work.elements * settings.samples / divisor(work.divided, settings);
    cost.forward_s += stream_s(elements * work.forward_passes, work.forward_kernels, settings);
    cost.backward_s += stream_s(elements * work.backward_passes, work.backward_kernels, settings);
  }
  if (settings.recompute == Recompute::full) cost.backward_s += cost.forward_s;
  return cost;
}

double optimizer_update_s(const DeviceSpec& device, Precision precision, Optimizer optimizer,
                          double parameters) {
  const ParameterBytes per = bytes_per_parameter(precision, optimizer, false);
  // Gradients are read; weights and state are read and written.
  const double bytes = parameters * (2 * per.weights + per.gradients + 2 * per.optimizer);
  return bytes / (kStreamEfficiency * device.memory_bytes_per_s) + kLaunch_s;
}

}  // namespace spotmix::models
