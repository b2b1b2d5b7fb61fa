#include "models/kernels/memory_ops.h"

#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/models/shipped_profiles.h"

using namespace spotmix::models;
using spotmix::tests::shipped;

namespace {

constexpr std::array kElementWise{MemoryOp::add,        MemoryOp::gelu,     MemoryOp::silu_and_mul,
                                  MemoryOp::layer_norm, MemoryOp::rms_norm, MemoryOp::softmax,
                                  MemoryOp::rope,       MemoryOp::embedding};

}  // namespace

TEST_CASE("Every memory-bound operation has a time on every device that moves all bytes beyond its cache") {
  for (const DeviceSpec& device : devices()) {
    for (const MemoryOp op : kElementWise) {
      const MemoryOpModel model = memory_op_model_for(shipped(), device, op, Precision::fp16);
      const Precision used = effective_precision(device, Precision::fp16);
      for (const std::int64_t rows : {1, 333, 65536}) {
        for (const std::int64_t columns : {64, 4096, 50000}) {
          const MemoryOpShape shape{rows, columns, 1, 1, 1};
          const double time_s = memory_op_time_s(model, shape);
          if (!(time_s >= memory_op_limit_s(limits_of(device), op, shape, used)) || !std::isfinite(time_s) ||
              !(time_s > 0.0)) {
            FAIL(device.name << ' ' << spotmix::name_of(op) << ' ' << rows << 'x' << columns);
          }
        }
      }
    }
  }
  SUCCEED();
}

TEST_CASE("Attention is never faster than its two matrix products at peak") {
  for (const char* name : {"A100-SXM4-80GB", "H100-SXM", "B200", "V100-SXM2-16GB"}) {
    const DeviceSpec& device = *find_device(name);
    for (const MemoryOp op : {MemoryOp::attention, MemoryOp::attention_causal}) {
      const MemoryOpModel model = memory_op_model_for(shipped(), device, op, Precision::fp16);
      double before = 0.0;
      for (std::int64_t length = 128; length <= 32768; length *= 2) {
        const MemoryOpShape shape{4, length, 16, 16, 128};
        const double time_s = memory_op_time_s(model, shape);
        CHECK(time_s >= memory_op_flop(op, shape) / usable_peak_flop_per_s(device, Precision::fp16));
        CHECK(time_s > before);
        before = time_s;
      }
    }
  }
}

TEST_CASE("Moving a gigabyte takes between the memory's rate and twice as long") {
  for (const char* name : {"P100-PCIE-16GB", "V100-PCIE-32GB", "T4", "A100-PCIE-40GB", "H100-SXM"}) {
    const DeviceSpec& device = *find_device(name);
    const MemoryOpModel add = memory_op_model_for(shipped(), device, MemoryOp::add, Precision::fp32);
    constexpr double kBytes = 4e9;
    const double at_full_rate_s = kBytes / device.memory_bytes_per_s;
    INFO(name);
    CHECK(streaming_time_s(add, kBytes) > 0.98 * at_full_rate_s);
    CHECK(streaming_time_s(add, kBytes) < 2.0 * at_full_rate_s);
    CHECK(streaming_time_s(add, 2.0 * kBytes) > streaming_time_s(add, kBytes));
  }
}

TEST_CASE("An operation that nobody timed on the device is scaled and says so") {
  const MemoryOpModel own =
      memory_op_model_for(shipped(), *find_device("A100-SXM4-80GB"), MemoryOp::rope, Precision::fp16);
  CHECK(memory_op_time(own, {2048, 4096, 1, 1, 1}).source == SourceKind::published);
  const MemoryOpModel other =
      memory_op_model_for(shipped(), *find_device("V100-SXM2-16GB"), MemoryOp::rope, Precision::fp16);
  CHECK(memory_op_time(other, {2048, 4096, 1, 1, 1}).source == SourceKind::scaled);
}

TEST_CASE("A memory-bound model reproduces the samples it was made from") {
  for (const KernelProfile& profile : shipped()) {
    for (const MemoryOpSamples& samples : profile.memory_ops) {
      const auto model =
          make_memory_op_model(profile, samples.op, samples.precision, samples.provenance.source);
      REQUIRE(model.has_value());
      double sum = 0.0;
      for (std::size_t i = 0; i < samples.shapes.size(); ++i) {
        sum += std::abs(memory_op_time_s(*model, samples.shapes[i]) / samples.median_s[i] - 1.0);
      }
      INFO(profile.device << ' ' << spotmix::name_of(samples.op));
      CHECK(sum / static_cast<double>(samples.shapes.size()) < 0.10);
    }
  }
}
