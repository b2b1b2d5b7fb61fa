// A scenario: the question a planner asks, as typed values. scenario.schema.json is the authority on the file
// that it is read from; docs/scenario.md says what each key means and what it is when left out.
//
// Optional means that the file does not say; build_experiment (build.h) then applies the documented default.
// Zones, instances and files are still names here: nothing has been looked up.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/enums/enums.h"
#include "base/result/problem.h"
#include "models/hardware/topology.h"
#include "models/parallelism/parallelism.h"
#include "models/workload/layer_list.h"
#include "scenarios/provider/spot_advisor.h"
#include "sim/billing/rules.h"
#include "sim/fleet/mix.h"
#include "sim/market/market.h"

namespace spotmix::scenarios {

struct Provider;

/// Instances of a cluster by type: {"p3.16xlarge": 4}.
using ClusterShape = std::map<std::string, int>;

/// A given rate of training, where the model's own estimate is not wanted.
struct GivenRate {
  ClusterShape cluster;
  double samples_per_s = 0;
  std::string source;
  std::optional<double> error{};  ///< Median |error|, a fraction; the rate is taken as it is without one.
};

/// How much is trained: one of these is given.
struct AmountSpec {
  std::optional<double> samples;
  std::optional<double> steps;
  std::optional<double> epochs;
  std::optional<double> tokens{};  ///< Of the whole workload, where samples are sequences.

  int given() const {
    return static_cast<int>(samples.has_value()) + static_cast<int>(steps.has_value()) +
           static_cast<int>(epochs.has_value()) + static_cast<int>(tokens.has_value());
  }
};

/// A stretch of training with inputs of its own; what it leaves out is the workload's.
struct PhaseSpec {
  AmountSpec amount;
  std::optional<int> image_size;
  std::optional<int> sequence_length;
  std::optional<std::int64_t> global_batch;
  std::optional<std::int64_t> batch_per_device;
  std::string path;
};

/// Training until a quality is reached. Without an amount it comes from a curve of models/convergence.
struct TargetSpec {
  std::string quality;                   ///< In words: "75.9% top-1".
  std::optional<std::string> benchmark;  ///< Whose curve; none: the model's.
  AmountSpec amount;                     ///< Given: samples or epochs with the smallest batches.
  std::optional<double> critical_batch;  ///< Given: the batch that doubles the amount.
  std::optional<double> spread;          ///< Standard deviation of one run over its mean.
  bool is_text = false;                  ///< For messages: written as the quality alone.
};

struct WorkloadSpec {
  std::optional<std::string> model;        ///< a name that models::find_workload knows
  std::optional<std::string> huggingface;  ///< a file
  std::optional<models::LayerList> layers;
  bool model_is_object = false;
  std::optional<models::Precision> precision;
  std::optional<models::Optimizer> optimizer;
  std::optional<int> image_size;
  std::optional<int> sequence_length;
  std::optional<std::int64_t> global_batch;
  std::optional<std::int64_t> batch_per_device;  ///< instead of global_batch
  AmountSpec amount;
  std::vector<PhaseSpec> phases;
  std::optional<TargetSpec> target;
  std::optional<double> samples_per_epoch;
  std::optional<double> tokens_per_sample;  ///< Known if the amount is given in tokens.
  std::optional<double> gradient_bytes;     ///< exchanged in each step, where no model tells
  std::optional<double> activation_bytes;   ///< that a step hands on between two pipeline stages, one way
  bool draws_step_error = true;             ///< Replications differ by the known error of the step time.
  double step_jitter = 0;                   ///< standard deviation of one device's step time over its mean
  bool fused_attention = false;
  std::string software = "eager";  ///< A key of models/stacks.
  std::vector<GivenRate> given_rates;
  bool proportional_shares = false;          ///< devices of different speed take samples in proportion to it
  std::vector<std::string> kernel_profiles;  ///< files; a measured processor's, for processors, when empty

  bool has_model() const { return model || huggingface || layers; }
};

/// How a step is divided, as far as the file says it; the search chooses what it leaves out.
struct ParallelismSpec {
  models::Parallelism settings;
  std::vector<std::string> keys;  ///< That the file gives.
  std::vector<std::string> sync_keys;

  bool gives(const char* key) const { return std::find(keys.begin(), keys.end(), key) != keys.end(); }
  bool sync_gives(const char* key) const {
    return std::find(sync_keys.begin(), sync_keys.end(), key) != sync_keys.end();
  }
};

/// What an instance of a type of the scenario's own has.
struct HardwareSpec {
  std::string device;  ///< A name that models::find_device knows.
  int devices = 1;
  std::optional<models::Interconnect> link;  ///< None: as such devices are usually connected.
  std::optional<double> network_gbit_per_s;  ///< Of all adapters together, one direction.
  std::optional<models::Transport> transport;
  std::optional<int> vcpus;
  std::optional<double> memory_gib;
  std::optional<double> storage_gbit_per_s;  ///< To block storage.

  friend bool operator==(const HardwareSpec&, const HardwareSpec&) = default;
};

/// An instance type of the scenario's own.
struct OwnType {
  std::string instance;
  HardwareSpec hardware;
  std::string file;  ///< That describes it, for messages and sources.
  std::string path;  ///< In that file.
};

/// A pool given in the scenario itself, at prices that hold throughout.
struct InlinePool {
  std::string instance;
  std::string zone;
  std::optional<HourlyPrice> spot;
  std::optional<HourlyPrice> on_demand;
  std::optional<int> capacity;
  std::optional<HardwareSpec> hardware;
};

/// Where in its band an instance type is taken to lie.
enum class AdvisorPoint : std::uint8_t { low, middle, high };

struct WeibullSpec {
  double shape = 1;
  double scale_h = 1;
};

/// How long spot instances live where no trace says it; at most one of rate, Weibull, bathtub and Spot
/// Advisor is given.
struct HazardSpec {
  std::optional<double> per_hour;
  std::optional<WeibullSpec> weibull;
  std::optional<sim::Bathtub> bathtub;
  BandsByInstance advisor;                  ///< as typed; under "": of every type
  std::optional<std::string> advisor_data;  ///< "published", or a file, as named in the scenario
  std::string advisor_system = "linux";     ///< whose bands of advisor_data
  std::map<std::string, BandsByInstance> advisor_regions;  ///< what advisor_data holds for that system
  std::optional<double> advisor_highest_percent;           ///< upper end of the band that has none

  bool has_advisor() const { return !advisor.empty() || advisor_data.has_value(); }
  bool given() const { return per_hour || weibull || bathtub || has_advisor(); }
};

struct QuotaSpec {
  std::string family_class;
  std::optional<int> spot_vcpus;
  std::optional<int> on_demand_vcpus;
};

/// What an operating system adds to each price (docs/rules.md 1).
struct OperatingSystem {
  HourlyPrice surcharge;
  bool whole_hours = false;
};

struct StartSpec {
  enum class Kind : std::uint8_t {
    sampled,  ///< uniform over the starts from which the deadline fits in the traces
    begin,    ///< the first moment that all traces cover
    fixed,
  };
  Kind kind = Kind::begin;
  Time fixed{};
};
/// A fixed start is spelled by its time.
constexpr auto enum_names(StartSpec::Kind) {
  using enum StartSpec::Kind;
  return partial_enum_table<StartSpec::Kind>({{sampled, "sampled"}, {begin, "begin"}});
}

struct BillingSpec {
  std::optional<Duration> granularity;
  std::optional<Duration> minimum;
  std::optional<sim::SpotPriceRule> spot_price;
  std::optional<bool> first_hour_free;
  std::optional<bool> whole_spot_hours;
  std::optional<sim::ReservedView> reserved_view;
};

/// What storage and requests cost where the scenario says so (docs/rules.md 12).
struct StoragePrices {
  std::optional<double> s3_usd_per_gb_month;
  std::optional<double> s3_usd_per_1000_puts;
  std::optional<double> s3_usd_per_1000_gets;
  std::optional<double> ebs_usd_per_gb_month;
  std::optional<double> snapshot_usd_per_gb_month;
};

/// Traffic between zones: its price on each side, and how fast it is. Between regions the sender pays.
struct TransferSpec {
  std::optional<double> between_zones_usd_per_gb;
  std::optional<double> between_zones_bytes_per_s;
  std::optional<double> between_regions_usd_per_gb;
  std::optional<double> between_regions_bytes_per_s;
  std::optional<double> between_regions_latency_s;
};

struct MarketSpec {
  std::string region;
  bool names_region = false;
  sim::Regime regime = sim::Regime::aws_smoothed;
  std::optional<StartSpec> start;
  std::optional<Duration> start_grid;
  std::optional<Duration> start_window;  ///< trace that must be left after a sampled start
  std::vector<std::string> prices;       ///< files, as named in the scenario
  std::vector<std::string> capacity;
  std::optional<std::string> product;
  std::optional<int> capacity_when_available;
  std::optional<Duration> notice;
  std::optional<Duration> rebalance_lead;
  std::optional<HourlyPrice> price_tolerance;
  HazardSpec hazard;
  sim::ZoneReclaims zone_reclaims;
  sim::Bootstrap bootstrap;
  std::vector<QuotaSpec> quotas;
  std::optional<OperatingSystem> operating_system;
  std::map<std::string, HourlyPrice> service_fee;  ///< by instance type (docs/rules.md 10)
  BillingSpec billing;
  StoragePrices storage;
  TransferSpec transfer;
  std::map<std::string, HourlyPrice> on_demand;  ///< by instance type; overrides trace and catalogue
  std::optional<Time> on_demand_date;  ///< take the catalogue's prices of this day instead of the start's
  std::vector<InlinePool> pools;
  std::vector<std::string> instance_types;  ///< files with types of the scenario's own
  std::vector<OwnType> own_types;           ///< of those files and of the pools, each type once
};

struct WeightedInstance {
  std::string name;
  int weight = 1;  ///< units that one instance counts for
};

/// What a reservation costs (docs/rules.md 7): its price, or its terms, which the measured discounts price.
struct ReservationSpec {
  std::optional<HourlyPrice> price;  ///< effective: all payments of the term over its hours
  std::optional<int> term_years;
  std::optional<std::string> payment;  ///< all_upfront, partial_upfront, no_upfront
  bool convertible = false;
};

/// What the instances of a group do.
enum class GroupRole : std::uint8_t { worker, parameter_server };
constexpr auto enum_names(GroupRole) {
  using enum GroupRole;
  return enum_table<GroupRole>({{worker, "worker"}, {parameter_server, "parameter_server"}});
}

struct GroupSpec {
  std::vector<WeightedInstance> instances;  ///< at least one
  bool instances_as_list = false;           ///< for messages: under which key they were given
  bool names_instance = false;
  sim::Purchase purchase = sim::Purchase::spot;
  std::vector<std::string> zones;  ///< none: every zone that the market has for the instance type
  int count = 1;                   ///< units wanted: instances, where nothing has a weight
  std::optional<HourlyPrice> max_price;
  sim::Allocation allocation = sim::Allocation::lowest_price;
  std::optional<int> on_demand_base;        ///< of a spot group: units that are on demand
  std::optional<int> on_demand_percentage;  ///< and of the rest, rounded up
  bool launch_together = false;
  ReservationSpec reservation;
  GroupRole role = GroupRole::worker;

  /// Instances of the first type that make up the group.
  int first_type_count() const { return (count + instances.front().weight - 1) / instances.front().weight; }
};

/// Where checkpoints are kept.
enum class CheckpointStore : std::uint8_t { ebs, s3 };
constexpr auto enum_names(CheckpointStore) {
  using enum CheckpointStore;
  return enum_table<CheckpointStore>({{ebs, "ebs"}, {s3, "s3"}});
}

/// Which approximation sets the interval between checkpoints.
enum class IntervalRule : std::uint8_t { young, daly };
constexpr auto enum_names(IntervalRule) {
  using enum IntervalRule;
  return enum_table<IntervalRule>({{young, "young"}, {daly, "daly"}});
}

struct CheckpointSettings {
  std::optional<sim::CheckpointSpec::Kind> kind;
  std::optional<Duration> interval;
  std::optional<IntervalRule> rule;      ///< instead of an interval
  std::optional<Duration> mean_between;  ///< interruptions of the whole gang, for the rule
  std::optional<double> size_bytes;
  std::optional<double> write_bytes_per_s;
  std::optional<double> read_bytes_per_s;
  std::optional<bool> on_notice;
  std::optional<int> full_every;
  std::optional<double> increment_bytes;
  bool asynchronous = false;
  std::optional<double> snapshot_bytes_per_s;
  std::optional<CheckpointStore> store;
  std::optional<int> keep;           ///< full checkpoints kept at a time
  std::optional<double> part_bytes;  ///< of one request to S3
};

/// What is stored besides checkpoints, in bytes.
struct StorageSettings {
  std::optional<double> image_bytes;  ///< that instances boot from: a snapshot, and a volume of each instance
  std::optional<double> volume_bytes;  ///< of each instance besides
  std::optional<double> data_bytes;    ///< in S3 for as long as the job takes
};

struct LaunchSettings {
  std::optional<Duration> pending;
  std::optional<Duration> boot;
  std::optional<Duration> retry;
  bool single_zone = false;
  std::optional<Duration> leave_zone_after;
  bool replace_before_termination = false;
};

struct GangSettings {
  sim::GangKind kind = sim::GangKind::rigid;
  std::optional<int> min;
  std::optional<int> multiple_of;
  std::optional<Duration> reconfigure;
  std::optional<bool> survivors_hold_state;
  std::vector<double> speed;
  std::optional<int> stages;
  std::optional<int> max_pipelines;
  std::optional<double> doubled_slowdown;
  std::optional<Duration> global_rendezvous;
  bool batch_is_scaled = false;  ///< a smaller gang trains smaller batches, not more on each device
};

struct PolicySettings {
  std::string name = "fixed";
  bool as_text = false;  ///< for messages: whether it was given as a name alone
  std::optional<Duration> decision_interval;
  std::optional<Duration> fallback_wait;
  std::optional<Duration> pair_slice;
  std::optional<bool> guarantee_deadline;
};

struct MixSpec {
  std::string name;
  std::vector<GroupSpec> groups;
  PolicySettings policy;
  CheckpointSettings checkpoint;
  std::optional<Duration> restart;
  LaunchSettings launch;
  GangSettings gang;
  StorageSettings storage;
  std::optional<double> cross_zone_speed;    ///< of a gang in several zones, relative to one zone
  std::optional<double> cross_region_speed;  ///< of a gang in several regions
  std::string path;                          ///< in the file, such as "mixes[2]"
  AdvisorPoint advisor_point = AdvisorPoint::middle;
  bool reference = false;        ///< Not judged: the verdict and general thresholds leave it out.
  std::string advisor_range_of;  ///< the mix that this is one point of, as the file names it; empty: none
};

/// A limit on a result, one comparison such as "< 500"; crossing it makes a run end with exit code 3.
struct Threshold {
  std::string metric;              ///< path in a mix's result, such as "cost_usd.mean"
  std::optional<std::string> mix;  ///< none: every mix
  std::optional<double> min;
  std::optional<double> max;
  bool excludes_limit = false;      ///< "<" and ">": the limit itself is not allowed
  bool of_best = false;             ///< "best.cost_usd.p95": of the verdict's mix, whichever that is.
  std::vector<std::string> except;  ///< Mixes that the threshold leaves out.
  std::string path;                 ///< in the file
};

struct Scenario {
  std::filesystem::path file;         ///< where it was read from; its folder is where relative names start
  std::string text;                   ///< the file as it was read, unpacked
  std::vector<std::string> settings;  ///< what --set changed in it, "PATH=VALUE" each
  std::string name;
  std::string description;
  WorkloadSpec workload;
  std::optional<ParallelismSpec> parallelism;  ///< none: all of it "auto"
  MarketSpec market;
  std::vector<MixSpec> mixes;
  std::uint64_t replications = 1000;
  std::uint64_t seed = 1;
  std::optional<Duration> deadline;  ///< from the start
  std::optional<Time> deadline_at;   ///< a moment; only with a fixed start
  std::optional<Money> budget;
  std::optional<Duration> horizon;
  bool complete_on_decision = false;
  std::vector<Threshold> thresholds;
};

/// Reads and checks a scenario file that buys of `provider`. On failure there is one problem per mistake in
/// the file, all of them; nothing has been written. `settings` change the document before it is checked
/// (scenarios/settings.h).
Result<Scenario> load_scenario(const std::filesystem::path& file, const Provider& provider,
                               const std::vector<std::string>& settings = {});

/// The same for a text that has been read already; `file` names it in messages and is where relative file
/// names start.
Result<Scenario> parse_scenario(const std::filesystem::path& file, const std::string& text,
                                const Provider& provider, const std::vector<std::string>& settings = {});

}  // namespace spotmix::scenarios
