#include "scenarios/experiment/throughput.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json/json_text.h"
#include "base/text/nearest.h"
#include "base/units/digits.h"
#include "models/collectives/measured_group.h"
#include "models/hardware/device.h"
#include "models/kernels/shipped_profiles.h"
#include "models/stacks/stack.h"
#include "models/step/cluster.h"
#include "scenarios/experiment/given_rates.h"
#include "scenarios/experiment/step_choice.h"
#include "scenarios/warning.h"

namespace spotmix::scenarios {
namespace {

Throughput refused(const Scenario& scenario, const std::string& path, std::string message) {
  Throughput result;
  result.problems.push_back({scenario.file.string(), path, std::move(message)});
  return result;
}

/// All of a mix that its steps depend on.
std::string key_of(const MixCluster& cluster) {
  std::string key =
      fmt::format("{} servers of {:g}; ", cluster.servers, cluster.server_bytes_per_s.value_or(0));
  for (const models::InstanceGroup& group : cluster.cluster.groups) {
    key += fmt::format("{} × {} {} of {:g}; ", group.instances, group.node.name, group.node.device,
                       group.memory_bytes);
  }
  return key;
}

/// Whether all devices take the same share of each batch and wait for each other.
bool shares_alike(const Scenario& scenario) {
  const bool apart = scenario.parallelism && scenario.parallelism->settings.asynchronous;
  return !scenario.workload.proportional_shares && !apart;
}

/// All of a mix that the rate of its steps depends on if all devices take the same share: such a step is that
/// of the slowest device, in the smallest memory, on the links of the slowest nodes.
std::string key_of_pace(const MixCluster& cluster) {
  const std::vector<models::InstanceGroup>& groups = cluster.cluster.groups;
  if (groups.size() < 2) return key_of(cluster);
  const models::ClusterTopology topology = models::topology_of(cluster.cluster);
  std::set<std::string_view> devices;
  double memory_bytes = 0;
  const models::InstanceGroup* network = &groups.front();
  for (const models::InstanceGroup& group : groups) {
    const models::DeviceSpec& device = *models::node_of(group).device;
    devices.insert(device.name);
    const double bytes = group.memory_bytes > 0 ? group.memory_bytes : device.memory_bytes;
    memory_bytes = memory_bytes == 0 ? bytes : std::min(memory_bytes, bytes);
    if (group.node.network_bytes_per_s < network->node.network_bytes_per_s) network = &group;
  }
  return fmt::format(
      "{} servers of {:g}; {} of {} of {:g}; {} × {} of {} on the network of {} at {:g}; software of {}; ",
      cluster.servers, cluster.server_bytes_per_s.value_or(0), models::device_count(cluster.cluster),
      fmt::join(devices, ", "), memory_bytes, topology.nodes, topology.node.name, topology.node.devices,
      network->node.name, network->node.network_bytes_per_s,
      name_of(models::node_of(groups.front()).device->architecture));
}

/// Precisions by how near they are to `asked`: of as many bits first.
std::optional<models::Precision> nearest_precision(const models::DeviceSpec& device,
                                                   models::Precision asked) {
  using enum models::Precision;
  const std::vector<models::Precision> order = asked == fp8    ? std::vector{bf16, fp16, tf32, fp32}
                                               : asked == bf16 ? std::vector{fp16, tf32, fp32}
                                               : asked == fp16 ? std::vector{bf16, tf32, fp32}
                                                               : std::vector{fp32};
  for (const models::Precision precision : order) {
    if (device.peak(precision)) return precision;
  }
  return std::nullopt;
}

/// A precision that a device has no units for is computed in another: that must not go unsaid.
void warn_of_precision(const Scenario& scenario, const models::Cluster& cluster, Throughput& result) {
  const models::Precision asked = scenario.workload.precision.value_or(models::Precision::fp32);
  for (const models::InstanceGroup& group : cluster.groups) {
    const models::DeviceSpec& device = *models::node_of(group).device;
    const models::Precision used = models::effective_precision(device, asked);
    if (used == asked) continue;
    const auto nearest = nearest_precision(device, asked);
    result.warnings_of_mix.push_back(warning_of(
        WarningCode::precision_not_supported, scenario.file.string(), "workload.precision",
        fmt::format("{} has no units for {} and computes in {}{}", device.name, name_of(asked), name_of(used),
                    nearest && *nearest != used
                        ? fmt::format("; the nearest that it has is \"{}\"", name_of(*nearest))
                        : "")));
  }
}

/// A program that was never measured runs at the profiles' times, as if it were perfect: that must not go
/// unsaid.
void warn_of_program(const Scenario& scenario, const models::StepInput& input, Throughput& result) {
  const WorkloadSpec& spec = scenario.workload;
  const models::Stack& stack = *models::find_stack(spec.software);
  if (stack.programs.empty()) return;
  const models::Architecture architecture =
      models::node_of(input.cluster.groups.front()).device->architecture;
  const std::vector<std::string> measured = models::measured_programs(stack, architecture);
  const std::string program = models::program_name(input.workload.name, input.precision);
  if (std::find(measured.begin(), measured.end(), program) != measured.end()) return;
  result.warnings_of_mix.push_back(warning_of(
      WarningCode::software_not_measured, scenario.file.string(), "workload.software",
      fmt::format("{}'s program for {} on {} was not measured, its kernels take the profiles' times; {}",
                  stack.name, in_quotes(program), name_of(architecture),
                  measured.empty() ? "none was there" : "measured there: " + list_of(measured))));
}

/// The phase in which most time goes.
const PhaseDetails& longest(const std::vector<PhaseDetails>& phases) {
  const auto time_s = [](const PhaseDetails& phase) {
    return phase.samples.value_or(0) / phase.global_batch * phase.step.time_s;
  };
  return *std::max_element(phases.begin(), phases.end(), [&](const PhaseDetails& a, const PhaseDetails& b) {
    return time_s(a) < time_s(b);
  });
}

/// Why no cluster uses the measurement, preferably one with the same devices; empty if one uses it.
std::string unused_by_all(const models::MeasuredSamples& measured,
                          const std::vector<models::KernelProfile>& profiles,
                          const std::vector<models::ClusterTopology>& clusters) {
  std::string why;
  bool of_such_devices = false;
  for (const models::ClusterTopology& cluster : clusters) {
    const std::string reason = models::unused_because(measured, profiles, cluster);
    if (reason.empty()) return {};
    const bool such = cluster.node.device->name == measured.profile->device;
    if (why.empty() || (such && !of_such_devices)) why = reason;
    of_such_devices = of_such_devices || such;
  }
  return why;
}

/// What the whole job trains, on a cluster of this many devices.
std::optional<TrainingAmount> amount_over(const WorkloadSpec& spec, std::optional<int> devices) {
  if (spec.phases.empty()) return amount_of(spec, batch_of(spec, nullptr, devices));
  TrainingAmount sum;
  for (const PhaseSpec& phase : spec.phases) {
    const auto samples = samples_of(phase.amount, spec, batch_of(spec, &phase, devices));
    if (!samples) return std::nullopt;
    sum.samples += *samples;
  }
  return sum;
}

std::string model_name(const WorkloadSpec& spec) {
  if (spec.layers) return spec.layers->name;
  return spec.model ? *spec.model : spec.huggingface.value_or("");
}

/// Device, model and software: what makes one mix's step time wrong makes that of another with these wrong
/// as well. Of instances whose devices are not known, the types.
std::string error_stream_of(const WorkloadSpec& spec, const MixSpec& mix, const MixCluster& cluster) {
  std::set<std::string> devices;
  if (cluster.problem.empty()) {
    for (const models::InstanceGroup& group : cluster.cluster.groups)
      devices.emplace(models::node_of(group).device->name);
  } else {
    for (const auto& [instance, count] : shape_of(mix)) devices.insert(instance);
  }
  return fmt::format("{} / {} / {}", fmt::join(devices, "+"), model_name(spec), spec.software);
}

}  // namespace

Throughput ThroughputModel::computed(const MixSpec& mix, const std::string& mix_path, double share,
                                     Wanted wanted) {
  const std::string shape = in_words(shape_of(mix));
  if (!scenario_.workload.has_model()) {
    return refused(
        scenario_, "workload",
        fmt::format("found neither \"model\" nor a rate for {}, expected one: {} needs it", shape, mix_path));
  }
  const MixCluster cluster = cluster_of(mix, provider_);
  if (!cluster.problem.empty()) {
    return refused(scenario_, "workload.samples_per_s",
                   fmt::format("found no rate for {}, expected one: {}", shape, cluster.problem));
  }
  const bool alike = wanted == Wanted::rate && shares_alike(scenario_);
  const std::string key = fmt::format("{}share {}", alike ? key_of_pace(cluster) : key_of(cluster), share);
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  Throughput result;
  StepChoice choice = choose_steps(scenario_, cluster, share, mix_path);
  result.problems = std::move(choice.problems);
  result.warnings = std::move(choice.warnings);
  if (!result.problems.empty()) return result;
  result.details.phases = std::move(choice.phases);
  const bool feasible = choice.infeasible_reason.empty();
  const PhaseDetails& main = feasible ? longest(result.details.phases) : result.details.phases.back();
  result.details.step = main.step;
  result.amount = amount_over(scenario_.workload, models::device_count(cluster.cluster));
  result.details.sources = main.step.sources;
  if (result.amount && result.amount->source)
    models::add_source(result.details.sources, *result.amount->source);
  warn_of_precision(scenario_, cluster.cluster, result);
  warn_of_program(scenario_, *main.input, result);
  if (!feasible) {
    result.infeasible_reason = choice.infeasible_reason;
  } else {
    result.details.samples_per_s = choice.samples_per_s;
    if (scenario_.workload.draws_step_error) result.details.step_error = models::step_error(main.step);
  }
  result.error_stream = error_stream_of(scenario_.workload, mix, cluster);
  return known_.emplace(key, std::move(result)).first->second;
}

Throughput ThroughputModel::at_given_rate(const MixSpec& mix, const std::string& mix_path,
                                          double samples_per_s, std::string source,
                                          std::optional<double> error) {
  Throughput result;
  result.details.samples_per_s = samples_per_s;
  result.details.sources = {
      {"training rate", models::SourceKind::given, "workload.samples_per_s", std::move(source), error}};
  if (error && *error > 0 && scenario_.workload.draws_step_error)
    result.details.step_error = models::StepError{models::sigma_of_error(*error), {{"training rate", 1}}};
  const MixCluster cluster = cluster_of(mix, provider_);
  result.error_stream = error_stream_of(scenario_.workload, mix, cluster);
  const bool known = cluster.problem.empty();
  result.amount = amount_over(scenario_.workload,
                              known ? std::optional(models::device_count(cluster.cluster)) : std::nullopt);
  if (!result.amount) {
    return refused(scenario_, "workload.global_batch",
                   fmt::format("found nothing, expected the samples of one step: {} needs it for the amount "
                               "of training",
                               mix_path));
  }
  if (result.amount->source) models::add_source(result.details.sources, *result.amount->source);
  return result;
}

std::optional<Throughput> ThroughputModel::given(const MixSpec& mix, const std::string& mix_path) {
  const ClusterShape shape = shape_of(mix);
  for (const GivenRate& rate : scenario_.workload.given_rates) {
    if (rate.cluster == shape)
      return at_given_rate(mix, mix_path, rate.samples_per_s, rate.source, rate.error);
  }
  return std::nullopt;
}

Throughput ThroughputModel::of(const MixSpec& mix, const std::string& mix_path) {
  if (auto result = given(mix, mix_path)) return *std::move(result);
  return computed(mix, mix_path, 1, Wanted::all);
}

Throughput ThroughputModel::of_composition(const MixSpec& composition, const std::string& mix_path,
                                           const std::vector<TypeOfMix>& types, double share) {
  if (auto result = given(composition, mix_path)) return *std::move(result);
  if (scenario_.workload.has_model()) return computed(composition, mix_path, share, Wanted::rate);
  const WorkloadSpec& spec = scenario_.workload;
  const RateFromOthers rate =
      rate_from_others(spec.given_rates, shape_of(composition), types, provider_, spec.proportional_shares);
  if (!rate.samples_per_s) {
    return refused(scenario_, "workload.samples_per_s",
                   fmt::format("found no rate of {}, expected one of some cluster of it: {} may run on it",
                               rate.unknown_type, mix_path));
  }
  Throughput result =
      at_given_rate(composition, mix_path, to_digits(*rate.samples_per_s), rate.source, rate.error);
  for (const std::string& warning : rate.warnings)
    result.warnings_of_mix.push_back(
        warning_of(WarningCode::rate_by_weight, scenario_.file.string(), "workload.samples_per_s", warning));
  return result;
}

Problems ThroughputModel::unused_measurements() const {
  std::vector<models::ClusterTopology> clusters;
  models::KernelProfiles profiles;
  for (const auto& [key, throughput] : known_) {
    const PhaseDetails& phase = throughput.details.phases.front();
    clusters.push_back(models::topology_of(phase.input->cluster));
    profiles = phase.profiles;
  }
  Problems warnings;
  const std::vector<std::string>& names = scenario_.workload.kernel_profiles;
  if (clusters.empty() && !names.empty()) {
    warnings.push_back(warning_of(WarningCode::measurement_unused, scenario_.file.string(),
                                  "workload.kernel_profiles",
                                  "not used: every mix has its rate in workload.samples_per_s"));
  }
  if (clusters.empty()) return warnings;
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (const models::MeasuredSamples& measured : models::measured_between_devices((*profiles)[i])) {
      const std::string reason = unused_by_all(measured, *profiles, clusters);
      if (reason.empty()) continue;
      const models::CollectiveSamples& samples = *measured.samples;
      warnings.push_back(warning_of(
          WarningCode::measurement_unused, scenario_.file.string(), "workload.kernel_profiles",
          fmt::format("{}: {} over {} ranks on {} is not used: {}", names[i], samples.operation,
                      measured.ranks,
                      samples.nodes == 1 ? "one node" : fmt::format("{} nodes", samples.nodes), reason)));
    }
  }
  return warnings;
}

std::optional<double> ThroughputModel::speed_apart(const MixSpec& mix, const MixDetails& details,
                                                   const Distance& distance) {
  const MixDetails here = details.phases.empty() ? computed(mix, mix.path, 1, Wanted::all).details : details;
  if (!here.samples_per_s || here.phases.empty()) return std::nullopt;
  double one_s = 0, two_s = 0;
  for (const PhaseDetails& phase : here.phases) {
    models::StepInput apart = *phase.input;
    apart.cluster.zones = 2;
    apart.cluster.cross_zone_bytes_per_s = distance.bytes_per_s;
    apart.cluster.cross_zone_latency_s = distance.latency_s;
    const models::StepBreakdown step = models::step_time(apart);
    if (!step.feasible()) return std::nullopt;
    const double steps = phase.samples.value_or(1) / phase.global_batch;
    one_s += steps * phase.step.time_s;
    two_s += steps * step.time_s;
  }
  return std::min(1.0, to_digits(one_s / two_s));
}

std::map<int, double> ThroughputModel::samples_per_s_of_sizes(const MixSpec& mix,
                                                              const std::vector<int>& sizes) {
  std::map<int, double> rates;
  const int whole = shape_of(mix).begin()->second;
  const bool shrinks = mix.gang.batch_is_scaled && scenario_.workload.global_batch;
  for (const int size : sizes) {
    MixSpec smaller = mix;
    smaller.groups.resize(1);
    smaller.groups.front().count = size;
    const MixCluster cluster = cluster_of(smaller, provider_);
    if (!cluster.problem.empty()) continue;
    const double share = shrinks ? static_cast<double>(size) / whole : 1;
    const std::string key = fmt::format("{}share {}", key_of(cluster), share);
    auto known = known_rates_.find(key);
    if (known == known_rates_.end()) {
      const StepChoice choice = choose_steps(scenario_, cluster, share, mix.path);
      const bool fits = choice.infeasible_reason.empty();
      std::optional<double> rate;
      if (choice.problems.empty()) rate = fits ? choice.samples_per_s : 0;
      known = known_rates_.emplace(key, rate).first;
    }
    if (known->second) rates[size] = *known->second;
  }
  return rates;
}

}  // namespace spotmix::scenarios
