#include "scenarios/experiment/mix_sources.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/json/json_text.h"
#include "base/text/text_values.h"
#include "scenarios/experiment/interruptions.h"
#include "scenarios/experiment/mix.h"
#include "scenarios/experiment/reservation.h"
#include "scenarios/experiment/throughput.h"
#include "scenarios/provider/provider.h"

namespace spotmix::scenarios {
namespace {

using models::Source;
using models::SourceKind;

constexpr const char* kScenario = "the scenario";
constexpr const char* kDefault = "a default of spotmix (docs/scenario.md)";

Source given(std::string figure, std::string key) {
  return {std::move(figure), SourceKind::given, std::move(key), kScenario, {}};
}

Source assumed(std::string figure, std::string what, std::string why) {
  return {std::move(figure), SourceKind::assumed, std::move(what), std::move(why), {}};
}

std::string model_in_words(const WorkloadSpec& workload) {
  if (workload.model) return *workload.model;
  if (workload.huggingface) return *workload.huggingface;
  return workload.layers ? workload.layers->name : "";
}

/// How a mix may come to hold an instance.
struct Purchases {
  bool spot = false, on_demand = false, reserved = false;
};

class MixSources {
 public:
  MixSources(const Scenario& scenario, const Provider& provider, const MixSpec& spec, const sim::Mix& mix,
             const std::vector<PoolSources>& pools)
      : scenario_(scenario), provider_(provider), spec_(spec), mix_(mix), pools_(pools) {}

  std::vector<Source> all() {
    work();
    for (const sim::Group& group : mix_.groups) prices(group);
    for (const GroupSpec& group : spec_.groups) {
      hardware(group);
      reservation(group);
    }
    surcharges();
    if (purchases().spot) {
      capacity();
      interruptions();
    }
    launch();
    checkpoint();
    return std::move(sources_);
  }

 private:
  void add(Source source) { models::add_source(sources_, std::move(source)); }

  void add_if(const std::optional<Source>& source) {
    if (source) add(*source);
  }

  /// The scenario's value where it gives one, else the default in words.
  void given_or_default(bool is_given, const char* figure, const std::string& key, std::string standard) {
    add(is_given ? given(figure, key) : assumed(figure, std::move(standard), kDefault));
  }

  bool buys_spot(const sim::Group& group) const {
    return group.purchase == sim::Purchase::spot && policy_entry(spec_.policy).buys_spot;
  }

  bool buys_on_demand(const sim::Group& group) const {
    if (group.purchase == sim::Purchase::on_demand) return true;
    return group.purchase == sim::Purchase::spot && policy_entry(spec_.policy).buys_on_demand;
  }

  Purchases purchases() const {
    Purchases held;
    for (const sim::Group& group : mix_.groups) {
      held.spot = held.spot || buys_spot(group);
      held.on_demand = held.on_demand || buys_on_demand(group);
      held.reserved = held.reserved || group.purchase == sim::Purchase::reserved;
    }
    return held;
  }

  void work() {
    const WorkloadSpec& workload = scenario_.workload;
    if (workload.target) return;  // its source came with the amount
    const char* keys = !workload.phases.empty()  ? "workload.phases"
                       : workload.amount.samples ? "workload.samples"
                       : workload.amount.tokens  ? "workload.tokens, the model's sequence length"
                       : workload.amount.steps   ? "workload.steps, workload.global_batch"
                                                 : "workload.epochs, workload.samples_per_epoch";
    add(given("amount of training", keys));
  }

  void prices(const sim::Group& group) {
    for (const std::uint32_t pool : group.pools) {
      if (pool >= pools_.size()) continue;
      if (buys_spot(group)) add_if(pools_[pool].spot_price);
      if (buys_on_demand(group)) add_if(pools_[pool].on_demand_price);
    }
  }

  /// Of the group's types of the scenario's own.
  void hardware(const GroupSpec& group) {
    for (const WeightedInstance& instance : group.instances) {
      const auto& types = scenario_.market.own_types;
      const auto own = std::find_if(types.begin(), types.end(),
                                    [&](const OwnType& type) { return type.instance == instance.name; });
      if (own == types.end()) continue;
      add({"hardware of " + own->instance, SourceKind::given, own->path, own->file, {}});
      const InstanceType* type = provider_.find(own->instance);
      if (own->hardware.transport || !own->hardware.network_gbit_per_s || type == nullptr) continue;
      add(assumed("transport of " + own->instance,
                  type->transport == models::Transport::tcp ? "tcp" : "infiniband", kDefault));
    }
  }

  void reservation(const GroupSpec& group) {
    if (group.purchase != sim::Purchase::reserved) return;
    if (group.reservation.price) {
      add(given("reserved price", key_path(spec_.path, "groups.reserved_usd_per_h")));
      return;
    }
    const std::string& instance = group.instances.front().name;
    const auto discount = reservation_discount(group.reservation, instance);
    if (!discount) return;
    add({"reserved price",
         SourceKind::published,
         fmt::format("{}: {:g} % below on demand", instance, discount->fraction * 100),
         "measured discounts: " + std::string(discount->measured),
         {}});
    for (const sim::Group& built : mix_.groups) {
      if (built.purchase != sim::Purchase::reserved || built.instance_type != instance) continue;
      for (const std::uint32_t pool : built.pools) add_if(pools_[pool].on_demand_price);
    }
  }

  void surcharges() {
    const MarketSpec& market = scenario_.market;
    if (market.operating_system)
      add(given("operating system's surcharge", "market.operating_system.surcharge_usd_per_h"));
    const bool fee = std::any_of(spec_.groups.begin(), spec_.groups.end(), [&](const GroupSpec& group) {
      return std::any_of(group.instances.begin(), group.instances.end(), [&](const WeightedInstance& type) {
        return market.service_fee.contains(type.name);
      });
    });
    if (fee) add(given("service fee", "market.service_fee_usd_per_h"));
  }

  void capacity() {
    bool unlimited = false;
    for (const sim::Group& group : mix_.groups) {
      if (!buys_spot(group)) continue;
      for (const std::uint32_t pool : group.pools) {
        if (pool >= pools_.size()) continue;
        add_if(pools_[pool].capacity);
        unlimited = unlimited || !pools_[pool].capacity;
      }
    }
    if (unlimited)
      add(assumed("spot capacity", "as many instances as are asked for", "no capacity trace is given"));
  }

  void interruptions() {
    const MarketSpec& market = scenario_.market;
    const HazardSpec& hazard = market.hazard;
    const bool traced = std::any_of(sources_.begin(), sources_.end(), [](const Source& source) {
      return source.figure == "spot capacity" && source.kind != SourceKind::assumed;
    });
    if (hazard.advisor_data) {
      const bool own = *hazard.advisor_data == "published";
      add({"interruptions",
           SourceKind::published,
           fmt::format("market.interruptions.hazard.spot_advisor_data: {}, {}", *hazard.advisor_data,
                       hazard.advisor_system),
           own ? provider_.spot_advisor.source : "bands of the AWS Spot Instance Advisor in that file",
           {}});
    } else if (!hazard.advisor.empty()) {
      add({"interruptions",
           SourceKind::published,
           "market.interruptions.hazard.spot_advisor",
           "bands of the AWS Spot Instance Advisor, a share of instances per month",
           {}});
    } else if (hazard.per_hour || hazard.weibull || hazard.bathtub) {
      add(given("interruptions", "market.interruptions.hazard"));
    }
    if (market.zone_reclaims.mean_between > Duration{0})
      add(given("zone reclaims", "market.interruptions.zone_reclaims"));
    if (market.regime == sim::Regime::aws_auction) {
      add({"interruptions",
           SourceKind::published,
           "spot prices above the maximum price",
           "the spot market's rules before 2017-11-28",
           {}});
    } else if (traced) {
      add({"interruptions",
           SourceKind::published,
           "the spot capacity",
           "instances beyond it are taken back",
           {}});
    } else if (!has_hazard()) {
      add(assumed("interruptions", "none", "neither a capacity trace nor a hazard is given"));
    }
    given_or_default(market.notice.has_value(), "notice", "market.interruptions.notice_s", "120 s");
  }

  bool has_hazard() const {
    const HazardSpec& hazard = scenario_.market.hazard;
    return hazard.has_advisor() || hazard.per_hour || hazard.weibull || hazard.bathtub ||
           scenario_.market.zone_reclaims.mean_between > Duration{0};
  }

  void launch() {
    const sim::LaunchSpec used = launch_of(spec_, provider_);
    given_or_default(spec_.launch.boot.has_value(), "boot time", key_path(spec_.path, "launch.boot_s"),
                     fmt::format("{:g} s", to_seconds(used.boot)));
    given_or_default(spec_.launch.pending.has_value(), "time to launch",
                     key_path(spec_.path, "launch.pending_s"),
                     fmt::format("{:g} s", to_seconds(used.pending)));
    given_or_default(spec_.restart.has_value(), "set-up at a restart",
                     key_path(spec_.path, "recovery.restart_s"), "0 s");
  }

  void checkpoint() {
    using Kind = sim::CheckpointSpec::Kind;
    const sim::CheckpointSpec& used = mix_.recovery.checkpoint;
    const CheckpointSettings& settings = spec_.checkpoint;
    if (used.kind == Kind::none && !used.on_notice) return;
    const std::string path = key_path(spec_.path, "recovery.checkpoint.");
    if (used.kind == Kind::interval && settings.rule) {
      const bool young = settings.rule == IntervalRule::young;
      add({"time between checkpoints",
           SourceKind::published,
           fmt::format("{:.4g} min", to_seconds(used.interval) / 60),
           young ? "Young, CACM 17(9), 1974" : "Daly, FGCS 22(3), 2006, equation 37",
           {}});
    } else if (used.kind == Kind::interval) {
      given_or_default(settings.interval.has_value(), "time between checkpoints", path + "interval_min",
                       fmt::format("{:g} min", to_seconds(used.interval) / 60));
    }
    if (used.write == Duration{0} && used.read == Duration{0} && !settings.size_bytes) return;
    size_of_checkpoint(path);
    if (settings.write_bytes_per_s) add(given("bandwidth to storage", path + "write_gb_per_s"));
    if (settings.read_bytes_per_s) add(given("bandwidth from storage", path + "read_gb_per_s"));
    if (!settings.write_bytes_per_s || !settings.read_bytes_per_s) storage_of_catalogue();
  }

  void size_of_checkpoint(const std::string& path) {
    if (spec_.checkpoint.size_bytes) return add(given("size of a checkpoint", path + "size_gb"));
    add({"size of a checkpoint",
         SourceKind::published,
         model_in_words(scenario_.workload),
         "weights and optimizer state; bytes per parameter: Rajbhandari et al. 2020, arXiv 1910.02054",
         {}});
  }

  /// S3 is reached over the network.
  void storage_of_catalogue() {
    const bool in_s3 = spec_.checkpoint.store == CheckpointStore::s3;
    for (const GroupSpec& group : spec_.groups) {
      for (const WeightedInstance& type : group.instances) {
        const InstanceType* instance = provider_.find(type.name);
        if (instance == nullptr) continue;
        const auto storage = instance->sources.find(in_s3 ? "network" : "storage");
        add({"bandwidth of storage",
             SourceKind::published,
             "the catalogue: " + type.name,
             storage == instance->sources.end() ? "" : storage->second,
             {}});
      }
    }
  }

  const Scenario& scenario_;
  const Provider& provider_;
  const MixSpec& spec_;
  const sim::Mix& mix_;
  const std::vector<PoolSources>& pools_;
  std::vector<Source> sources_;
};

}  // namespace

std::vector<Source> mix_sources(const Scenario& scenario, const Provider& provider, const MixSpec& spec,
                                const sim::Mix& mix, const std::vector<PoolSources>& pools) {
  return MixSources(scenario, provider, spec, mix, pools).all();
}

}  // namespace spotmix::scenarios
