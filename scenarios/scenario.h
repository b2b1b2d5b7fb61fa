// A scenario: the question a planner asks, as typed values. scenario.schema.json is the authority on the file
// that it is read from; docs/scenario.md says what each key means and what it is when left out.
//
// Optional means that the file does not say; build_experiment (build.h) then applies the documented default.
// Zones, instances and files are still names here: nothing has been looked up.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/hardware/device.h"
#include "models/parallelism/parallelism.h"
#include "scenarios/problem.h"
#include "sim/billing/rules.h"
#include "sim/fleet/mix.h"
#include "sim/market/market.h"

namespace spotmix::scenarios {

/// Instances of a cluster by type: {"p3.16xlarge": 4}.
using ClusterShape = std::map<std::string, int>;

/// A given rate of training, where the model's own estimate is not wanted.
struct GivenRate {
  ClusterShape cluster;
  double samples_per_s = 0;
  std::string source;
};

struct WorkloadSpec {
  std::optional<std::string> model;  ///< a name that models::find_workload knows
  std::optional<models::Precision> precision;
  std::optional<models::Optimizer> optimizer;
  std::optional<int> image_size;
  std::optional<int> sequence_length;
  std::optional<std::int64_t> global_batch;
  std::optional<std::int64_t> batch_per_device;  ///< instead of global_batch
  std::optional<double> samples;
  std::optional<double> steps;
  std::optional<double> epochs;
  std::optional<double> samples_per_epoch;
  std::vector<GivenRate> given_rates;
  std::vector<std::string> kernel_profiles;  ///< files; a measured processor's, for processors, when empty
};

/// A pool given in the scenario itself, at prices that hold throughout.
struct InlinePool {
  std::string instance;
  std::string zone;
  std::optional<HourlyPrice> spot;
  std::optional<HourlyPrice> on_demand;
  std::optional<int> capacity;
};

struct StartSpec {
  enum class Kind : std::uint8_t {
    sampled,  ///< uniform over the starts from which the deadline fits in the traces
    begin,    ///< the first moment that all traces cover
    fixed,
  };
  Kind kind = Kind::begin;
  Time fixed{0};
};

struct BillingSpec {
  std::optional<Duration> granularity;
  std::optional<Duration> minimum;
  std::optional<sim::SpotPriceRule> spot_price;
  std::optional<bool> first_hour_free;
  std::optional<bool> whole_spot_hours;
};

struct MarketSpec {
  std::string region;
  sim::Regime regime = sim::Regime::aws_smoothed;
  std::optional<StartSpec> start;
  std::optional<Duration> start_grid;
  std::optional<Duration> start_window;  ///< trace that must be left after a sampled start
  std::vector<std::string> prices;       ///< files, as named in the scenario
  std::vector<std::string> capacity;
  std::optional<std::string> product;
  std::optional<int> capacity_when_available;
  std::optional<Duration> notice;
  std::optional<HourlyPrice> price_tolerance;
  BillingSpec billing;
  std::map<std::string, HourlyPrice> on_demand;  ///< by instance type; overrides trace and catalogue
  std::optional<Time> on_demand_date;  ///< take the catalogue's prices of this day instead of the start's
  std::vector<InlinePool> pools;
};

struct GroupSpec {
  std::string instance;
  sim::Purchase purchase = sim::Purchase::spot;
  std::vector<std::string> zones;  ///< none: every zone that the market has for the instance type
  int count = 1;
  std::optional<HourlyPrice> max_price;
  sim::Allocation allocation = sim::Allocation::lowest_price;
};

struct CheckpointSettings {
  std::optional<sim::CheckpointSpec::Kind> kind;
  std::optional<Duration> interval;
  std::optional<double> size_bytes;
  std::optional<double> write_bytes_per_s;
  std::optional<double> read_bytes_per_s;
  std::optional<bool> on_notice;
};

struct LaunchSettings {
  std::optional<Duration> pending;
  std::optional<Duration> boot;
  std::optional<Duration> retry;
};

struct PolicySettings {
  sim::PolicyKind kind = sim::PolicyKind::fixed;
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
};

/// A limit on a result; crossing it makes a run end with exit code 3.
struct Threshold {
  std::string metric;              ///< path in a mix's result, such as "cost_usd.mean"
  std::optional<std::string> mix;  ///< none: every mix
  std::optional<double> min;
  std::optional<double> max;
};

struct Scenario {
  std::filesystem::path file;  ///< where it was read from; its folder is where relative names start
  std::string name;
  std::string description;
  WorkloadSpec workload;
  std::optional<models::Parallelism> parallelism;  ///< none: chosen by the program ("auto")
  MarketSpec market;
  std::vector<MixSpec> mixes;
  std::uint64_t replications = 1;
  std::uint64_t seed = 1;
  std::optional<Duration> deadline;  ///< from the start
  std::optional<Time> deadline_at;   ///< a moment; only with a fixed start
  std::optional<Money> budget;
  std::optional<Duration> horizon;
  bool complete_on_decision = false;
  std::vector<Threshold> thresholds;
};

/// Reads and checks a scenario file. On failure there is one problem per mistake in the file, all of them;
/// nothing has been written.
Result<Scenario> load_scenario(const std::filesystem::path& file);

/// The same for a text that has been read already; `file` names it in messages and is where relative file
/// names start.
Result<Scenario> parse_scenario(const std::filesystem::path& file, const std::string& text);

}  // namespace spotmix::scenarios
