#include "models/step/utilization.h"

#include <cassert>

#include "models/parallelism/layer_cost.h"
#include "models/step/cluster.h"

namespace spotmix::models {
namespace {

double peak_flop_per_s(const StepInput& input) {
  double sum = 0;
  for (const InstanceGroup& group : input.cluster.groups)
    sum += group.instances * group.node.devices *
           usable_peak_flop_per_s(*node_of(group).device, input.precision);
  return sum;
}

/// Of one sample.
double repeated_flop(const Workload& workload, Recompute recompute) {
  double sum = 0;
  for (const Layer& layer : workload.layers) {
    for (const MatrixProduct& product : layer.forward)
      sum += is_computed_again(layer, product, recompute) ? layer.repeat * flop(product) : 0;
  }
  return sum;
}

}  // namespace

Utilization utilization_of(const StepInput& input, const StepBreakdown& step) {
  assert(step.feasible());
  const double model_flop_per_s = training_flop(input.workload) * step.samples_per_s;
  const double again_flop_per_s =
      repeated_flop(input.workload, step.parallelism.recompute) * step.samples_per_s;
  const double peak = peak_flop_per_s(input);
  return {model_flop_per_s / device_count(input.cluster), model_flop_per_s / peak,
          (model_flop_per_s + again_flop_per_s) / peak};
}

}  // namespace spotmix::models
