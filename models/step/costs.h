// What the parts of a step cost on one cluster: layers, groups of ranks that communicate, the division into
// stages. Each is computed once and remembered.
//
// One object belongs to one thread. References stay valid until set_software.
#pragma once

#include <compare>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/collectives/collectives.h"
#include "models/parallelism/layer_cost.h"
#include "models/parallelism/operation_costs.h"
#include "models/parallelism/stages.h"
#include "models/step/step.h"

namespace spotmix::models {

class StepCosts {
 public:
  /// Times and memory are those of the devices of `paced_by`, or of the cluster's slowest and smallest where
  /// that is null.
  StepCosts(const StepInput& input, const InstanceGroup* paced_by);

  /// Why the cluster cannot be; empty if it can. Nothing below may be asked of one that cannot.
  const std::string& problem() const { return problem_; }

  /// Asks on for other software; what its kernels cost alone is kept.
  void set_software(const Software& software);

  /// What a micro-batch's layers depend on.
  struct LayerSetting {
    double samples = 0;
    int tensor = 1;
    int expert = 1;
    bool sequence_parallel = false;
    Recompute recompute = Recompute::none;
    // NOLINTNEXTLINE(readability-implicit-bool-conversion): clang-tidy 14 sees one in the comparison of bools
    auto operator<=>(const LayerSetting&) const = default;
  };
  /// Of every layer of the workload, in its order.
  const std::vector<LayerCost>& layers(const LayerSetting& setting, const GroupShape& tensor_group,
                                       const GroupShape& expert_group);

  const Communicator& communicator(const GroupShape& shape);
  /// From one pipeline stage to another.
  const Communicator& stages_link(int from, int to, const Parallelism& parallelism);

  const std::vector<Stage>& stages_of_pieces(const Parallelism& parallelism);
  const std::vector<Stage>& stages_of_devices(const Parallelism& parallelism);

  const StepInput& input() const { return input_; }
  const Workload& workload() const { return input_.workload; }
  const Software& software() const { return input_.software; }
  const ClusterTopology& topology() const { return topology_; }
  const OperationCosts& operations() const { return *operations_; }
  double device_memory_bytes() const { return device_memory_bytes_; }
  int device_count() const { return device_count_; }
  const std::vector<Source>& sources() const { return sources_; }

 private:
  struct StageSetting {
    int pieces = 1;
    std::vector<int> stage_layers;
    auto operator<=>(const StageSetting&) const = default;
  };
  using StagesBySetting = std::map<StageSetting, std::vector<Stage>>;

  void use_measured(Communicator& group, const GroupShape& shape);

  StepInput input_;
  std::string problem_;
  std::vector<Source> sources_;
  ClusterTopology topology_;
  double device_memory_bytes_ = 0;
  int device_count_ = 0;
  std::unique_ptr<OperationCosts> operations_;  // of the device that sets the pace
  std::map<LayerSetting, std::vector<LayerCost>> layers_;
  std::map<GroupShape, Communicator> communicators_;
  StagesBySetting stages_of_pieces_, stages_of_devices_;
};

}  // namespace spotmix::models
