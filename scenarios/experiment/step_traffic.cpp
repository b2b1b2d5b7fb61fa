#include "scenarios/experiment/step_traffic.h"

#include <algorithm>

#include "models/memory/memory.h"
#include "models/parallelism/stages.h"
#include "scenarios/experiment/workload.h"
#include "scenarios/provider/provider.h"

namespace spotmix::scenarios {
namespace {

/// Gradients that a step adds up; lookup tables exchange only the rows that they met.
struct Gradients {
  double dense_bytes = 0;
  double expert_bytes = 0;
};

std::optional<Gradients> gradients_of(const Scenario& scenario) {
  const WorkloadSpec& spec = scenario.workload;
  if (spec.gradient_bytes) return Gradients{.dense_bytes = *spec.gradient_bytes};
  if (!spec.has_model()) return std::nullopt;
  const auto workload = workload_of(scenario, sizes_of(spec));
  if (!workload) return std::nullopt;
  const double each = models::bytes_per_parameter(spec.precision.value_or(models::Precision::fp32),
                                                  optimizer_of(spec, *workload.value), false)
                          .gradients;
  Gradients gradients;
  for (const models::Layer& layer : workload.value->layers) {
    const double dense = layer.parameters - layer.expert_parameters - layer.sparse_parameters;
    gradients.dense_bytes += each * layer.repeat * dense;
    gradients.expert_bytes += each * layer.repeat * layer.expert_parameters;
  }
  return gradients;
}

/// Share of the gradients' bytes that each way around a ring of this many ranks carries.
double ring_share(double ranks) {
  return (ranks - 1) / ranks;
}

struct Devices {
  int all = 0;
  int per_instance = 1;  ///< the most
};

Devices devices_of(const MixSpec& spec, const Provider& provider) {
  Devices devices;
  for (const GroupSpec& group : spec.groups) {
    if (group.role != GroupRole::worker) continue;
    const InstanceType* type = provider.find(group.instances.front().name);
    const int each = std::max(1, type == nullptr ? 1 : type->devices);
    devices.all += group.first_type_count() * each;
    devices.per_instance = std::max(devices.per_instance, each);
  }
  return devices;
}

/// Products of 8 bits hand over 16-bit results.
double handed_over_bytes(models::Precision precision) {
  return precision == models::Precision::fp32 || precision == models::Precision::tf32 ? 4 : 2;
}

/// What one sample hands over the widest boundary between two stages.
double boundary_bytes(const models::StepInput& input, const models::Parallelism& parallelism) {
  double elements = 0;
  const auto stages = models::divide_into_stages(input.workload, parallelism.pipeline * parallelism.chunks);
  for (std::size_t i = 0; i + 1 < stages.size(); ++i)
    elements = std::max(elements, input.workload.layers[stages[i].back().layer].output_elements);
  return elements * handed_over_bytes(input.precision);
}

/// Of a step, one way, averaged over the steps of all phases.
std::optional<double> activation_bytes(const Scenario& scenario, const MixDetails& details) {
  if (scenario.workload.activation_bytes) return scenario.workload.activation_bytes;
  if (details.phases.empty()) return std::nullopt;
  double bytes = 0, steps = 0;
  for (const PhaseDetails& phase : details.phases) {
    const double count = phase.samples.value_or(phase.global_batch) / phase.global_batch;
    steps += count;
    if (phase.step.parallelism.pipeline > 1)
      bytes += count * phase.global_batch * boundary_bytes(*phase.input, phase.step.parallelism);
  }
  return bytes / steps;
}

}  // namespace

StepTraffic step_traffic_of(const Scenario& scenario, const Provider& provider, const MixSpec& spec,
                            const MixDetails& details) {
  StepTraffic traffic;
  const Devices devices = devices_of(spec, provider);
  traffic.stages = details.step ? details.step->parallelism.pipeline : spec.gang.stages.value_or(1);
  const double ranks =
      details.step ? details.step->parallelism.data : std::max(1, devices.all / std::max(1, traffic.stages));
  if (const auto gradients = gradients_of(scenario)) {
    const bool gathered = details.step && details.step->parallelism.sharding == models::Sharding::parameters;
    const double replicas = details.step ? ranks / details.step->parallelism.expert : ranks;
    const double ring = (gathered ? 3 : 2) * (gradients->dense_bytes * ring_share(ranks) +
                                              gradients->expert_bytes * ring_share(replicas));
    const bool stage_spans_instances = devices.all > traffic.stages * devices.per_instance;
    traffic.ring = traffic.stages > 1 ? 0 : ring;
    traffic.cut_gradients = traffic.stages > 1 && stage_spans_instances ? 2 * ring / traffic.stages : 0;
  }
  if (traffic.stages == 1) {
    traffic.cut_activations = 0;
  } else if (const auto one_way = activation_bytes(scenario, details)) {
    traffic.cut_activations = 2 * *one_way;
  }
  return traffic;
}

std::optional<double> steps_per_h(const Scenario& scenario, const Provider& provider, const MixSpec& spec,
                                  const MixDetails& details) {
  const WorkloadSpec& workload = scenario.workload;
  if (details.samples_per_s && !details.phases.empty()) {
    double samples = 0, steps = 0;
    for (const PhaseDetails& phase : details.phases) {
      samples += phase.samples.value_or(1);
      steps += phase.samples.value_or(1) / phase.global_batch;
    }
    return 3600 * *details.samples_per_s * steps / samples;
  }
  if (!details.samples_per_s || (!workload.global_batch && !workload.batch_per_device)) return std::nullopt;
  const double batch = workload.global_batch
                           ? static_cast<double>(*workload.global_batch)
                           : static_cast<double>(*workload.batch_per_device) * devices_of(spec, provider).all;
  return 3600 * *details.samples_per_s / batch;
}

}  // namespace spotmix::scenarios
