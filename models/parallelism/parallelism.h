// How one training step is divided over devices: the settings, and what must hold among them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/enums/enums.h"
#include "models/workload/workload.h"

namespace spotmix::models {

/// What data-parallel ranks divide among themselves instead of each holding a copy (ZeRO stages 0 to 3).
enum class Sharding : std::uint8_t { none, optimizer, gradients, parameters };
constexpr auto enum_names(Sharding) {
  using enum Sharding;
  return enum_table<Sharding>(
      {{none, "none"}, {optimizer, "optimizer"}, {gradients, "gradients"}, {parameters, "parameters"}});
}

/// What backward computes again instead of keeping it.
enum class Recompute : std::uint8_t { none, selective, full };
constexpr auto enum_names(Recompute) {
  using enum Recompute;
  return enum_table<Recompute>({{none, "none"}, {selective, "selective"}, {full, "full"}});
}

enum class PipelineSchedule : std::uint8_t { gpipe, one_forward_one_backward, interleaved };
constexpr auto enum_names(PipelineSchedule) {
  using enum PipelineSchedule;
  return enum_table<PipelineSchedule>(
      {{gpipe, "gpipe"}, {one_forward_one_backward, "1f1b"}, {interleaved, "interleaved"}});
}

enum class Optimizer : std::uint8_t { sgd, momentum, adam, lamb };
constexpr auto enum_names(Optimizer) {
  using enum Optimizer;
  return enum_table<Optimizer>({{sgd, "sgd"}, {momentum, "momentum"}, {adam, "adam"}, {lamb, "lamb"}});
}
/// Numbers that the optimizer keeps for each parameter, in 32 bits.
constexpr int moments(Optimizer optimizer) {
  return optimizer == Optimizer::sgd ? 0 : optimizer == Optimizer::momentum ? 1 : 2;
}

/// How data-parallel ranks come to one gradient.
enum class GradientSync : std::uint8_t {
  all_reduce,
  parameter_server,  ///< Workers push gradients to servers and pull weights.
  periodic_average,  ///< Each rank trains alone; every `average_every` steps a driver averages the weights.
};
constexpr auto enum_names(GradientSync) {
  using enum GradientSync;
  return enum_table<GradientSync>({{all_reduce, "all_reduce"},
                                   {parameter_server, "parameter_server"},
                                   {periodic_average, "periodic_average"}});
}

struct Parallelism {
  int data = 1;
  int tensor = 1;
  int pipeline = 1;
  int expert = 1;       ///< Ranks that share the experts; divides `data`.
  int micro_batch = 0;  ///< Samples per device and micro-batch; 0: the whole share of the device at once.
  int chunks = 1;       ///< Model chunks per device under the interleaved schedule.
  std::vector<int> stage_layers{};  ///< Of each piece of the pipeline (stages.h); empty: equal shares.
  PipelineSchedule schedule = PipelineSchedule::one_forward_one_backward;
  Recompute recompute = Recompute::none;
  Sharding sharding = Sharding::none;
  bool sequence_parallel = false;
  bool overlap = true;  ///< Gradients are exchanged while backward still runs.
  double bucket_bytes = 25 * 1048576.0;
  GradientSync gradient_sync = GradientSync::all_reduce;
  int servers = 1;                 ///< Of a parameter server.
  bool servers_on_workers = true;  ///< Servers run on the first workers' instances and share their adapters.
  bool asynchronous = false;       ///< Workers of a parameter server do not wait for one another.
  int average_every = 1;           ///< Steps between two averages of periodic averaging.
};

constexpr int devices(const Parallelism& p) {
  return p.data * p.tensor * p.pipeline;
}

/// Micro-batches each pipeline runs per step: global batch ÷ data ÷ micro-batch, rounded up.
int micro_batches(const Parallelism& p, int global_batch);

/// Samples of one micro-batch: `micro_batch`, or the share of one data-parallel rank where that is 0.
int micro_batch_samples(const Parallelism& p, int global_batch);

/// Why these settings cannot divide `layers` layers and `global_batch` samples over `device_count` devices;
/// nothing if they can.
[[nodiscard]] std::optional<std::string> problem(const Parallelism& p, int device_count, int global_batch,
                                                 int layers);

/// Why tensor parallelism of this degree cannot divide the workload's layers; nothing if it can.
[[nodiscard]] std::optional<std::string> tensor_problem(const Workload& workload, int tensor);

}  // namespace spotmix::models
