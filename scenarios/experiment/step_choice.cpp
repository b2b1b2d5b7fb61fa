#include "scenarios/experiment/step_choice.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/json/json_text.h"
#include "base/units/digits.h"
#include "models/stacks/stack.h"
#include "models/step/cluster.h"
#include "models/step/phases.h"
#include "scenarios/experiment/amount.h"
#include "scenarios/experiment/kernel_profiles.h"
#include "scenarios/experiment/workload.h"

namespace spotmix::scenarios {
namespace {

constexpr double kLargestBatch = 1e9;

models::Precision precision_of(const WorkloadSpec& spec) {
  return spec.precision.value_or(models::Precision::fp32);
}

models::Software software_of(const WorkloadSpec& spec, const models::Workload& workload,
                             const models::Cluster& cluster) {
  return models::software_of(spec.software, {models::node_of(cluster.groups.front()).device->architecture,
                                             precision_of(spec), workload.name});
}

class Chooser {
 public:
  Chooser(const Scenario& scenario, const MixCluster& cluster, double share, const std::string& mix_path)
      : scenario_(scenario), cluster_(cluster), share_(share), mix_path_(mix_path) {}

  StepChoice choose() {
    auto profiles = kernel_profiles_of(scenario_, cluster_.on_processors);
    if (!profiles) {
      choice_.problems = std::move(profiles.problems);
      return std::move(choice_);
    }
    profiles_ = *profiles.value;
    devices_ = models::device_count(cluster_.cluster);
    const WorkloadSpec& spec = scenario_.workload;
    if (spec.phases.empty()) {
      add_phase(nullptr, 0);
    } else {
      for (std::size_t i = 0; i < spec.phases.size(); ++i) add_phase(&spec.phases[i], i + 1);
    }
    if (choice_.problems.empty() && choice_.infeasible_reason.empty()) sum_up();
    return std::move(choice_);
  }

 private:
  void problem(const std::string& path, std::string message) {
    choice_.problems.push_back({scenario_.file.string(), path, std::move(message)});
  }

  void add_phase(const PhaseSpec* phase, std::size_t number) {
    if (!choice_.problems.empty() || !choice_.infeasible_reason.empty()) return;
    SampleSizes sizes = sizes_of(scenario_.workload);
    if (phase != nullptr) {
      sizes.image_size = phase->image_size ? phase->image_size : sizes.image_size;
      sizes.sequence_length = phase->sequence_length ? phase->sequence_length : sizes.sequence_length;
    }
    Result<models::Workload> workload = workload_of(scenario_, sizes);
    if (!workload) {
      choice_.problems = std::move(workload.problems);
      return;
    }
    append(choice_.warnings, std::move(workload.warnings));
    const auto batch = batch_of(scenario_.workload, phase, devices_);
    if (!batch) {
      return problem(
          "workload.global_batch",
          fmt::format("found nothing, expected the samples of one step: the rate of {} is computed",
                      mix_path_));
    }
    if (*batch > kLargestBatch) {
      return problem("workload.batch_per_device",
                     fmt::format("found a batch of {:g} samples over {} devices, expected at most {:g}",
                                 *batch, devices_, kLargestBatch));
    }
    if (!micro_batch_fits(*batch) || !servers_fit()) return;
    add_step(input_of(*std::move(workload.value), *batch), phase, number, *batch);
  }

  /// A micro-batch larger than a device's share would be padded with samples that train nothing.
  bool micro_batch_fits(double batch) {
    if (!scenario_.parallelism || scenario_.parallelism->settings.micro_batch == 0) return true;
    const models::Parallelism& p = scenario_.parallelism->settings;
    const int ranks = std::max(1, p.data);
    const double ranks_share = std::ceil(batch / ranks);
    if (p.micro_batch <= ranks_share || batch < ranks) return true;
    problem("parallelism.micro_batch",
            fmt::format("found {}, expected at most {:g}: {} samples a step{} of {}", p.micro_batch,
                        ranks_share, batch,
                        ranks > 1 ? fmt::format(" over the {} data-parallel ranks", ranks) : "", mix_path_));
    return false;
  }

  /// Servers beside the workers: at most one on each worker's instance.
  bool servers_fit() {
    if (!scenario_.parallelism || !scenario_.parallelism->sync_gives("servers")) return true;
    int instances = 0;
    for (const models::InstanceGroup& group : cluster_.cluster.groups) instances += group.instances;
    const int servers = scenario_.parallelism->settings.servers;
    if (servers <= instances) return true;
    problem("parallelism.gradient_sync.servers",
            fmt::format("found {}, expected at most {}: the instances of {}, beside whose workers they run",
                        servers, instances, mix_path_));
    return false;
  }

  /// What the scenario gives; the search finds the rest.
  models::Parallelism given() const {
    models::Parallelism p = scenario_.parallelism->settings;
    if (cluster_.servers > 0) {
      p.servers = cluster_.servers;
      p.servers_on_workers = false;
    }
    return p;
  }

  models::FixedSettings fixed_settings() const {
    if (!scenario_.parallelism) return {};
    const ParallelismSpec& spec = *scenario_.parallelism;
    return {.data = spec.gives("data"),
            .tensor = spec.gives("tensor"),
            .pipeline = spec.gives("pipeline"),
            .expert = spec.gives("expert"),
            .micro_batch = spec.gives("micro_batch"),
            .schedule = spec.gives("schedule"),
            .chunks = spec.gives("chunks"),
            .recompute = spec.gives("recompute"),
            .sharding = spec.gives("sharding"),
            .sequence_parallel = spec.gives("sequence_parallel")};
  }

  std::shared_ptr<models::StepInput> input_of(models::Workload workload, double batch) const {
    const WorkloadSpec& spec = scenario_.workload;
    auto input = std::make_shared<models::StepInput>();
    input->precision = precision_of(spec);
    input->optimizer = optimizer_of(spec, workload);
    input->software = software_of(spec, workload, cluster_.cluster);
    input->workload = std::move(workload);
    input->cluster = cluster_.cluster;
    input->global_batch = static_cast<int>(std::max(1.0, std::ceil(batch * share_)));
    input->profiles = profiles_.get();
    input->jitter = spec.step_jitter;
    input->server_bytes_per_s = cluster_.server_bytes_per_s.value_or(0);
    input->proportional_shares = spec.proportional_shares;
    if (scenario_.parallelism) input->parallelism = given();
    return input;
  }

  void add_step(std::shared_ptr<models::StepInput> input, const PhaseSpec* phase, std::size_t number,
                double batch) {
    PhaseDetails details;
    details.global_batch = input->global_batch;
    details.image_size = input->workload.image_size;
    details.sequence_length = input->workload.sequence_length;
    if (phase != nullptr) {
      details.name = fmt::format("phase {}", number);
      details.samples = samples_of(phase->amount, scenario_.workload, batch);
    }
    if (input->proportional_shares) {
      details.step = models::step_time(*input);
    } else {
      models::SearchResult found = models::search_parallelism(*input, fixed_settings());
      details.step = std::move(found.best);
      if (found.considered > 1 || !scenario_.parallelism) details.why = std::move(found.why);
      details.runners_up = std::move(found.runners_up);
      details.considered = found.considered;
      if (details.step.feasible()) input->parallelism = details.step.parallelism;
    }
    if (!details.step.feasible()) {
      choice_.infeasible_reason = phase == nullptr
                                      ? details.step.infeasible_reason
                                      : fmt::format("{}: {}", details.name, details.step.infeasible_reason);
    }
    details.input = std::move(input);
    details.profiles = profiles_;
    choice_.phases.push_back(std::move(details));
  }

  void sum_up() {
    if (scenario_.workload.phases.empty()) {
      choice_.samples_per_s = to_digits(choice_.phases.front().step.samples_per_s);
      return;
    }
    std::vector<models::PhaseTime> times;
    for (const PhaseDetails& phase : choice_.phases) {
      if (!phase.samples) return;
      times.push_back({phase.step.time_s, phase.global_batch, *phase.samples});
    }
    const models::PhaseSum sum = models::sum_of_phases(times);
    choice_.samples = sum.samples;
    choice_.samples_per_s = to_digits(sum.samples / sum.time_s);
  }

  const Scenario& scenario_;
  const MixCluster& cluster_;
  double share_;
  const std::string& mix_path_;
  std::shared_ptr<const std::vector<models::KernelProfile>> profiles_;
  int devices_ = 0;
  StepChoice choice_;
};

}  // namespace

std::optional<double> batch_of(const WorkloadSpec& spec, const PhaseSpec* phase, std::optional<int> devices) {
  const auto batch = [&](const auto& given) -> std::optional<double> {
    if (given.global_batch) return static_cast<double>(*given.global_batch);
    if (given.batch_per_device && devices) return static_cast<double>(*given.batch_per_device) * *devices;
    return std::nullopt;
  };
  const bool own = phase != nullptr && (phase->global_batch || phase->batch_per_device);
  return own ? batch(*phase) : batch(spec);
}

StepChoice choose_steps(const Scenario& scenario, const MixCluster& cluster, double share,
                        const std::string& mix_path) {
  return Chooser(scenario, cluster, share, mix_path).choose();
}

}  // namespace spotmix::scenarios
