#include "models/kernels/profile.h"

#include <algorithm>
#include <span>

namespace spotmix::models {
namespace {

constexpr std::array<std::string_view, 4> kLayouts{"nn", "nt", "tn", "tt"};
constexpr std::array<std::string_view, kMemoryOpCount> kMemoryOps{
    "add",     "gelu", "silu_and_mul", "layer_norm", "rms_norm",
    "softmax", "rope", "embedding",    "attention",  "attention_causal"};

template <typename Enum>
std::optional<Enum> from_name(std::span<const std::string_view> names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view matrix_layout_name(MatrixLayout layout) {
  return kLayouts[static_cast<std::size_t>(layout)];
}
std::optional<MatrixLayout> matrix_layout_from_name(std::string_view name) {
  return from_name<MatrixLayout>(kLayouts, name);
}

std::string_view memory_op_name(MemoryOp op) {
  return kMemoryOps[static_cast<std::size_t>(op)];
}
std::optional<MemoryOp> memory_op_from_name(std::string_view name) {
  return from_name<MemoryOp>(kMemoryOps, name);
}

DeviceLimits limits_of(const DeviceSpec& device) {
  return {device.multiprocessors, device.peak_flop_per_s, device.memory_bytes_per_s, device.l2_bytes};
}

}  // namespace spotmix::models
