#include "scenarios/experiment/recovery.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/json/json_text.h"
#include "models/hardware/device.h"
#include "models/memory/memory.h"
#include "scenarios/experiment/bandwidth.h"
#include "scenarios/experiment/mix.h"
#include "scenarios/experiment/workload.h"
#include "sim/fleet/interruption_rate.h"
#include "sim/training/checkpoint_interval.h"

namespace spotmix::scenarios {
namespace {

using Kind = sim::CheckpointSpec::Kind;
constexpr double kBytesPerMegabit = 1e6 / 8;

/// Bytes of weights and optimizer state, which is what a checkpoint holds.
std::optional<double> checkpoint_bytes(const Scenario& scenario) {
  const WorkloadSpec& spec = scenario.workload;
  if (!spec.has_model()) return std::nullopt;
  const auto workload = workload_of(scenario, sizes_of(spec));
  if (!workload) return std::nullopt;
  const auto bytes = models::bytes_per_parameter(spec.precision.value_or(models::Precision::fp32),
                                                 optimizer_of(spec, *workload.value), false);
  return models::parameters(*workload.value) * (bytes.weights + bytes.optimizer);
}

/// Baseline bandwidth to block storage, or the maximum where no baseline is published.
std::optional<double> block_storage(const InstanceType& type) {
  const auto mbit = type.ebs_baseline_mbit_per_s ? type.ebs_baseline_mbit_per_s : type.ebs_max_mbit_per_s;
  return mbit ? std::optional(*mbit * kBytesPerMegabit) : std::nullopt;
}

/// One instance and S3 exchange at most 100 Gbit/s, whatever its adapters for training carry (Amazon S3 User
/// Guide, performance guidelines).
std::optional<double> object_storage(const InstanceType& type) {
  constexpr double kMostBytesPerS = 100e9 / 8;
  const auto network = network_bytes_per_s(type);
  return network ? std::optional(std::min(*network, kMostBytesPerS)) : std::nullopt;
}

/// From one device to the memory of its host.
std::optional<double> host_link(const InstanceType& type) {
  const models::DeviceSpec* device = models::find_device(type.device);
  return device != nullptr && device->pcie_bytes_per_s > 0 ? std::optional(device->pcie_bytes_per_s)
                                                           : std::nullopt;
}

/// Without interruptions there is nothing to recover from: a mix that buys only on demand writes no
/// checkpoints unless the scenario says so.
sim::CheckpointSpec::Kind default_kind(const MixSpec& mix) {
  const bool spot = std::any_of(mix.groups.begin(), mix.groups.end(),
                                [](const GroupSpec& group) { return group.purchase == sim::Purchase::spot; });
  return spot && policy_entry(mix.policy).buys_spot ? sim::CheckpointSpec::Kind::interval
                                                    : sim::CheckpointSpec::Kind::none;
}

/// Time to move a checkpoint; nothing where size or bandwidth is not known.
std::optional<Duration> transfer(std::optional<double> bytes, std::optional<double> bytes_per_s) {
  if (bytes == 0.0) return Duration{0};
  if (!bytes || !bytes_per_s || *bytes / *bytes_per_s > 1e9) return std::nullopt;
  return from_seconds(*bytes / *bytes_per_s);
}

class RecoveryBuilder {
 public:
  RecoveryBuilder(const Scenario& scenario, const Provider& provider, const MixSpec& mix, std::string path,
                  Problems& problems)
      : scenario_(scenario),
        provider_(provider),
        mix_(mix),
        settings_(mix.checkpoint),
        path_(std::move(path)),
        problems_(problems) {}

  RecoveryPlan build() {
    plan_.spec.restart = mix_.restart.value_or(Duration{0});
    sim::CheckpointSpec& checkpoint = plan_.spec.checkpoint;
    checkpoint.kind = settings_.kind.value_or(default_kind(mix_));
    checkpoint.interval = settings_.interval.value_or(checkpoint.interval);
    checkpoint.on_notice = settings_.on_notice.value_or(false);
    checkpoint.full_every = settings_.full_every.value_or(1);
    plan_.full_bytes = settings_.size_bytes ? settings_.size_bytes : checkpoint_bytes(scenario_);
    plan_.increment_bytes = settings_.increment_bytes.value_or(0);
    needed_ = checkpoint.kind == Kind::interval || checkpoint.on_notice;
    if (needed_ && !plan_.full_bytes)
      add("size_gb", "found nothing, expected the size of a checkpoint: no model tells it");
    set_times(checkpoint);
    check_upload(checkpoint);
    return std::move(plan_);
  }

 private:
  void add(const std::string& key, std::string message) {
    problems_.push_back(
        {scenario_.file.string(), key_path(path_, "recovery.checkpoint." + key), std::move(message)});
  }

  /// The time that `bytes` take; a bandwidth that is needed and not known is a problem, once.
  Duration time_of(std::optional<double> bytes, std::optional<double> bytes_per_s, const char* key,
                   const char* what) {
    const auto time = transfer(bytes, bytes_per_s);
    if (!time && bytes && needed_ && !reported_) {
      add(key, fmt::format("found nothing, expected {}: the catalogue does not tell it", what));
      reported_ = true;
    }
    return time.value_or(Duration{0});
  }

  void set_times(sim::CheckpointSpec& checkpoint) {
    const auto store = settings_.store == CheckpointStore::s3 ? slowest(mix_, provider_, object_storage)
                                                              : slowest(mix_, provider_, block_storage);
    const auto to_store = settings_.write_bytes_per_s ? settings_.write_bytes_per_s : store;
    const auto from_store = settings_.read_bytes_per_s ? settings_.read_bytes_per_s : store;
    constexpr const char* kStore = "the bandwidths to storage";
    const Duration full = time_of(plan_.full_bytes, to_store, "write_gb_per_s", kStore);
    const Duration increment = time_of(plan_.increment_bytes, to_store, "write_gb_per_s", kStore);
    const Duration read = time_of(plan_.full_bytes, from_store, "read_gb_per_s", kStore);
    if (checkpoint.kind != Kind::continuous || checkpoint.on_notice) {
      checkpoint.write = full;
      checkpoint.write_increment = increment;
    }
    if (settings_.asynchronous) {
      const auto snapshot = settings_.snapshot_bytes_per_s ? settings_.snapshot_bytes_per_s
                                                           : slowest(mix_, provider_, host_link);
      constexpr const char* kHost = "the bandwidth from a device to its host's memory";
      checkpoint.write = time_of(plan_.full_bytes, snapshot, "snapshot_gb_per_s", kHost);
      checkpoint.write_increment = time_of(plan_.increment_bytes, snapshot, "snapshot_gb_per_s", kHost);
      checkpoint.upload = full;
      checkpoint.upload_increment = increment;
    }
    if (checkpoint.kind == Kind::none && !checkpoint.on_notice) return;
    checkpoint.read = read;
    checkpoint.read_increment = time_of(plan_.increment_bytes, from_store, "read_gb_per_s", kStore);
  }

  /// Uploads follow one another.
  void check_upload(const sim::CheckpointSpec& checkpoint) {
    const Duration longest = std::max(checkpoint.upload, checkpoint.upload_increment);
    if (checkpoint.kind != Kind::interval || settings_.rule || longest <= checkpoint.interval) return;
    add("interval_min",
        fmt::format("found {:g} minutes, shorter than an upload takes, {:.1f} minutes, expected "
                    "a longer interval, or a higher write_gb_per_s",
                    to_seconds(checkpoint.interval) / 60, to_seconds(longest) / 60));
  }

  const Scenario& scenario_;
  const Provider& provider_;
  const MixSpec& mix_;
  const CheckpointSettings& settings_;
  std::string path_;
  Problems& problems_;
  RecoveryPlan plan_;
  bool needed_ = false;
  bool reported_ = false;
};

std::string in_words(const sim::InterruptionRate& rate) {
  std::string text;
  const auto part = [&](double per_h, const char* source) {
    if (per_h > 0) text += fmt::format("{}{:.4g} per hour from {}", text.empty() ? "" : ", ", per_h, source);
  };
  part(rate.hazards_per_h, "hazards");
  part(rate.reclaims_per_h, "zone reclaims");
  part(rate.traces_per_h, "the traces of its pools");
  return text;
}

}  // namespace

RecoveryPlan recovery_of(const Scenario& scenario, const Provider& provider, const MixSpec& mix,
                         const std::string& path, Problems& problems) {
  return RecoveryBuilder(scenario, provider, mix, path, problems).build();
}

void set_interval(const MixSpec& spec, const sim::Market& market, const sim::Mix& mix, RecoveryPlan& plan) {
  const CheckpointSettings& settings = spec.checkpoint;
  if (!settings.rule) return;
  const bool young = settings.rule == IntervalRule::young;
  const char* const rule = young ? "Young's" : "Daly's";
  const auto say = [&](std::string text) {
    plan.findings.push_back({WarningCode::checkpoint_interval, std::move(text)});
  };
  sim::CheckpointSpec& checkpoint = plan.spec.checkpoint;
  const sim::InterruptionRate rate = sim::interruption_rate(market, mix);
  const double mean_h = settings.mean_between ? to_hours(*settings.mean_between) : 1 / rate.total_per_h();
  constexpr double kLongestMeanHours = 1e6;
  if (mean_h > kLongestMeanHours) {
    checkpoint.kind = Kind::none;
    say(
        fmt::format("no checkpoints are written: {} interval has no end where no interruption "
                    "is known of (mean_between_interruptions_h gives one)",
                    rule));
    return;
  }
  const std::string source = settings.mean_between ? "as mean_between_interruptions_h says" : in_words(rate);
  const int every = checkpoint.full_every;
  const Duration write = (checkpoint.write + (every - 1) * checkpoint.write_increment) / every;
  if (write.count() == 0) {
    checkpoint.kind = Kind::continuous;
    say(
        fmt::format("checkpoints are continuous: {} interval is zero where writing one takes no "
                    "time",
                    rule));
    return;
  }
  const Duration mean = from_hours(mean_h);
  const Duration best = young ? sim::young_interval(write, mean) : sim::daly_interval(write, mean);
  const Duration upload = std::max(checkpoint.upload, checkpoint.upload_increment);
  checkpoint.interval = std::max(best, upload);
  say(
      fmt::format("{} checkpoint interval is {:.1f} minutes: a write pauses training for {:.3g} s, and "
                  "{:.4g} h lie between "
                  "interruptions ({}){}",
                  rule, to_seconds(best) / 60, to_seconds(write), mean_h, source,
                  upload > best ? fmt::format("; an upload takes {:.1f} minutes, which is the interval then",
                                              to_seconds(upload) / 60)
                                : ""));
}

}  // namespace spotmix::scenarios
