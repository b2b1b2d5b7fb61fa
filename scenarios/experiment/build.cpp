#include "scenarios/build.h"

#include <algorithm>

#include <fmt/format.h>

#include "scenarios/catalog.h"
#include "scenarios/experiment/market.h"
#include "scenarios/experiment/mix.h"
#include "scenarios/experiment/throughput.h"
#include "scenarios/json/json_text.h"
#include "scenarios/nearest.h"
#include "scenarios/text_values.h"

namespace spotmix::scenarios {
namespace {

/// A Duration holds less than 292 years; a job may take no more than this.
constexpr double kLongestWorkSeconds = 3e9;

sim::BillingRules billing_of(const MarketSpec& market) {
  sim::BillingRules rules;
  if (market.regime == sim::Regime::aws_auction) {
    rules = {hours{1}, hours{1}, sim::SpotPriceRule::hour_anchored, false, true};
  }
  const BillingSpec& spec = market.billing;
  rules.granularity = spec.granularity.value_or(rules.granularity);
  rules.minimum = spec.minimum.value_or(rules.minimum);
  rules.spot_price = spec.spot_price.value_or(rules.spot_price);
  rules.first_hour_free = spec.first_hour_free.value_or(rules.first_hour_free);
  rules.whole_spot_hours = spec.whole_spot_hours.value_or(rules.whole_spot_hours);
  return rules;
}

/// Whether the policy may buy the whole fleet, or what is missing of it, on demand.
bool buys_on_demand(sim::PolicyKind kind) {
  return kind != sim::PolicyKind::fixed && kind != sim::PolicyKind::spot_only;
}

class Builder {
 public:
  explicit Builder(const Scenario& scenario) : scenario_(scenario), market_(scenario, problems_, warnings_) {}

  Result<BuiltExperiment> build() {
    sim::Experiment& experiment = built_.experiment;
    experiment.billing = billing_of(scenario_.market);
    for (std::size_t i = 0; i < scenario_.mixes.size(); ++i)
      add_mix(scenario_.mixes[i], item_path("mixes", i));
    experiment.deadline = scenario_.deadline;
    set_start();
    if (scenario_.deadline_at) experiment.deadline = *scenario_.deadline_at - experiment.start.fixed;
    market_.price_on_demand(experiment.start.sampled ? experiment.start.earliest : experiment.start.fixed,
                            needed_);
    experiment.market = market_.take_market();
    experiment.budget = scenario_.budget;
    experiment.horizon = scenario_.horizon.value_or(experiment.horizon);
    experiment.complete_on_decision = scenario_.complete_on_decision;
    experiment.seed = scenario_.seed;
    experiment.replications = scenario_.replications;
    if (!problems_.empty()) return problems_;
    Result<BuiltExperiment> result(std::move(built_));
    result.warnings = std::move(warnings_);
    return result;
  }

 private:
  void add(const std::string& path, std::string message) {
    problems_.push_back({scenario_.file.string(), path, std::move(message)});
  }

  std::vector<std::string> known_instances() const {
    std::vector<std::string> names = catalog().names();
    for (const InlinePool& pool : scenario_.market.pools) names.push_back(pool.instance);
    return names;
  }

  sim::Group make_group(const GroupSpec& spec, const std::string& path, bool may_buy_on_demand) {
    sim::Group group;
    group.instance_type = spec.instance;
    group.purchase = spec.purchase;
    group.count = spec.count;
    group.max_price = spec.max_price;
    group.allocation = spec.allocation;
    if (!market_.knows_instance(spec.instance)) {
      add(key_path(path, "instance"),
          fmt::format("found {}, expected an instance type of the catalogue or of market.pools{}",
                      in_quotes(spec.instance), did_you_mean(spec.instance, known_instances())));
      return group;
    }
    group.pools = market_.pools_of(spec, path);
    const bool auction_limit = scenario_.market.regime == sim::Regime::aws_auction && !spec.max_price;
    if (spec.purchase == sim::Purchase::on_demand || may_buy_on_demand || auction_limit) {
      for (const std::uint32_t pool : group.pools) needed_.try_emplace(pool, path);
    }
    return group;
  }

  void add_mix(const MixSpec& spec, const std::string& path) {
    const std::size_t before = problems_.size();
    sim::Mix mix;
    mix.name = spec.name;
    mix.policy = policy_of(spec.policy);
    for (std::size_t j = 0; j < spec.groups.size(); ++j) {
      mix.groups.push_back(make_group(spec.groups[j], item_path(key_path(path, "groups"), j),
                                      buys_on_demand(mix.policy.kind)));
    }
    mix.launch = launch_of(spec);
    MixDetails details;
    if (problems_.size() == before && !spec.groups.empty()) {
      mix.recovery = recovery_of(scenario_, spec, path, problems_);
      details = set_work(spec, path, mix);
    }
    built_.experiment.mixes.push_back(std::move(mix));
    built_.details.push_back(std::move(details));
  }

  MixDetails set_work(const MixSpec& spec, const std::string& path, sim::Mix& mix) {
    Throughput throughput = throughput_of(scenario_, spec, path);
    if (throughput.problem) problems_.push_back(*throughput.problem);
    mix.infeasible_reason = throughput.infeasible_reason;
    const auto samples = samples_to_train(scenario_.workload);
    if (!throughput.details.samples_per_s || !samples) return throughput.details;
    const double work_s = *samples / *throughput.details.samples_per_s;
    if (work_s > kLongestWorkSeconds || work_s < 1e-9) {
      add("workload",
          fmt::format(
              "found training that takes {:.3g} s on {}, expected at most {:.0g} s and at least a nanosecond",
              work_s, path, kLongestWorkSeconds));
    } else {
      mix.work = from_seconds(work_s);
    }
    return throughput.details;
  }

  Duration longest_work() const {
    Duration longest{0};
    for (const sim::Mix& mix : built_.experiment.mixes) longest = std::max(longest, mix.work);
    return longest;
  }

  void set_start() {
    const Coverage coverage = market_.coverage();
    const StartSpec fallback{coverage.traced() ? StartSpec::Kind::sampled : StartSpec::Kind::begin, Time{0}};
    const StartSpec start = scenario_.market.start.value_or(fallback);
    if (start.kind == StartSpec::Kind::sampled) return set_sampled_start(coverage);
    const Time begin = coverage.traced() ? coverage.begin : catalog().prices_until;
    const Time fixed = start.kind == StartSpec::Kind::fixed ? start.fixed : begin;
    built_.experiment.start.fixed = fixed;
    if (coverage.traced() && (fixed < coverage.begin || fixed >= coverage.end)) {
      add("market.start",
          fmt::format("found {}, expected a time that the traces cover: from {} to before {}",
                      format_time(fixed), format_time(coverage.begin), format_time(coverage.end)));
    }
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
    const Duration window =
        scenario_.market.start_window.value_or(scenario_.deadline.value_or(2 * longest_work()));
    rule.earliest = coverage.begin;
    rule.latest = std::max(coverage.begin, coverage.end - window);
    if (coverage.end - coverage.begin < window) {
      add("market.start", fmt::format("found \"sampled\" with {:.1f} h to fit in, but the traces cover "
                                      "{:.1f} h, expected less (market.start_window_h sets it)",
                                      to_hours(window), to_hours(coverage.end - coverage.begin)));
    }
  }

  const Scenario& scenario_;
  Problems problems_;
  Problems warnings_;
  MarketBuilder market_;
  BuiltExperiment built_;
  std::map<std::uint32_t, std::string> needed_;  ///< pools that must have an on-demand price, and who asks
};

}  // namespace

Result<BuiltExperiment> build_experiment(const Scenario& scenario) {
  return Builder(scenario).build();
}

}  // namespace spotmix::scenarios
