#include "scenarios/experiment/traffic.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "base/units/prefixes.h"
#include "scenarios/experiment/bandwidth.h"
#include "scenarios/experiment/region_prices.h"
#include "scenarios/experiment/step_traffic.h"
#include "sim/fleet/fleet.h"

namespace spotmix::scenarios {
namespace {

/// docs/rules.md 12: on each side.
constexpr double kBetweenZones = 0.01;
/// One way; about half of the round trips measured between us-east-1 and us-west-2 (60 to 70 ms).
constexpr double kRegionLatency_s = 35e-3;
/// EC2 User Guide, instance network bandwidth: to other regions half of the network from 32 vCPUs on, else 5
/// Gbit/s.
constexpr int kVcpusForHalf = 32;
constexpr double kSmallInstance = 5e9 / 8;

/// To other regions; unknown where the network is.
std::optional<double> to_other_regions(const InstanceType& type) {
  const auto network = network_bytes_per_s(type);
  if (!network) return std::nullopt;
  return type.vcpu >= kVcpusForHalf ? *network / 2 : std::min(*network, kSmallInstance);
}

models::SourceKind kind_of(bool given) {
  return given ? models::SourceKind::given : models::SourceKind::published;
}

class TrafficBuilder {
 public:
  explicit TrafficBuilder(const AssembledMix& assembled)
      : transfer_(assembled.scenario.market.transfer),
        scenario_(assembled.scenario),
        provider_(assembled.provider),
        spec_(assembled.spec),
        recovery_(assembled.recovery),
        details_(assembled.details),
        throughput_(assembled.throughput) {
    int instances = 0;
    for (const GroupSpec& group : spec_.groups) instances += group.first_type_count();
    const std::vector<std::uint32_t> regions = sim::regions_of(assembled.market, assembled.mix);
    std::set<std::string> zones;
    for (const sim::Group& group : assembled.mix.groups) {
      for (const std::uint32_t index : group.pools) {
        const sim::Pool& pool = assembled.market.pools[index];
        zones.insert(pool.zone);
        const auto number = std::find(regions.begin(), regions.end(), pool.region) - regions.begin();
        regions_[static_cast<std::uint32_t>(number)] = region_of_zone(pool.zone);
      }
    }
    spreads_ = zones.size() > 1 && instances > 1 && !assembled.mix.launch.single_zone;
  }

  Surroundings build() {
    const bool several_regions = regions_.size() > 1;
    if (several_regions) begin_hops();
    if (spreads_) {
      add_zone_speed();
      if (several_regions) add_region_speed();
      add_step_traffic();
    }
    if (several_regions) add_restores();
    return std::move(made_);
  }

 private:
  void find(WarningCode code, std::string text) { made_.findings.push_back({code, std::move(text)}); }

  void begin_hops() {
    made_.costs.regions = regions_.rbegin()->first + 1;
    made_.costs.hops.resize(std::size_t{made_.costs.regions} * made_.costs.regions);
    region_bytes_per_s_ = transfer_.between_regions_bytes_per_s;
    if (!region_bytes_per_s_) region_bytes_per_s_ = slowest(spec_, provider_, to_other_regions);
  }

  /// Calls visit(hop, dollars per GB) for each pair of regions whose price is known.
  template <class Visit>
  void each_hop(Visit&& visit) {
    for (const auto& [from, from_name] : regions_) {
      for (const auto& [to, to_name] : regions_) {
        if (from == to) continue;
        const auto listed = between_regions_usd_per_gb(from_name, to_name);
        const auto price =
            transfer_.between_regions_usd_per_gb ? transfer_.between_regions_usd_per_gb : listed;
        if (price)
          visit(made_.costs.hops[std::size_t{from} * made_.costs.regions + to], *price);
        else if (unpriced_.insert(from_name + to_name).second)
          find(WarningCode::traffic_not_charged,
               fmt::format("traffic from {} to {} is not charged: its price is not known "
                           "(market.transfer.between_regions_usd_per_gb gives it)",
                           from_name, to_name));
      }
    }
  }

  /// The scenario says that a step exchanges no gradients.
  bool sends_nothing() const { return scenario_.workload.gradient_bytes == 0.0; }

  void add_zone_speed() {
    const auto computed =
        throughput_.speed_apart(spec_, details_, {transfer_.between_zones_bytes_per_s, std::nullopt});
    const bool given = spec_.cross_zone_speed.has_value();
    made_.costs.cross_zone_speed = spec_.cross_zone_speed.value_or(computed.value_or(1));
    if (!given && !computed && !sends_nothing()) {
      find(WarningCode::distance_ignored,
           "training in several zones is taken to be as fast as in one: no model tells how "
           "much its gradients wait (cross_zone_speed gives it)");
    }
    add_speed("speed in several zones", made_.costs.cross_zone_speed, given, computed.has_value(),
              "the step, with 0.5 ms more between instances");
  }

  void add_region_speed() {
    const double latency_s = transfer_.between_regions_latency_s.value_or(kRegionLatency_s);
    const auto computed = throughput_.speed_apart(spec_, details_, {region_bytes_per_s_, latency_s});
    const bool given = spec_.cross_region_speed.has_value();
    made_.costs.cross_region_speed =
        spec_.cross_region_speed.value_or(computed.value_or(made_.costs.cross_zone_speed));
    if (!given && !computed && !sends_nothing()) {
      find(WarningCode::distance_ignored,
           "training in several regions is taken to be as fast as in several zones: no model tells how much "
           "its gradients wait (cross_region_speed gives it)");
    }
    add_speed("speed in several regions", made_.costs.cross_region_speed, given, computed.has_value(),
              fmt::format("the step, with {:g} ms more between instances{}", latency_s * 1e3,
                          region_bytes_per_s_ ? fmt::format(", and {:.3g} GB/s of each",
                                                            *region_bytes_per_s_ / kBytesPerGigabyte)
                                              : ""));
  }

  void add_speed(const char* figure, double speed, bool given, bool computed, const std::string& how) {
    const models::SourceKind kind = given      ? models::SourceKind::given
                                    : computed ? models::SourceKind::scaled
                                               : models::SourceKind::assumed;
    made_.sources.push_back(
        {figure, kind, fmt::format("{:.4g} of the speed in one", speed), computed && !given ? how : "", {}});
  }

  void not_charged(const char* what, const char* unknown, const char* key) {
    find(WarningCode::traffic_not_charged,
         fmt::format("the traffic of {} between zones is not charged: {} is not known "
                     "({} gives it)",
                     what, unknown, key));
  }

  /// On each side; what AWS charges holds between its own zones only.
  std::optional<double> between_zones_usd_per_gb() const {
    if (transfer_.between_zones_usd_per_gb) return transfer_.between_zones_usd_per_gb;
    const bool foreign = std::any_of(regions_.begin(), regions_.end(),
                                     [](const auto& region) { return is_of_another_cloud(region.second); });
    return foreign ? std::nullopt : std::optional(kBetweenZones);
  }

  void add_step_traffic() {
    const StepTraffic traffic = step_traffic_of(scenario_, provider_, spec_, details_);
    const auto steps = steps_per_h(scenario_, provider_, spec_, details_);
    if (!traffic.ring) not_charged("gradients", "their size", "workload.gradient_gb");
    if (!traffic.cut_activations) not_charged("activations", "their size", "workload.activation_gb");
    if (traffic.ring.value_or(0) == 0 && traffic.cut_gradients.value_or(0) == 0 &&
        traffic.cut_activations.value_or(0) == 0)
      return;
    if (!steps) return not_charged("gradients", "how many steps an hour has", "workload.global_batch");
    const double ring_gb = traffic.ring.value_or(0) / kBytesPerGigabyte;
    const double cut_gb =
        (traffic.cut_gradients.value_or(0) + traffic.cut_activations.value_or(0)) / kBytesPerGigabyte;
    made_.ring_gb_per_h = ring_gb * *steps;
    made_.cut_gb_per_h = cut_gb * *steps;
    const auto price = between_zones_usd_per_gb();
    if (!price) return not_charged("each step", "its price", "market.transfer.between_zones_usd_per_gb");
    const double both_sides = 2 * *price;
    made_.costs.cross_zone_per_boundary = usd_per_hour(ring_gb * both_sides * *steps);
    made_.costs.cross_zone_per_cut = usd_per_hour(cut_gb * both_sides * *steps);
    const bool given = transfer_.between_zones_usd_per_gb.has_value();
    const HourlyPrice zones = made_.costs.cross_zone_per_boundary + made_.costs.cross_zone_per_cut;
    made_.sources.push_back(
        {"traffic between zones",
         kind_of(given),
         fmt::format("{:.4g} GB over each boundary in each step, ${:.4g} per hour of training",
                     ring_gb + cut_gb, to_usd_per_hour(zones)),
         traffic.stages > 1 ? "activations and a stage's gradients, instances in the order of zones; Amazon "
                              "EC2 data transfer, $0.01/GB on each side"
                            : "gradients in a ring through all zones; Amazon EC2 data transfer, $0.01/GB on "
                              "each side",
         {}});
    if (made_.costs.hops.empty()) return;
    each_hop([&](sim::RegionHop& hop, double usd_per_gb) {
      hop.ring = usd_per_hour(ring_gb * usd_per_gb * *steps);
      hop.cut = usd_per_hour(cut_gb / 2 * usd_per_gb * *steps);
    });
  }

  /// Checkpoints lie where they were written; the region that restores them elsewhere reads them once.
  void add_restores() {
    const sim::CheckpointSpec& checkpoint = recovery_.spec.checkpoint;
    if (!recovery_.full_bytes ||
        (checkpoint.kind == sim::CheckpointSpec::Kind::none && !checkpoint.on_notice))
      return;
    const double full = *recovery_.full_bytes;
    const double increment = recovery_.increment_bytes;
    double most = 0;
    each_hop([&](sim::RegionHop& hop, double usd_per_gb) {
      hop.restore = from_usd(full / kBytesPerGigabyte * usd_per_gb);
      hop.restore_increment = from_usd(increment / kBytesPerGigabyte * usd_per_gb);
      most = std::max(most, usd_per_gb);
    });
    if (region_bytes_per_s_) {
      const auto longer = [&](double bytes, Duration read) {
        return std::max(Duration{0}, from_seconds(std::min(1e9, bytes / *region_bytes_per_s_)) - read);
      };
      made_.costs.cross_region_read = longer(full, checkpoint.read);
      made_.costs.cross_region_read_increment = longer(increment, checkpoint.read_increment);
    }
    made_.sources.push_back({"restores in another region",
                             kind_of(transfer_.between_regions_usd_per_gb.has_value()),
                             fmt::format("{:.4g} GB at up to ${:g} per GB", full / kBytesPerGigabyte, most),
                             "Amazon EC2 data transfer to other regions, by region of origin",
                             {}});
  }

  const TransferSpec& transfer_;
  const Scenario& scenario_;
  const Provider& provider_;
  const MixSpec& spec_;
  const RecoveryPlan& recovery_;
  const MixDetails& details_;
  ThroughputModel& throughput_;
  bool spreads_ = false;                          ///< instances may be in several zones at once
  std::map<std::uint32_t, std::string> regions_;  ///< by number within the mix
  std::optional<double> region_bytes_per_s_;
  std::set<std::string> unpriced_;
  Surroundings made_;
};

}  // namespace

Surroundings traffic_of(const AssembledMix& assembled) {
  return TrafficBuilder(assembled).build();
}

}  // namespace spotmix::scenarios
