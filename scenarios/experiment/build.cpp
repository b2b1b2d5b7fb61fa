#include "scenarios/build.h"

#include <algorithm>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "base/json/json_text.h"
#include "base/text/nearest.h"
#include "base/text/text_values.h"
#include "scenarios/experiment/compositions.h"
#include "scenarios/experiment/gang.h"
#include "scenarios/experiment/interruptions.h"
#include "scenarios/experiment/market.h"
#include "scenarios/experiment/mix.h"
#include "scenarios/experiment/mix_sources.h"
#include "scenarios/experiment/out_of_reach.h"
#include "scenarios/experiment/own_types.h"
#include "scenarios/experiment/recovery.h"
#include "scenarios/experiment/reservation.h"
#include "scenarios/experiment/surroundings.h"
#include "scenarios/experiment/throughput.h"
#include "scenarios/provider/provider.h"
#include "scenarios/warning.h"

namespace spotmix::scenarios {
namespace {

/// A Duration holds less than 292 years; a job may take no more than this.
constexpr double kLongestWorkSeconds = 3e9;

sim::BillingRules billing_of(const MarketSpec& market) {
  const bool auction = market.regime == sim::Regime::aws_auction;
  sim::BillingRules rules = auction ? sim::auction_rules() : sim::BillingRules{};
  if (market.operating_system && market.operating_system->whole_hours) rules = sim::by_whole_hours(rules);
  const BillingSpec& spec = market.billing;
  rules.granularity = spec.granularity.value_or(rules.granularity);
  rules.minimum = spec.minimum.value_or(rules.minimum);
  rules.spot_price = spec.spot_price.value_or(rules.spot_price);
  rules.first_hour_free = spec.first_hour_free.value_or(rules.first_hour_free);
  rules.whole_spot_hours = spec.whole_spot_hours.value_or(rules.whole_spot_hours);
  rules.reserved_view = spec.reserved_view.value_or(rules.reserved_view);
  return rules;
}

/// The auction takes no higher bid than this many times the on-demand price (docs/rules.md 4).
constexpr std::int64_t kHighestBidPerOnDemand = 10;

/// After their end traces go on with days of their last part: prices and capacity follow the time of day.
constexpr Duration kBlockAfterTraces = hours{24};

/// A maximum price of the file, to be checked once the on-demand prices are known.
struct Bid {
  HourlyPrice price;
  std::vector<std::uint32_t> pools;
  std::vector<int> weights;
  std::string path;
};

/// Whether an instance of the group may ever run as spot.
bool may_use_spot(const sim::PolicyEntry& policy, sim::Purchase purchase) {
  if (purchase == sim::Purchase::reserved || !policy.buys_spot) return false;
  return purchase == sim::Purchase::spot || policy.decides_purchase;
}

class Builder {
 public:
  Builder(const Scenario& scenario, const Provider& provider)
      : scenario_(scenario),
        provider_(provider),
        market_(scenario, provider, problems_, warnings_),
        throughput_(scenario, provider) {}

  Result<BuiltExperiment> build() {
    sim::Experiment& experiment = built_.experiment;
    experiment.billing = billing_of(scenario_.market);
    for (const MixSpec& mix : scenario_.mixes) add_mix(mix);
    check_instances_named();
    market_.check_region();
    experiment.deadline = scenario_.deadline;
    experiment.horizon = scenario_.horizon.value_or(experiment.horizon);
    set_start();
    if (scenario_.deadline_at) experiment.deadline = *scenario_.deadline_at - experiment.start.fixed;
    market_.price_on_demand(experiment.start, needed_);
    experiment.market = market_.take_market();
    set_histories(experiment.market);
    check_bids();
    if (problems_.empty()) finish_mixes();
    experiment.budget = scenario_.budget;
    experiment.complete_on_decision = scenario_.complete_on_decision;
    experiment.seed = scenario_.seed;
    experiment.replications = scenario_.replications;
    if (!problems_.empty()) return problems_;
    add_sources();
    append(warnings_, throughput_.unused_measurements());
    Result<BuiltExperiment> result(std::move(built_));
    result.warnings = std::move(warnings_);
    return result;
  }

 private:
  void add(const std::string& path, std::string message) {
    problems_.push_back({scenario_.file.string(), path, std::move(message)});
  }

  std::vector<std::string> known_instances() const {
    std::vector<std::string> names = provider_.names();
    for (const InlinePool& pool : scenario_.market.pools) names.push_back(pool.instance);
    return names;
  }

  /// A price or a rate of an unknown instance type would change nothing.
  void check_instances_named() {
    if (market_.has_broken_files()) return;  // they may know it
    const auto check = [&](const std::string& name, const std::string& path, bool may_be_unknown) {
      if (market_.knows_instance(name)) return;
      const std::string meant = did_you_mean(name, known_instances());
      std::string message = fmt::format(
          "found {}, expected an instance type of the catalogue or of the market{}", in_quotes(name), meant);
      if (may_be_unknown && meant.empty())
        warnings_.push_back(
            warning_of(WarningCode::instance_unknown, scenario_.file.string(), path, std::move(message)));
      else
        add(path, std::move(message));
    };
    const MarketSpec& market = scenario_.market;
    for (const auto& [name, price] : market.on_demand) check(name, "market.on_demand_usd_per_h", false);
    for (const auto& [name, fee] : market.service_fee) check(name, "market.service_fee_usd_per_h", false);
    for (const auto& [name, band] : market.hazard.advisor) {
      if (!name.empty()) check(name, "market.interruptions.hazard.spot_advisor", false);
    }
    // A list of measured rates may serve other scenarios too.
    const auto& rates = scenario_.workload.given_rates;
    for (std::size_t i = 0; i < rates.size(); ++i) {
      for (const auto& [name, count] : rates[i].cluster)
        check(name, key_path(item_path("workload.samples_per_s", i), "cluster"), true);
    }
  }

  /// A group of the file is one of the simulator, or two: what of it is on demand, and the rest.
  void add_groups(const MixSpec& mix_spec, const GroupSpec& spec, const std::string& path, sim::Mix& mix) {
    if (!instances_are_known(spec, path)) return;
    const int on_demand = sim::on_demand_units(spec.count, spec.on_demand_base.value_or(0),
                                               spec.on_demand_percentage.value_or(0));
    if (on_demand > 0) {
      GroupSpec part = spec;
      part.purchase = sim::Purchase::on_demand;
      part.count = on_demand;
      part.max_price.reset();
      mix.groups.push_back(make_group(mix_spec, part, path));
    }
    if (on_demand < spec.count) {
      GroupSpec part = spec;
      part.count = spec.count - on_demand;
      mix.groups.push_back(make_group(mix_spec, part, path));
    }
  }

  bool instances_are_known(const GroupSpec& spec, const std::string& path) {
    bool known = true;
    for (std::size_t i = 0; i < spec.instances.size(); ++i) {
      const std::string& name = spec.instances[i].name;
      if (market_.knows_instance(name)) continue;
      known = false;
      if (market_.has_broken_files()) continue;  // they may know it
      const std::string parent = spec.instances_as_list ? item_path(key_path(path, "instances"), i) : path;
      add(key_path(parent, "instance"),
          fmt::format("found {}, expected an instance type of the catalogue or of market.pools{}",
                      in_quotes(name), did_you_mean(name, known_instances())));
    }
    return known;
  }

  sim::Group make_group(const MixSpec& mix, const GroupSpec& spec, const std::string& path) {
    sim::Group group;
    for (const WeightedInstance& type : spec.instances)
      group.instance_type += (group.instance_type.empty() ? "" : " + ") + type.name;
    group.purchase = spec.purchase;
    group.count = spec.count;
    group.max_price = spec.max_price;
    group.allocation = spec.allocation;
    group.launch_together = spec.launch_together;
    const PoolUse use = use_of(mix, spec, path);
    GroupPools pools =
        market_.pools_of(spec, use, may_use_spot(policy_entry(mix.policy), spec.purchase), path);
    if (spec.max_price) bids_.push_back({*spec.max_price, pools.pools, pools.weights, path});
    group.pools = std::move(pools.pools);
    const bool weighted =
        std::any_of(pools.weights.begin(), pools.weights.end(), [](int weight) { return weight != 1; });
    if (weighted) group.weights = std::move(pools.weights);
    if (depends_on_types(mix)) {
      for (const std::string& type : pools.types)
        group.types.push_back(number_of(types_of(mix), type, spec.role));
    }
    const bool auction_limit = scenario_.market.regime == sim::Regime::aws_auction && !spec.max_price;
    const bool may_buy_on_demand =
        spec.purchase == sim::Purchase::on_demand || policy_entry(mix.policy).buys_on_demand;
    const bool reserved = spec.purchase == sim::Purchase::reserved;
    if (reserved ? use.reserved_discount > 0 : may_buy_on_demand || auction_limit) {
      for (const std::uint32_t pool : group.pools) needed_.try_emplace(pool, path);
    }
    return group;
  }

  void check_bids() {
    const sim::Experiment& experiment = built_.experiment;
    if (experiment.market.regime != sim::Regime::aws_auction) return;
    const sim::StartRule& start = experiment.start;
    for (const Bid& bid : bids_) {
      for (std::size_t i = 0; i < bid.pools.size(); ++i) {
        const sim::Pool& pool = experiment.market.pools[bid.pools[i]];
        if (pool.on_demand_price.empty()) continue;
        const HourlyPrice on_demand =
            value_at(pool.on_demand_price, start.sampled ? start.earliest : start.fixed);
        const std::int64_t per_instance = bid.price.nano_usd_per_h * bid.weights[i];
        if (per_instance <= kHighestBidPerOnDemand * on_demand.nano_usd_per_h) continue;
        add(key_path(bid.path, "max_price_usd_per_h"),
            fmt::format("found {}, expected at most {} times the on-demand price in the auction, which is {} "
                        "for {} in {}",
                        format_price(bid.price), kHighestBidPerOnDemand, format_price(on_demand),
                        pool.instance_type, pool.zone));
        break;
      }
    }
  }

  PoolUse use_of(const MixSpec& mix, const GroupSpec& spec, const std::string& path) {
    PoolUse use;
    use.advisor = mix.advisor_point;
    if (spec.purchase != sim::Purchase::reserved) return use;
    if (spec.reservation.price) {
      use.reserved = *spec.reservation.price;
      return use;
    }
    const std::string& instance = spec.instances.front().name;
    const auto discount = reservation_discount(spec.reservation, instance);
    if (!discount) {
      add(key_path(path, "reservation"),
          fmt::format("found terms for which no discount was measured, expected others, or the price itself "
                      "under \"reserved_usd_per_h\""));
      return use;
    }
    use.reserved_discount = discount->fraction;
    warn_of_mix(built_.details.size(),
                warning_of(WarningCode::reservation_by_discount, scenario_.file.string(),
                           key_path(path, "reservation"),
                           fmt::format("the reservation of {} is priced {:g} % below on demand, as {} was "
                                       "(give reserved_usd_per_h to change it)",
                                       instance, discount->fraction * 100, discount->measured)));
    return use;
  }

  /// Each mix is warned for itself, whatever was said of others.
  void warn_of_mix(std::size_t mix, Problem warning) {
    warning.about = mix;
    const auto same = [&](const Problem& known) {
      return known.about == warning.about && known.message == warning.message;
    };
    if (std::none_of(warnings_.begin(), warnings_.end(), same)) warnings_.push_back(std::move(warning));
  }

  void note(std::size_t mix, const std::string& path, Finding finding) {
    warn_of_mix(mix, warning_of(finding.code, scenario_.file.string(), path, std::move(finding.text)));
  }

  /// What needs the whole market: intervals by rule, costs of distance, and whether all of it fits in time.
  void finish_mixes() {
    sim::Experiment& experiment = built_.experiment;
    for (std::size_t i = 0; i < experiment.mixes.size(); ++i) {
      sim::Mix& mix = experiment.mixes[i];
      const MixSpec& spec = scenario_.mixes[i];
      RecoveryPlan& plan = recoveries_[i];
      if (mix.infeasible_reason) continue;
      set_interval(spec, experiment.market, mix, plan);
      mix.recovery = plan.spec;
      MixDetails& details = built_.details[i];
      Surroundings surroundings =
          surroundings_of({scenario_, provider_, spec, mix, experiment.market, plan, details, throughput_});
      mix.surroundings = surroundings.costs;
      if (compositions_[i]) add_compositions(i, plan, surroundings);
      for (Finding& finding : plan.findings)
        note(i, key_path(spec.path, "recovery.checkpoint"), std::move(finding));
      for (Finding& finding : surroundings.findings) note(i, spec.path, std::move(finding));
      for (models::Source& source : surroundings.sources)
        models::add_source(details.sources, std::move(source));
      check_longest(spec, mix);
      details.nothing_interrupts = nothing_interrupts(scenario_, spec, mix, experiment.market);
      if (details.nothing_interrupts) note(i, spec.path, no_interruption_risk());
      for (Finding& finding : out_of_reach(spec, mix, experiment)) note(i, spec.path, std::move(finding));
    }
  }

  /// The mix trains as fast as the instances that run.
  void add_compositions(std::size_t i, const RecoveryPlan& plan, Surroundings& surroundings) {
    sim::Mix& mix = built_.experiment.mixes[i];
    MixDetails& details = built_.details[i];
    const MixSpec& spec = scenario_.mixes[i];
    const AssembledMix assembled{scenario_, provider_, spec,       mix, built_.experiment.market,
                                 plan,      details,   throughput_};
    MixCompositions::Table table = compositions_[i]->table(assembled, references_[i], mix.surroundings);
    for (Problem& warning : table.warnings) warn_once(std::move(warning));
    for (Problem& warning : table.warnings_of_mix) warn_of_mix(i, std::move(warning));
    add_missing(table.busiest, surroundings);
    details.rates = std::move(table.rates);
    surroundings.findings.push_back(
        {WarningCode::rate_by_composition, "trains at the rate of the instances that run: " + details.rates});
    models::add_source(details.sources,
                       {"rate of each composition",
                        details.step ? models::SourceKind::scaled : models::SourceKind::given,
                        details.rates,
                        details.step ? "the step on the instances that run" : "workload.samples_per_s",
                        {}});
    mix.compositions = std::move(table.compositions);
  }

  /// What the composition with the most traffic says of it and the reference does not.
  static void add_missing(const Surroundings& busiest, Surroundings& surroundings) {
    auto& sources = surroundings.sources;
    for (const models::Source& source : busiest.sources) {
      const bool known = std::any_of(sources.begin(), sources.end(), [&](const models::Source& other) {
        return other.figure == source.figure;
      });
      if (!known) sources.push_back(source);
    }
    for (const Finding& finding : busiest.findings) surroundings.findings.push_back(finding);
  }

  /// Slow gangs, distance and checkpoints may stretch a job beyond what the clock holds.
  void check_longest(const MixSpec& spec, sim::Mix& mix) {
    const sim::CheckpointSpec& checkpoint = mix.recovery.checkpoint;
    int units = 0;
    for (const sim::Group& group : mix.groups) units += group.count;
    const double slowest_apart =
        std::min(mix.surroundings.cross_zone_speed, mix.surroundings.cross_region_speed);
    double slowest = mix.compositions.empty() ? slowest_speed(mix.gang, units) * slowest_apart : 1;
    for (const auto& [counts, composition] : mix.compositions.entries())
      slowest = std::min(slowest, composition.speed *
                                      std::min(composition.cross_zone_speed, composition.cross_region_speed));
    double longest_s = to_seconds(mix.work) / slowest;
    if (checkpoint.kind == sim::CheckpointSpec::Kind::interval) {
      longest_s *= 1 + to_seconds(std::max(checkpoint.write, checkpoint.write_increment)) /
                           to_seconds(checkpoint.interval);
      longest_s = std::max(longest_s, to_seconds(checkpoint.interval) * checkpoint.full_every);
    }
    mix.step_error.most = std::max(1.0, kLongestWorkSeconds / longest_s);
    mix.compositions.limit_step_errors(mix.step_error.most);
    if (longest_s <= kLongestWorkSeconds) return;
    add("workload", fmt::format("found training that takes up to {:.3g} s on {}, at its slowest and with its "
                                "checkpoints, expected at most {:.0g} s",
                                longest_s, spec.path, kLongestWorkSeconds));
  }

  void add_mix(const MixSpec& spec) {
    const std::string& path = spec.path;
    const std::size_t before = problems_.size();
    const std::size_t warned_before = warnings_.size();
    sim::Mix mix;
    mix.name = spec.name;
    mix.policy = policy_of(spec.policy);
    for (std::size_t j = 0; j < spec.groups.size(); ++j) {
      add_groups(spec, spec.groups[j], item_path(key_path(path, "groups"), j), mix);
    }
    mix.launch = launch_of(spec, provider_);
    MixDetails details;
    RecoveryPlan recovery;
    if (problems_.size() == before && !spec.groups.empty()) {
      recovery = recovery_of(scenario_, provider_, spec, path, problems_);
      mix.recovery = recovery.spec;
      details = set_work(spec, path, mix);
      if (!mix.infeasible_reason && problems_.size() == before)
        mix.gang = gang_of(scenario_, spec, details, throughput_, problems_);
    }
    for (std::size_t i = warned_before; i < warnings_.size(); ++i) {
      if (warnings_[i].where.starts_with(path)) warnings_[i].about = built_.details.size();
    }
    built_.experiment.mixes.push_back(std::move(mix));
    built_.details.push_back(std::move(details));
    recoveries_.push_back(std::move(recovery));
    compositions_.resize(built_.details.size());
    references_.resize(built_.details.size());
  }

  void add_sources() {
    for (std::size_t i = 0; i < built_.details.size(); ++i) {
      const sim::Mix& mix = built_.experiment.mixes[i];
      for (models::Source& source :
           mix_sources(scenario_, provider_, scenario_.mixes[i], mix, market_.pool_sources()))
        models::add_source(built_.details[i].sources, std::move(source));
      add_dated_prices(i);
    }
  }

  /// The catalogue's prices that the mix may pay, each once.
  void add_dated_prices(std::size_t i) {
    const sim::Mix& mix = built_.experiment.mixes[i];
    const sim::PolicyEntry& policy = policy_entry(scenario_.mixes[i].policy);
    std::set<std::uint32_t> pools;
    for (const sim::Group& group : mix.groups) {
      const bool falls_back = policy.buys_on_demand || mix.policy.guarantee_deadline;
      if (group.purchase == sim::Purchase::spot && !falls_back) continue;
      pools.insert(group.pools.begin(), group.pools.end());
    }
    for (const std::uint32_t index : pools) {
      const sim::Pool& pool = built_.experiment.market.pools[index];
      const auto& price = market_.catalogue_prices()[index];
      if (!price) continue;
      built_.details[i].dated_prices.push_back({pool.instance_type, region_of_zone(pool.zone), price->seen,
                                                price->day, price->price, price->change});
    }
  }

  /// Of the whole gang; of a mix of several types, of the composition that others are compared with.
  Throughput throughput_of(const MixSpec& spec, const std::string& path, const sim::Mix& mix) {
    if (!depends_on_types(spec)) return throughput_.of(spec, path);
    const std::size_t i = built_.details.size();
    compositions_.resize(i + 1);
    references_.resize(i + 1);
    compositions_[i] = std::make_unique<MixCompositions>(scenario_, spec, mix.groups, throughput_, problems_);
    references_[i] = compositions_[i]->reference();
    return references_[i];
  }

  MixDetails set_work(const MixSpec& spec, const std::string& path, sim::Mix& mix) {
    Throughput throughput = throughput_of(spec, path, mix);
    append(problems_, std::move(throughput.problems));
    for (Problem& warning : throughput.warnings) warn_once(std::move(warning));
    for (Problem& warning : throughput.warnings_of_mix)
      warn_of_mix(built_.details.size(), std::move(warning));
    mix.infeasible_reason = throughput.infeasible_reason;
    const auto& amount = throughput.amount;
    if (!throughput.details.samples_per_s || !amount) return throughput.details;
    if (!amount->warning.empty())
      warn_of_mix(built_.details.size(), warning_of(WarningCode::batch_outside_curve, scenario_.file.string(),
                                                    "workload.target", amount->warning));
    mix.work_spread = amount->spread;
    const double work_s = amount->samples / *throughput.details.samples_per_s;
    if (work_s > kLongestWorkSeconds || work_s < 1e-9) {
      add("workload",
          fmt::format(
              "found training that takes {:.3g} s on {}, expected at most {:.0g} s and at least a nanosecond",
              work_s, path, kLongestWorkSeconds));
    } else {
      mix.work = from_seconds(work_s);
      if (const auto& error = throughput.details.step_error)
        mix.step_error = {.sigma = error->sigma, .stream = throughput.error_stream};
    }
    return throughput.details;
  }

  void warn_once(Problem warning) {
    if (warned_.insert(warning.message).second) warnings_.push_back(std::move(warning));
  }

  /// From the files of the market alone, so that mixes do not move each other's starts.
  void set_start() {
    const Coverage coverage = market_.coverage();
    check_bootstrap(coverage);
    const StartSpec fallback{coverage.traced() ? StartSpec::Kind::sampled : StartSpec::Kind::begin, Time{}};
    const StartSpec start = scenario_.market.start.value_or(fallback);
    if (start.kind == StartSpec::Kind::sampled) return set_sampled_start(coverage);
    const Time begin = coverage.traced() ? coverage.begin : provider_.prices_until;
    const Time fixed = start.kind == StartSpec::Kind::fixed ? start.fixed : begin;
    built_.experiment.start.fixed = fixed;
    const Time known = market_.known_from();
    if (fixed < known)
      add("market.start", fmt::format("found {}, expected a time that the traces cover: from {} on",
                                      format_time(fixed), format_time(known)));
  }

  /// Blocks are drawn from what the files cover, whatever the mixes use of them.
  void set_histories(sim::Market& market) const {
    const Coverage coverage = market_.coverage();
    if (coverage.traced()) market.bootstrap.window = sim::TraceWindow{coverage.begin, coverage.end};
    market.after_traces.block = kBlockAfterTraces;
  }

  void check_bootstrap(const Coverage& coverage) {
    const Duration block = scenario_.market.bootstrap.block;
    if (block <= Duration{0} || !problems_.empty()) return;
    if (!coverage.traced())
      add("market.bootstrap", "found blocks, expected none: there are no traces to draw them from");
    else if (!coverage.overlaps)
      add("market.bootstrap", "found blocks, expected none: there is no time that all traces cover");
    else if (coverage.end - coverage.begin <= block)
      add("market.bootstrap.block_h", fmt::format("found {:.1f} h, expected less than the traces' {:.1f} h",
                                                  to_hours(block), to_hours(coverage.end - coverage.begin)));
  }

  void set_sampled_start(const Coverage& coverage) {
    sim::StartRule& rule = built_.experiment.start;
    rule.sampled = true;
    rule.grid = scenario_.market.start_grid.value_or(rule.grid);
    if (!coverage.traced()) {
      if (problems_.empty())
        add("market.start",
            "found \"sampled\", expected a time or \"begin\": there are no traces to sample from");
      return;
    }
    rule.earliest = coverage.begin;
    const bool bootstrapped = scenario_.market.bootstrap.block > Duration{0};  // the history goes on anyway
    const Duration asked =
        bootstrapped ? Duration{0}
                     : scenario_.market.start_window.value_or(scenario_.deadline.value_or(Duration{0}));
    const Duration window = std::max(asked, Duration{1});  // a start lies before the end
    rule.latest = std::max(coverage.begin, coverage.end - window);
    if (coverage.end - coverage.begin < window) {
      add("market.start", fmt::format("found \"sampled\" with {:.1f} h to fit in, but the traces cover "
                                      "{:.1f} h, expected less (market.start_window_h sets it)",
                                      to_hours(window), to_hours(coverage.end - coverage.begin)));
    }
  }

  const Scenario& scenario_;
  const Provider& provider_;
  Problems problems_;
  Problems warnings_;
  MarketBuilder market_;
  ThroughputModel throughput_;
  BuiltExperiment built_;
  std::vector<Bid> bids_;
  std::vector<RecoveryPlan> recoveries_;                        ///< beside the mixes
  std::vector<std::unique_ptr<MixCompositions>> compositions_;  ///< the same; null: the mix has none
  std::vector<Throughput> references_;                          ///< of the mixes that have compositions
  std::set<std::string> warned_;                                ///< messages that have been given
  std::map<std::uint32_t, std::string> needed_;  ///< pools that must have an on-demand price, and who asks
};

}  // namespace

Result<BuiltExperiment> build_experiment(const Scenario& scenario, const Provider& provider) {
  if (scenario.market.own_types.empty()) return Builder(scenario, provider).build();
  const Provider with_own = with_own_types(provider, scenario.market.own_types);
  return Builder(scenario, with_own).build();
}

}  // namespace spotmix::scenarios
