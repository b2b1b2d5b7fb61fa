#include "tests/reference_cases/cases.h"

#include <fstream>
#include <set>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "sim/fleet/policies/pair_amortize.h"
#include "sim/replay/replication.h"

namespace spotmix::reference {
namespace {

/// cbl2023's pair_amortize: the slice's work includes that of the tick which ended at the slice's start, and
/// a job that has seen all its slices counts as done.
class BoundaryTickTwice final : public sim::PairAmortize {
 public:
  BoundaryTickTwice(Duration slice, bool average) : PairAmortize(slice, average), slice_(slice) {}
  void begin(const sim::JobFacts& facts, sim::Outlook& outlook) override {
    PairAmortize::begin(facts, outlook);
    all_slices_ = round_up(facts.deadline, slice_);
  }
  sim::Decision decide(const sim::Observation& seen) override {
    if (seen.elapsed >= all_slices_) return {sim::Choice::wait};
    return PairAmortize::decide(seen);
  }

 protected:
  Duration done_in_slice(std::int64_t first, const sim::Observation& seen) const override {
    return seen.done - (first > 0 ? done_at(first - 1) : Duration{0});
  }

 private:
  Duration slice_;
  Duration all_slices_{0};
};

double required(const accuracy::Table& table, std::size_t row, std::string_view column) {
  const auto value = table.number(row, column);
  if (!value) throw std::runtime_error(std::string(column) + " is empty");
  return *value;
}

sim::Mix mix_of(const accuracy::Table& table, std::size_t row, std::string policy, Duration tick,
                bool cbl2023) {
  sim::Mix mix;
  mix.name = table.text(row, "id");
  sim::Group group;
  group.instance_type = "traced";
  group.pools = {0};
  mix.groups = {group};
  mix.policy.name = std::move(policy);
  mix.policy.decision_interval = tick;
  mix.policy.guarantee_deadline = !cbl2023;
  if (const auto slice_h = table.number(row, "pair_h")) mix.policy.pair_slice = from_hours(*slice_h);
  mix.recovery.checkpoint.kind = sim::CheckpointSpec::Kind::continuous;
  mix.recovery.restart = from_hours(required(table, row, "restart_h"));
  mix.work = from_hours(required(table, row, "task_h"));
  return mix;
}

std::optional<Case> read_case(const accuracy::Table& table, std::size_t row) {
  const std::string& name = table.text(row, "policy");
  const std::string& trace = table.text(row, "traces");
  const sim::PolicyEntry* policy = sim::find_policy(name == "only_spot" ? "spot_only" : name);
  if (policy == nullptr || trace.find(';') != std::string::npos) return std::nullopt;
  Case c;
  c.id = table.text(row, "id");
  c.cbl2023 = table.text(row, "peer") == "cbl2023";
  c.policy = name;
  c.trace = trace;
  c.one_means_available = table.text(row, "polarity").starts_with("1=available");
  c.tick = from_seconds(required(table, row, "gap_s"));
  const auto start_tick = table.number(row, "start_tick");
  c.start_tick = start_tick ? static_cast<std::int64_t>(*start_tick)
                            : round_up(from_hours(required(table, row, "start_h")), c.tick) / c.tick;
  c.cost_usd = required(table, row, "cost_usd");
  c.interruptions = static_cast<std::int64_t>(required(table, row, "preemptions"));

  sim::Experiment& experiment = c.experiment;
  experiment.market.notice = Duration{0};
  experiment.billing.granularity = c.tick;
  experiment.billing.minimum = Duration{0};
  experiment.billing.first_hour_free = false;
  experiment.mixes = {mix_of(table, row, std::string(policy->name), c.tick, c.cbl2023)};
  experiment.start.fixed = Time{c.start_tick * c.tick};
  experiment.deadline = from_hours(required(table, row, "deadline_h"));
  experiment.complete_on_decision = true;
  return c;
}

template <class Value>
Series<Value> series_of_ticks(const std::vector<Value>& ticks, Duration tick) {
  Series<Value> series;
  for (std::size_t k = 0; k < ticks.size(); ++k) {
    if (!series.empty() && series.value.back() == ticks[k]) continue;
    series.at.emplace_back(static_cast<std::int64_t>(k) * tick);
    series.value.push_back(ticks[k]);
  }
  series.end = Time{static_cast<std::int64_t>(ticks.size()) * tick};
  return series;
}

TickTrace read_trace(const std::filesystem::path& path, bool one_means_available, bool flat_prices) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  const nlohmann::json json = nlohmann::json::parse(file);
  TickTrace trace;
  for (const nlohmann::json& value : json.at("data")) {
    const int v = value.get<int>();
    trace.available.push_back(one_means_available ? v : (v == 0 ? 1 : 0));
  }
  if (flat_prices) {
    trace.price.assign(trace.available.size(), usd_per_hour(0.9731));
    trace.on_demand = usd_per_hour(3.06);
    return trace;
  }
  const nlohmann::json& info = json.at("metadata").at("price_info");
  trace.on_demand = usd_per_hour(info.at("on_demand_price").get<double>());
  if (json.contains("prices")) {
    // The price of a tick is read at its end.
    const nlohmann::json& prices = json.at("prices");
    for (std::size_t k = 1; k < prices.size(); ++k)
      trace.price.push_back(usd_per_hour(prices[k].get<double>()));
    trace.price.push_back(trace.price.back());
  } else {
    trace.price.assign(trace.available.size(), usd_per_hour(info.at("price").get<double>()));
  }
  return trace;
}

}  // namespace

std::vector<std::optional<Case>> read_cases(const accuracy::Table& table) {
  std::vector<std::optional<Case>> cases;
  for (std::size_t row = 0; row < table.rows(); ++row) cases.push_back(read_case(table, row));
  return cases;
}

const TickTrace& TraceLibrary::get(const Case& wanted) {
  const std::string key =
      wanted.trace + (wanted.one_means_available ? "+" : "-") + (wanted.cbl2023 ? "flat" : "traced");
  const auto known = traces_.find(key);
  if (known != traces_.end()) return known->second;
  return traces_.emplace(key, read_trace(data_ / wanted.trace, wanted.one_means_available, wanted.cbl2023))
      .first->second;
}

void fill_market(Case& wanted, const TickTrace& trace) {
  sim::Pool pool;
  pool.instance_type = "traced";
  pool.zone = wanted.trace;
  pool.spot_price = series_of_ticks(trace.price, wanted.tick);
  pool.on_demand_price = constant_series(trace.on_demand);
  pool.capacity = series_of_ticks(trace.available, wanted.tick);
  wanted.experiment.market.pools = {std::move(pool)};
}

Answer answer(const Case& wanted) {
  std::unique_ptr<sim::Policy> policy;
  const sim::PolicySpec& spec = wanted.experiment.mixes[0].policy;
  const bool pair = wanted.policy.starts_with("pair_amortize");
  if (wanted.cbl2023 && pair) {
    policy = std::make_unique<BoundaryTickTwice>(spec.pair_slice, spec.name == "pair_amortize_avg");
  }
  sim::Replication replication(wanted.experiment, 0, std::move(policy));
  const sim::ReplicationOutcome outcome = replication.run(0);
  Answer result{outcome.cost, outcome.interruptions, 0};
  result.ticks = static_cast<std::uint64_t>(replication.last_observation().elapsed / wanted.tick);
  if (wanted.cbl2023 && (pair || wanted.policy == "strawman") && outcome.finished()) {
    const sim::Choice choice = replication.policy().decide(replication.last_observation()).choice;
    const sim::Pool& pool = wanted.experiment.market.pools[0];
    if (choice == sim::Choice::spot) result.cost += charge(pool.spot_price.value[0], wanted.tick);
    if (choice == sim::Choice::on_demand) result.cost += charge(pool.on_demand_price.value[0], wanted.tick);
  }
  return result;
}

}  // namespace spotmix::reference
