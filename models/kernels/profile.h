// The kernel profile: what is known about how long one device takes for its kernels, as plain columns.
//
// Units: seconds, bytes, FLOP (a multiply-add is two). A matrix product multiplies an m × k by a k × n
// matrix, `batch` times. Columns of one group have equal length; an optional column without data is
// empty, never filled with 0. Every group says where its samples come from. docs/kernel_profile.md describes
// the file.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/enums/enums.h"
#include "models/hardware/device.h"
#include "models/kernels/roofline.h"
#include "models/provenance/source.h"

namespace spotmix::models {

/// Where the samples of a group come from.
struct Provenance {
  SourceKind kind = SourceKind::published;  ///< measured, published or scaled; samples are nothing else.
  std::string source;   ///< Who timed it: a table, a file of a repository, or the measuring program.
  std::string library;  ///< What ran, e.g. "torch-cublas-graph"; part of a group's identity.
  std::string licence;  ///< SPDX identifier, empty when measured here.
  std::string note;     ///< Anything a reader must know about how it was timed.
};

/// Whether the first and the second matrix are stored transposed ("tn": only the first).
enum class MatrixLayout : std::uint8_t { nn, nt, tn, tt };
constexpr auto enum_names(MatrixLayout) {
  using enum MatrixLayout;
  return enum_table<MatrixLayout>({{nn, "nn"}, {nt, "nt"}, {tn, "tn"}, {tt, "tt"}});
}

struct MatmulShape {
  std::int64_t m = 0;
  std::int64_t n = 0;
  std::int64_t k = 0;
  std::int64_t batch = 1;
  MatrixLayout layout = MatrixLayout::nn;
  bool operator==(const MatmulShape&) const = default;
};

/// What was fitted on one group of matrix products; see docs/fitted_constants.md.
struct MatmulFit {
  RooflineParameters tiled;
  PlainRooflineParameters plain;
  std::vector<double> tiled_weights;  ///< One per sample, of the residual in each view (matmul_views.h).
  std::vector<double> plain_weights;
  double left_out_median_error = 0;  ///< Median |error| of each sample predicted without itself, a fraction.
};

/// Matrix products timed with one library in one precision by one source.
struct MatmulSamples {
  Provenance provenance;
  Precision precision = Precision::fp32;
  std::vector<MatmulShape> shapes;
  std::vector<double> median_s;
  std::vector<double> p10_s;        ///< Empty when unknown.
  std::vector<double> p90_s;        ///< Empty when unknown.
  std::vector<std::int64_t> count;  ///< Timed runs per sample; empty when unknown.
  std::optional<MatmulFit> fit;
};

/// Memory-bound work. `rows` × `columns` is the tensor the result has (for softmax and the norms: normalised
/// along the columns); attention has batch, length, heads, key-value heads and head width instead.
enum class MemoryOp : std::uint8_t {
  add,
  gelu,
  silu_and_mul,
  layer_norm,
  rms_norm,
  softmax,
  rope,
  embedding,
  attention,
  attention_causal
};
constexpr auto enum_names(MemoryOp) {
  using enum MemoryOp;
  return enum_table<MemoryOp>({{add, "add"},
                               {gelu, "gelu"},
                               {silu_and_mul, "silu_and_mul"},
                               {layer_norm, "layer_norm"},
                               {rms_norm, "rms_norm"},
                               {softmax, "softmax"},
                               {rope, "rope"},
                               {embedding, "embedding"},
                               {attention, "attention"},
                               {attention_causal, "attention_causal"}});
}
inline constexpr std::size_t kMemoryOpCount = kCountOf<MemoryOp>;

/// {rows, columns, 1, 1, 1}, or for attention {batch, length, heads, key-value heads, head width}.
using MemoryOpShape = std::array<std::int64_t, 5>;

struct MemoryOpFit {
  std::vector<double> parameters;    ///< Of the op's cost formula, see memory_ops.h.
  std::vector<double> weights;       ///< One per sample, of the interpolated residual.
  double left_out_median_error = 0;  ///< As in MatmulFit.
};

struct MemoryOpSamples {
  Provenance provenance;
  MemoryOp op = MemoryOp::add;
  Precision precision = Precision::fp32;
  std::vector<MemoryOpShape> shapes;
  std::vector<double> median_s;
  std::vector<double> p10_s;        ///< Empty when unknown.
  std::vector<double> p90_s;        ///< Empty when unknown.
  std::vector<std::int64_t> count;  ///< Empty when unknown.
  std::optional<MemoryOpFit> fit;
};

/// Time = latency_s + bytes × seconds_per_byte over the samples of one algorithm and rank count.
struct CollectiveFit {
  std::int64_t ranks = 0;
  double latency_s = 0;
  double seconds_per_byte = 0;
  double median_error = 0;  ///< Median |residual| ÷ time.
};

/// One collective on one topology; bytes as nccl-tests counts them.
struct CollectiveSamples {
  Provenance provenance;
  std::string operation;  ///< "all_reduce", "all_gather", "reduce_scatter", "all_to_all".
  std::string algorithm;  ///< "ring", "tree", "one_shot", "two_shot", "auto", …
  std::string topology;   ///< "nvlink", "nvswitch", "pcie", "shared_memory", "loopback", "virtual_ranks", …
  std::int64_t nodes = 1;
  std::vector<std::int64_t> ranks;
  std::vector<double> bytes;
  std::vector<double> median_s;
  std::vector<double> p10_s;        ///< Empty when unknown.
  std::vector<double> p90_s;        ///< Empty when unknown.
  std::vector<std::int64_t> count;  ///< Empty when unknown.
  std::vector<CollectiveFit> fits;
};

/// Sustained, large transfers; copy counts bytes read plus bytes written.
struct MemoryBandwidth {
  Provenance provenance;
  std::optional<double> copy_bytes_per_s;
  std::optional<double> read_bytes_per_s;
  std::optional<double> write_bytes_per_s;
};

struct LaunchLatency {
  Provenance provenance;
  double launch_s = 0;
};

/// The device's own limits, so that a profile of an unlisted device still works.
struct DeviceLimits {
  int multiprocessors = 0;  ///< Streaming multiprocessors, or cores.
  std::array<std::optional<double>, kPrecisionCount> peak_flop_per_s;
  double memory_bytes_per_s = 0;
  double l2_bytes = 0;
};
DeviceLimits limits_of(const DeviceSpec& device);

struct KernelProfile {
  std::string device;  ///< As `find_device` knows it, or the device's own name.
  /// Of a device that `find_device` does not know; without it nothing is scaled from such a profile by
  /// likeness.
  std::optional<Architecture> architecture;
  DeviceLimits limits;
  std::optional<std::string> date;     ///< ISO 8601, of the measurement.
  std::optional<std::string> driver;   ///< Driver version.
  std::optional<std::string> runtime;  ///< Toolkit or operating system.
  std::optional<double> compute_clock_hz;
  std::optional<double> memory_clock_hz;
  std::vector<MatmulSamples> matmul;
  std::vector<MemoryOpSamples> memory_ops;
  std::vector<CollectiveSamples> collectives;
  std::optional<MemoryBandwidth> memory_bandwidth;
  std::optional<LaunchLatency> launch_latency;
};

}  // namespace spotmix::models
