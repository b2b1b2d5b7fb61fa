#include "scenarios/experiment/mix.h"

#include <algorithm>

#include <fmt/format.h>

#include "models/memory/memory.h"
#include "scenarios/catalog.h"
#include "scenarios/experiment/throughput.h"
#include "scenarios/json/json_text.h"
#include "sim/fleet/policy.h"

namespace spotmix::scenarios {
namespace {

constexpr Duration kBootWithoutAccelerator = seconds{26};
constexpr Duration kBootWithAccelerator = seconds{360};
constexpr Duration kWatchInterval = minutes{10};
constexpr double kBytesPerMegabit = 1e6 / 8;

bool has_accelerator(const GroupSpec& group) {
  return std::any_of(group.instances.begin(), group.instances.end(), [](const WeightedInstance& instance) {
    const InstanceType* type = catalog().find(instance.name);
    return type == nullptr || type->devices > 0;
  });
}

/// Bytes of weights and optimizer state, which is what a checkpoint holds.
std::optional<double> checkpoint_bytes(const WorkloadSpec& spec) {
  const auto workload = named_workload(spec);
  if (!workload) return std::nullopt;
  const auto bytes = models::bytes_per_parameter(spec.precision.value_or(models::Precision::fp32),
                                                 optimizer_of(spec, *workload), false);
  return models::parameters(*workload) * (bytes.weights + bytes.optimizer);
}

/// Baseline bandwidth to block storage of the slowest instance.
std::optional<double> storage_bytes_per_s(const MixSpec& mix) {
  std::optional<double> slowest;
  for (const GroupSpec& group : mix.groups) {
    for (const WeightedInstance& instance : group.instances) {
      const InstanceType* type = catalog().find(instance.name);
      if (type == nullptr) return std::nullopt;
      const auto mbit =
          type->ebs_baseline_mbit_per_s ? type->ebs_baseline_mbit_per_s : type->ebs_max_mbit_per_s;
      if (!mbit) return std::nullopt;
      slowest = std::min(slowest.value_or(*mbit * kBytesPerMegabit), *mbit * kBytesPerMegabit);
    }
  }
  return slowest;
}

/// Without interruptions there is nothing to recover from: a mix that buys only on demand writes no
/// checkpoints unless the scenario says so.
sim::CheckpointSpec::Kind default_kind(const MixSpec& mix) {
  const bool spot = std::any_of(mix.groups.begin(), mix.groups.end(),
                                [](const GroupSpec& group) { return group.purchase == sim::Purchase::spot; });
  return spot && mix.policy.kind != sim::PolicyKind::on_demand ? sim::CheckpointSpec::Kind::interval
                                                               : sim::CheckpointSpec::Kind::none;
}

/// Time to move a checkpoint; nothing where size or bandwidth is not known.
std::optional<Duration> transfer(std::optional<double> bytes, std::optional<double> bytes_per_s) {
  if (bytes == 0.0) return Duration{0};
  if (!bytes || !bytes_per_s || *bytes / *bytes_per_s > 1e9) return std::nullopt;
  return from_seconds(*bytes / *bytes_per_s);
}

}  // namespace

bool decides_purchase(sim::PolicyKind kind) {
  return kind == sim::PolicyKind::spot_only || sim::needs_deadline(kind);
}

sim::PolicySpec policy_of(const PolicySettings& settings) {
  sim::PolicySpec policy;
  policy.kind = settings.kind;
  const bool watches = sim::needs_deadline(settings.kind) || settings.guarantee_deadline.value_or(false);
  policy.decision_interval = settings.decision_interval.value_or(watches ? kWatchInterval : Duration{0});
  policy.fallback_wait = settings.fallback_wait.value_or(policy.fallback_wait);
  policy.pair_slice = settings.pair_slice.value_or(policy.pair_slice);
  policy.guarantee_deadline = settings.guarantee_deadline.value_or(false);
  return policy;
}

sim::LaunchSpec launch_of(const MixSpec& mix) {
  sim::LaunchSpec launch;
  const bool accelerated = std::any_of(mix.groups.begin(), mix.groups.end(), has_accelerator);
  launch.pending = mix.launch.pending.value_or(launch.pending);
  launch.boot = mix.launch.boot.value_or(accelerated ? kBootWithAccelerator : kBootWithoutAccelerator);
  launch.retry = mix.launch.retry.value_or(launch.retry);
  launch.single_zone = mix.launch.single_zone;
  launch.leave_zone_after = mix.launch.leave_zone_after.value_or(launch.leave_zone_after);
  launch.replace_before_termination = mix.launch.replace_before_termination;
  return launch;
}

sim::RecoverySpec recovery_of(const Scenario& scenario, const MixSpec& mix, const std::string& path,
                              Problems& problems) {
  using Kind = sim::CheckpointSpec::Kind;
  const CheckpointSettings& settings = mix.checkpoint;
  sim::RecoverySpec recovery;
  recovery.restart = mix.restart.value_or(Duration{0});
  sim::CheckpointSpec& checkpoint = recovery.checkpoint;
  checkpoint.kind = settings.kind.value_or(default_kind(mix));
  checkpoint.interval = settings.interval.value_or(checkpoint.interval);
  checkpoint.on_notice = settings.on_notice.value_or(false);
  const auto bytes = settings.size_bytes ? settings.size_bytes : checkpoint_bytes(scenario.workload);
  const auto storage = storage_bytes_per_s(mix);
  const auto write = transfer(bytes, settings.write_bytes_per_s ? settings.write_bytes_per_s : storage);
  const auto read = transfer(bytes, settings.read_bytes_per_s ? settings.read_bytes_per_s : storage);
  const bool needed = checkpoint.kind == Kind::interval || checkpoint.on_notice;
  if (needed && (!write || !read)) {
    const std::string key = bytes ? "write_gb_per_s" : "size_gb";
    problems.push_back(
        {scenario.file.string(), key_path(path, "recovery.checkpoint." + key),
         bytes ? "found nothing, expected the bandwidths to storage: the catalogue does not tell them"
               : "found nothing, expected the size of a checkpoint: no model tells it"});
  }
  if (checkpoint.kind != Kind::continuous || checkpoint.on_notice)
    checkpoint.write = write.value_or(Duration{0});
  if (checkpoint.kind != Kind::none || checkpoint.on_notice) checkpoint.read = read.value_or(Duration{0});
  return recovery;
}

}  // namespace spotmix::scenarios
