#include "scenarios/experiment/surroundings.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "models/memory/memory.h"
#include "scenarios/catalog.h"
#include "scenarios/experiment/workload.h"

namespace spotmix::scenarios {
namespace {

constexpr double kBytesPerGigabyte = 1e9;
constexpr double kHoursPerMonth = 730;
/// RULES.md 12: S3 and EBS gp3.
constexpr double kS3 = 0.023;
constexpr double kEbs = 0.08;
/// Amazon's price lists of us-east-1: EBS snapshots, standard tier; PUT requests of S3 Standard.
constexpr double kSnapshot = 0.05;
constexpr double kThousandPuts = 0.005;
/// RULES.md 12: on each side.
constexpr double kBetweenZones = 0.01;
/// Large objects go up in parts of this size, by default of the AWS command line.
constexpr double kPartBytes = 8 * 1048576.0;

double usd_per_h(double bytes, double usd_per_gb_month) {
  return bytes / kBytesPerGigabyte * usd_per_gb_month / kHoursPerMonth;
}

/// One request, or one for each part and two that begin and end the upload.
double put_requests(double bytes) {
  return bytes <= kPartBytes ? 1 : std::ceil(bytes / kPartBytes) + 2;
}

/// Bytes of dense gradients that a step exchanges; lookup tables exchange only the rows that they met.
double gradient_bytes_of(const models::Workload& workload, const WorkloadSpec& spec) {
  double parameters = 0;
  for (const models::Layer& layer : workload.layers)
    parameters += layer.repeat * (layer.parameters - layer.expert_parameters - layer.sparse_parameters);
  return parameters * models::bytes_per_parameter(spec.precision.value_or(models::Precision::fp32),
                                                  optimizer_of(spec, workload), false)
                          .gradients;
}

class SurroundingsBuilder {
 public:
  SurroundingsBuilder(const Scenario& scenario, const MixSpec& spec, const sim::Mix& mix,
                      const sim::Market& market, const RecoveryPlan& recovery, const MixDetails& details,
                      ThroughputModel& throughput)
      : scenario_(scenario),
        spec_(spec),
        mix_(mix),
        market_(market),
        recovery_(recovery),
        details_(details),
        throughput_(throughput) {}

  Surroundings build() {
    made_.costs.batch_is_scaled = spec_.gang.batch_is_scaled;
    add_storage();
    add_requests();
    if (may_span_zones()) add_crossing();
    return std::move(made_);
  }

 private:
  void add_storage() {
    const StoragePrices& prices = scenario_.market.storage;
    const double s3 = prices.s3_usd_per_gb_month.value_or(kS3);
    const double ebs = prices.ebs_usd_per_gb_month.value_or(kEbs);
    const sim::CheckpointSpec& checkpoint = recovery_.spec.checkpoint;
    const bool keeps = spec_.checkpoint.store.has_value() &&
                       (checkpoint.kind != sim::CheckpointSpec::Kind::none || checkpoint.on_notice);
    const double kept_bytes =
        keeps ? spec_.checkpoint.keep.value_or(1) * (recovery_.full_bytes.value_or(0) +
                                                     (checkpoint.full_every - 1) * recovery_.increment_bytes)
              : 0;
    const double image = spec_.storage.image_bytes.value_or(0);
    made_.costs.storage = usd_per_hour(
        usd_per_h(kept_bytes, in_s3() ? s3 : ebs) + usd_per_h(spec_.storage.data_bytes.value_or(0), s3) +
        usd_per_h(image, prices.snapshot_usd_per_gb_month.value_or(kSnapshot)));
    if (made_.costs.storage.nano_usd_per_h > 0 || image > 0 || spec_.storage.volume_bytes) {
      made_.sources.push_back({"storage prices",
                               models::SourceKind::published,
                               fmt::format("S3 ${:g}, EBS ${:g} per GB and month", s3, ebs),
                               "Amazon S3 and EBS pricing, us-east-1; market.storage changes them",
                               {}});
    }
    made_.costs.volume_per_instance =
        usd_per_hour(usd_per_h(image + spec_.storage.volume_bytes.value_or(0), ebs));
  }

  bool in_s3() const { return spec_.checkpoint.store == CheckpointStore::s3; }

  /// A volume takes writes without requests that are billed.
  void add_requests() {
    const sim::CheckpointSpec& checkpoint = recovery_.spec.checkpoint;
    if (!in_s3() || checkpoint.kind == sim::CheckpointSpec::Kind::continuous || !recovery_.full_bytes) return;
    const double put = scenario_.market.storage.s3_usd_per_1000_puts.value_or(kThousandPuts) / 1000;
    made_.costs.per_checkpoint = from_usd(put * put_requests(*recovery_.full_bytes));
    made_.costs.per_increment = from_usd(put * put_requests(recovery_.increment_bytes));
  }

  int instances() const {
    int count = 0;
    for (const GroupSpec& group : spec_.groups) count += group.first_type_count();
    return count;
  }

  bool may_span_zones() const {
    if (mix_.launch.single_zone || instances() < 2) return false;
    std::set<std::string> zones;
    for (const sim::Group& group : mix_.groups) {
      for (const std::uint32_t pool : group.pools) zones.insert(market_.pools[pool].zone);
    }
    return zones.size() > 1;
  }

  void add_crossing() {
    const std::optional<double> speed = throughput_.cross_zone_speed_of(spec_);
    made_.costs.cross_zone_speed = spec_.cross_zone_speed.value_or(speed.value_or(1));
    add_speed(speed);
    const auto bytes = bytes_per_boundary();
    const auto steps = steps_per_h();
    if (!bytes || !steps) {
      made_.warnings.push_back(
          fmt::format("the traffic of gradients between zones is not charged: {} is not known "
                      "({} gives it)",
                      bytes ? "how many steps an hour has" : "their size",
                      bytes ? "workload.global_batch" : "workload.gradient_gb"));
      return;
    }
    const double side = scenario_.market.transfer.between_zones_usd_per_gb.value_or(kBetweenZones);
    made_.costs.cross_zone_per_boundary = usd_per_hour(*bytes / kBytesPerGigabyte * 2 * side * *steps);
    made_.sources.push_back(
        {"traffic between zones",
         price_kind(scenario_.market.transfer.between_zones_usd_per_gb),
         fmt::format("{:.4g} GB over each boundary in each step, ${:.4g} per hour of training",
                     *bytes / kBytesPerGigabyte, to_usd_per_hour(made_.costs.cross_zone_per_boundary)),
         "gradients in a ring through all zones; Amazon EC2 data transfer, $0.01/GB on each side",
         {}});
  }

  static models::SourceKind price_kind(const std::optional<double>& given) {
    return given ? models::SourceKind::given : models::SourceKind::published;
  }

  void add_speed(const std::optional<double>& speed) {
    const bool given = spec_.cross_zone_speed.has_value();
    if (!given && !speed) {
      made_.warnings.push_back(
          "training in several zones is taken to be as fast as in one: no model tells how "
          "much its gradients wait (cross_zone_speed gives it)");
    }
    made_.sources.push_back({"speed in several zones",
                             given   ? models::SourceKind::given
                             : speed ? models::SourceKind::scaled
                                     : models::SourceKind::assumed,
                             fmt::format("{:.4g} of the speed in one", made_.costs.cross_zone_speed),
                             speed && !given ? "the step, with 0.5 ms more between instances" : "",
                             {}});
  }

  /// A ring passes every boundary once; each hop carries 2(n − 1)/n of the gradients between n ranks (3(n −
  /// 1)/n where the parameters are divided too, and gathered twice).
  std::optional<double> bytes_per_boundary() const {
    std::optional<double> gradients = scenario_.workload.gradient_bytes;
    if (!gradients && scenario_.workload.has_model()) {
      const auto workload = workload_of(scenario_, sizes_of(scenario_.workload));
      if (workload) gradients = gradient_bytes_of(*workload.value, scenario_.workload);
    }
    if (!gradients) return std::nullopt;
    const double ranks = details_.step ? details_.step->parallelism.data : devices();
    const bool gathered =
        details_.step && details_.step->parallelism.sharding == models::Sharding::parameters;
    return *gradients * (gathered ? 3 : 2) * (ranks - 1) / ranks;
  }

  double devices() const {
    double count = 0;
    for (const GroupSpec& group : spec_.groups) {
      if (group.role != GroupRole::worker) continue;
      const InstanceType* type = catalog().find(group.instances.front().name);
      count += group.first_type_count() * std::max(1, type == nullptr ? 1 : type->devices);
    }
    return count;
  }

  std::optional<double> steps_per_h() const {
    const WorkloadSpec& workload = scenario_.workload;
    if (details_.samples_per_s && !details_.phases.empty()) {
      double samples = 0, steps = 0;
      for (const PhaseDetails& phase : details_.phases) {
        samples += phase.samples.value_or(1);
        steps += phase.samples.value_or(1) / phase.global_batch;
      }
      return 3600 * *details_.samples_per_s * steps / samples;
    }
    if (!details_.samples_per_s || (!workload.global_batch && !workload.batch_per_device))
      return std::nullopt;
    const double batch = workload.global_batch ? static_cast<double>(*workload.global_batch)
                                               : static_cast<double>(*workload.batch_per_device) * devices();
    return 3600 * *details_.samples_per_s / batch;
  }

  const Scenario& scenario_;
  const MixSpec& spec_;
  const sim::Mix& mix_;
  const sim::Market& market_;
  const RecoveryPlan& recovery_;
  const MixDetails& details_;
  ThroughputModel& throughput_;
  Surroundings made_;
};

}  // namespace

Surroundings surroundings_of(const Scenario& scenario, const MixSpec& spec, const sim::Mix& mix,
                             const sim::Market& market, const RecoveryPlan& recovery,
                             const MixDetails& details, ThroughputModel& throughput) {
  return SurroundingsBuilder(scenario, spec, mix, market, recovery, details, throughput).build();
}

}  // namespace spotmix::scenarios
