#include "scenarios/experiment/throughput.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "models/hardware/device.h"
#include "models/workload/library.h"
#include "scenarios/catalog.h"
#include "scenarios/experiment/kernel_profiles.h"
#include "scenarios/json/json_text.h"
#include "scenarios/nearest.h"

namespace spotmix::scenarios {
namespace {

constexpr double kBytesPerGigabyte = 1e9;
constexpr std::int64_t kLargestBatch = 1'000'000'000;

std::string in_words(const ClusterShape& shape) {
  std::string text;
  for (const auto& [instance, count] : shape)
    text += fmt::format("{}{} × {}", text.empty() ? "" : " + ", count, instance);
  return text;
}

Throughput fail(const Scenario& scenario, const std::string& path, std::string message) {
  Throughput result;
  result.problem = Problem{scenario.file.string(), path, std::move(message)};
  return result;
}

/// Bandwidth between the devices of one instance: the catalogue's, or the device's own host link.
double intra_bandwidth(const InstanceType& type) {
  if (type.interconnect_gb_per_s) return *type.interconnect_gb_per_s * kBytesPerGigabyte;
  const models::DeviceSpec* device = models::find_device(type.device);
  return device == nullptr ? 0 : device->pcie_bytes_per_s;
}

/// The processor of an instance without an accelerator, two vCPUs a core.
const models::DeviceSpec* host_processor(const InstanceType& type) {
  return models::find_host_processor(type.family, std::max(1, type.vcpu / 2));
}

struct ClusterOrProblem {
  sim::Cluster cluster;
  std::string problem;
  bool on_processors = false;  ///< Some instance computes without an accelerator.
};

ClusterOrProblem cluster_of(const MixSpec& mix) {
  ClusterOrProblem result;
  const ClusterShape shape = shape_of(mix);
  const bool several = shape.size() > 1 || shape.begin()->second > 1;
  for (const auto& [name, count] : shape) {
    const InstanceType* type = catalog().find(name);
    if (type == nullptr) return {{}, fmt::format("{} is not in the catalogue", name)};
    const auto network = network_bytes_per_s(*type);
    if (several && !network) return {{}, fmt::format("the network bandwidth of {} is not known", name)};
    if (type->device.empty()) {
      const models::DeviceSpec* processor = host_processor(*type);
      if (processor == nullptr)
        return {{}, fmt::format("{} has no accelerator, and its processor is not known", name)};
      result.cluster.groups.push_back({std::string(processor->name), 1, count, 0, network.value_or(0)});
      result.on_processors = true;
      continue;
    }
    result.cluster.groups.push_back(
        {type->device, type->devices, count, intra_bandwidth(*type), network.value_or(0)});
    result.cluster.groups.back().instance_type = name;
  }
  return result;
}

std::optional<std::string> too_large(const sim::StepBreakdown& step, const MixSpec& mix) {
  if (!step.memory_per_device_gib) return std::nullopt;
  for (const GroupSpec& group : mix.groups) {
    for (const WeightedInstance& instance : group.instances) {
      const InstanceType* type = catalog().find(instance.name);
      const std::optional<double> has = type == nullptr        ? std::nullopt
                                        : type->device.empty() ? std::optional(type->memory_gib)
                                                               : type->device_memory_gib;
      if (!has || *step.memory_per_device_gib <= *has) continue;
      return fmt::format("needs {:.1f} GiB on each device; one of {} has {:g}", *step.memory_per_device_gib,
                         instance.name, *has);
    }
  }
  return std::nullopt;
}

/// `profiles` must outlive the input.
sim::StepInput step_input(const Scenario& scenario, const models::Workload& workload, ClusterOrProblem made,
                          const std::vector<models::KernelProfile>& profiles) {
  const WorkloadSpec& spec = scenario.workload;
  sim::StepInput input;
  input.workload = workload;
  input.precision = spec.precision.value_or(models::Precision::fp32);
  input.optimizer = optimizer_of(spec, workload);
  input.cluster = std::move(made.cluster);
  // A processor's memory is its instance's, which the step does not know: too_large compares with the
  // catalogue.
  input.check_memory = !made.on_processors;
  if (!profiles.empty()) input.profiles = &profiles;
  input.proportional_shares = spec.proportional_shares;
  input.parallelism = scenario.parallelism;
  if (input.parallelism && input.parallelism->data == 0) {
    const int others = input.parallelism->tensor * input.parallelism->pipeline;
    input.parallelism->data = std::max(1, sim::device_count(input.cluster) / others);
  }
  return input;
}

/// In `zones` zones at once.
Throughput computed(const Scenario& scenario, const MixSpec& mix, const std::string& mix_path,
                    int zones = 1) {
  const WorkloadSpec& spec = scenario.workload;
  const std::string shape = in_words(shape_of(mix));
  if (!spec.model) {
    return fail(
        scenario, "workload",
        fmt::format("found neither \"model\" nor a rate for {}, expected one: {} needs it", shape, mix_path));
  }
  const auto workload = named_workload(spec);
  if (!workload) {
    const auto names = models::workload_names();
    return fail(scenario, "workload.model",
                fmt::format("found {}, expected {}{}", in_quotes(*spec.model), one_of(names),
                            did_you_mean(*spec.model, names)));
  }
  if (!spec.global_batch && !spec.batch_per_device) {
    return fail(
        scenario, "workload.global_batch",
        fmt::format("found nothing, expected the samples of one step: the rate of {} is computed", mix_path));
  }
  ClusterOrProblem made = cluster_of(mix);
  if (!made.problem.empty()) {
    return fail(scenario, "workload.samples_per_s",
                fmt::format("found no rate for {}, expected one: {}", shape, made.problem));
  }
  const Result<std::vector<models::KernelProfile>> profiles =
      kernel_profiles_of(scenario, made.on_processors);
  if (!profiles) {
    Throughput broken;
    broken.problem = profiles.problems.front();
    return broken;
  }
  made.cluster.zones = zones;
  made.cluster.cross_zone_bytes_per_s = scenario.market.transfer.between_zones_bytes_per_s;
  sim::StepInput input = step_input(scenario, *workload, std::move(made), *profiles.value);
  const std::int64_t batch =
      spec.global_batch.value_or(spec.batch_per_device.value_or(0) * sim::device_count(input.cluster));
  if (batch > kLargestBatch)
    return fail(
        scenario, "workload.batch_per_device",
        fmt::format("found a batch of {} samples on {}, expected at most {}", batch, shape, kLargestBatch));
  input.global_batch = static_cast<int>(batch);
  Throughput result;
  result.details.step = sim::step_time(input);
  result.details.sources = result.details.step->sources;
  if (!result.details.step->feasible()) {
    result.infeasible_reason = result.details.step->infeasible_reason;
  } else {
    result.infeasible_reason = too_large(*result.details.step, mix);
    result.details.samples_per_s = result.details.step->samples_per_s;
  }
  return result;
}

/// Samples of one step of a gang that is `share` of the whole.
double batch_of_size(const WorkloadSpec& spec, const GangSettings& gang, const sim::StepInput& input,
                     double share) {
  if (!spec.global_batch)
    return static_cast<double>(spec.batch_per_device.value_or(0)) * sim::device_count(input.cluster);
  return static_cast<double>(*spec.global_batch) * (gang.batch_is_scaled ? share : 1);
}

/// The next larger batch that divides over the replicas and into micro-batches.
double dividing_batch(double batch, const sim::StepInput& input) {
  const auto& parallelism = input.parallelism;
  const int replicas = parallelism ? parallelism->data : sim::device_count(input.cluster);
  const int micro_batch = parallelism ? std::max(1, parallelism->micro_batch) : 1;
  const int divisor = std::max(1, replicas) * micro_batch;
  return std::max(1.0, std::ceil(batch / divisor)) * divisor;
}

}  // namespace

std::optional<models::Workload> named_workload(const WorkloadSpec& spec) {
  if (!spec.model) return std::nullopt;
  models::WorkloadInputs inputs;
  inputs.image_size = spec.image_size;
  inputs.sequence_length = spec.sequence_length;
  return models::find_workload(*spec.model, inputs);
}

models::Optimizer optimizer_of(const WorkloadSpec& spec, const models::Workload& workload) {
  return spec.optimizer.value_or(workload.family == "convolution" ? models::Optimizer::momentum
                                                                  : models::Optimizer::adam);
}

ClusterShape shape_of(const MixSpec& mix) {
  ClusterShape shape;
  for (const GroupSpec& group : mix.groups) shape[group.instances.front().name] += group.first_type_count();
  return shape;
}

Throughput throughput_of(const Scenario& scenario, const MixSpec& mix, const std::string& mix_path) {
  const ClusterShape shape = shape_of(mix);
  for (const GivenRate& rate : scenario.workload.given_rates) {
    if (rate.cluster != shape) continue;
    Throughput result;
    result.details.samples_per_s = rate.samples_per_s;
    result.details.sources = {
        {"training rate", models::SourceKind::given, "workload.samples_per_s", rate.source, {}}};
    return result;
  }
  return computed(scenario, mix, mix_path);
}

CrossZoneSpeed cross_zone_speed_of(const Scenario& scenario, const MixSpec& mix) {
  const Throughput one = computed(scenario, mix, mix.path);
  const Throughput two = computed(scenario, mix, mix.path, 2);
  if (!one.details.samples_per_s || !two.details.samples_per_s) return {};
  return {std::min(1.0, *two.details.samples_per_s / *one.details.samples_per_s)};
}

std::map<int, double> samples_per_s_of_sizes(const Scenario& scenario, const MixSpec& mix,
                                             const std::vector<int>& sizes) {
  std::map<int, double> rates;
  const auto workload = named_workload(scenario.workload);
  const auto profiles = kernel_profiles_of(scenario, cluster_of(mix).on_processors);
  if (!workload || !profiles) return rates;
  for (const int size : sizes) {
    MixSpec smaller = mix;
    smaller.groups.resize(1);
    smaller.groups.front().count = size;
    ClusterOrProblem made = cluster_of(smaller);
    if (!made.problem.empty()) continue;
    sim::StepInput input = step_input(scenario, *workload, std::move(made), *profiles.value);
    const double share = static_cast<double>(size) / shape_of(mix).begin()->second;
    const double batch = batch_of_size(scenario.workload, mix.gang, input, share);
    const double whole_batch = dividing_batch(batch, input);
    if (whole_batch > static_cast<double>(kLargestBatch)) continue;
    input.global_batch = static_cast<int>(whole_batch);
    const sim::StepBreakdown step = sim::step_time(input);
    if (step.feasible() && !too_large(step, mix)) rates[size] = batch / step.time_s;
  }
  return rates;
}

std::optional<double> samples_to_train(const WorkloadSpec& spec) {
  if (spec.samples) return spec.samples;
  if (spec.steps && spec.global_batch) return *spec.steps * static_cast<double>(*spec.global_batch);
  if (spec.epochs && spec.samples_per_epoch) return *spec.epochs * *spec.samples_per_epoch;
  return std::nullopt;
}

}  // namespace spotmix::scenarios
