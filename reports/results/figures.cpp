#include "reports/results/figures.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <type_traits>

namespace spotmix::reports {
namespace {

using Mix = sim::MixResult;
using Step = StepFigures;
using Outcome = sim::ReplicationOutcome;

template <class Type>
constexpr bool kMayBeUnknown = false;
template <class Value>
constexpr bool kMayBeUnknown<std::optional<Value>> = true;

/// Where a figure is kept: a field of the mix or of its step. Each is either always there or optional.
template <class Owner, class Field>
struct Place {
  Field Owner::*field;

  const auto* find(const Mix& mix, const Step& step) const {
    if constexpr (std::is_same_v<Owner, Mix>) {
      return feasible(mix) ? address(mix.*field) : nullptr;
    } else {
      return address(step.*field);
    }
  }
  auto& make(Mix& mix, Step& step) const {
    if constexpr (std::is_same_v<Owner, Mix>) {
      return made(mix.*field);
    } else {
      return made(step.*field);
    }
  }

 private:
  template <class Value>
  static const Value* address(const std::optional<Value>& value) {
    return value ? &*value : nullptr;
  }
  template <class Value>
  static const Value* address(const Value& value) {
    return &value;
  }
  template <class Value>
  static Value& made(std::optional<Value>& value) {
    return value ? *value : value.emplace();
  }
  template <class Value>
  static Value& made(Value& value) {
    return value;
  }
};

/// One number of the field, which is a struct.
template <class Owner, class Field, class Whole, class Value>
FigurePart part(std::string name, Field Owner::*field, Value Whole::*member) {
  const Place<Owner, Field> place{field};
  return {std::move(name), !kMayBeUnknown<Value>,
          [=](const Mix& mix, const Step& step) -> std::optional<double> {
            const Whole* whole = place.find(mix, step);
            return whole ? std::optional<double>((*whole).*member) : std::nullopt;
          },
          [=](Mix& mix, Step& step, double value) { place.make(mix, step).*member = value; }};
}

using Interval = std::array<double, 2>;

const Interval* known(const std::optional<Interval>& interval) {
  return interval ? &*interval : nullptr;
}
Interval& made(std::optional<Interval>& interval) {
  return interval ? *interval : interval.emplace();
}

/// Both ends of the whole's `ci95`.
template <class Field>
std::vector<FigurePart> interval(Field Mix::*field) {
  std::vector<FigurePart> ends;
  const Place<Mix, Field> place{field};
  for (const std::size_t end : {0UL, 1UL}) {
    ends.push_back(
        {end == 0 ? "ci95_low" : "ci95_high", false,
         [=](const Mix& mix, const Step& step) -> std::optional<double> {
           const auto* whole = place.find(mix, step);
           const Interval* ci95 = whole ? known(whole->ci95) : nullptr;
           return ci95 ? std::optional((*ci95)[end]) : std::nullopt;
         },
         [=](Mix& mix, Step& step, double value) { made(place.make(mix, step).ci95)[end] = value; }});
  }
  return ends;
}

Figure distribution(std::string name, Unit unit, std::string csv,
                    std::optional<sim::SampleSummary> Mix::*summary, OfReplication of_replication,
                    std::initializer_list<std::string_view> sampled, std::string sentence) {
  using Summary = sim::SampleSummary;
  Figure figure{std::move(name), FigureKind::distribution, unit, std::move(csv), std::move(sentence)};
  figure.parts = {part("mean", summary, &Summary::mean), part("stddev", summary, &Summary::stddev),
                  part("p05", summary, &Summary::p05),   part("p50", summary, &Summary::p50),
                  part("p95", summary, &Summary::p95),   part("min", summary, &Summary::min),
                  part("max", summary, &Summary::max)};
  for (FigurePart& each : figure.parts) {
    each.sampled = std::find(sampled.begin(), sampled.end(), each.name) != sampled.end();
  }
  figure.interval = interval(summary);
  figure.of_replication = of_replication;
  figure.summary = summary;
  return figure;
}

template <class Field>
Figure proportion(std::string name, Field Mix::*field, OfReplication counts, Needs needs,
                  std::string sentence) {
  Figure figure{name, FigureKind::proportion, Unit::share, name, std::move(sentence)};
  figure.always_known = !kMayBeUnknown<Field>;
  figure.parts = {part("", field, &sim::Proportion::value)};
  figure.parts.front().sampled = true;
  figure.interval = interval(field);
  figure.needs = needs;
  figure.of_replication = counts;
  return figure;
}

template <class Owner, class Field>
Figure parts(std::string name, Unit unit, std::string csv, Field Owner::*, std::vector<FigurePart> parts,
             std::string sentence) {
  Figure figure{std::move(name), FigureKind::parts, unit, std::move(csv), std::move(sentence)};
  figure.of_step = std::is_same_v<Owner, Step>;
  figure.always_known = !kMayBeUnknown<Field>;
  figure.parts = std::move(parts);
  return figure;
}

template <class Field>
std::vector<FigurePart> causes(Field Mix::*field) {
  using Causes = sim::ByCause<double>;
  return {part("useful", field, &Causes::useful),
          part("lost_work", field, &Causes::lost_work),
          part("checkpoint", field, &Causes::checkpoint),
          part("startup", field, &Causes::startup),
          part("waiting", field, &Causes::waiting),
          part("unused_commitment", field, &Causes::unused_commitment)};
}

Figure time_by_cause() {
  const auto field = &Mix::time_by_cause_s;
  return parts("time_by_cause_s", Unit::seconds, "time", field, causes(field),
               "Mean wall-clock time by what it was spent on.");
}

Figure cost_by_cause() {
  using Costs = decltype(Mix::cost_by_cause_usd);
  const auto field = &Mix::cost_by_cause_usd;
  std::vector<FigurePart> all = causes(field);
  all.push_back(part("transfer", field, &Costs::transfer));
  all.push_back(part("storage", field, &Costs::storage));
  all.push_back(part("service_fee", field, &Costs::service_fee));
  return parts("cost_by_cause_usd", Unit::usd, "cost", field, std::move(all),
               "Mean cost by what it was spent on: that of instances by what they did, and beside it traffic "
               "between zones and regions, storage with its requests, and the fees of a managed service. The "
               "parts sum to the mean cost.");
}

Figure purchases(std::string name, std::string csv, sim::CostByPurchase<double> Mix::*field,
                 std::string sentence) {
  using Costs = sim::CostByPurchase<double>;
  return parts(std::move(name), Unit::usd, std::move(csv), field,
               {part("spot", field, &Costs::spot), part("on_demand", field, &Costs::on_demand),
                part("reserved", field, &Costs::reserved), part("service_fee", field, &Costs::service_fee),
                part("storage", field, &Costs::storage), part("transfer", field, &Costs::transfer)},
               std::move(sentence));
}

Figure reserved_views() {
  using Views = sim::ReservedViews;
  const auto field = &Mix::reserved_views_usd;
  return parts("reserved_views_usd", Unit::usd, "", field,
               {part("amortised", field, &Views::amortised), part("marginal", field, &Views::marginal)},
               "Mean cost where reserved instances cost their share of the term's price for the clock-hours "
               "of the job, and where they are paid already; unknown without reserved instances.");
}

Figure spread(std::string key, std::string csv, std::optional<sim::SpreadShares> Mix::*field,
              std::string sentence) {
  using Shares = sim::SpreadShares;
  return parts("spread." + std::move(key), Unit::share, std::move(csv), field,
               {part("market", field, &Shares::market), part("step_time", field, &Shares::step_time),
                part("convergence", field, &Shares::convergence)},
               std::move(sentence));
}

Figure of_step(std::string key, Unit unit, std::string csv, std::optional<double> Step::*field,
               std::string sentence) {
  Figure figure{"step." + std::move(key), FigureKind::number, unit, std::move(csv), std::move(sentence)};
  figure.of_step = true;
  figure.parts = {{"", false, [=](const Mix&, const Step& step) { return step.*field; },
                   [=](Mix&, Step& step, double value) { step.*field = value; }}};
  return figure;
}

Figure memory() {
  using Memory = MemoryFigures;
  const auto field = &Step::memory;
  return parts("step.memory_gib", Unit::gib, "", field,
               {part("parameters", field, &Memory::parameters), part("gradients", field, &Memory::gradients),
                part("optimizer", field, &Memory::optimizer),
                part("activations", field, &Memory::activations), part("buffers", field, &Memory::buffers),
                part("reserved", field, &Memory::reserved), part("limit", field, &Memory::limit)},
               "The same by part, beside what the device has (limit).");
}

Figure rates() {
  using Rates = RateFigures;
  const auto field = &Step::rates;
  Figure figure = parts(
      "rates", Unit::count, "rates", field,
      {part("mfu", field, &Rates::mfu), part("hfu", field, &Rates::hfu),
       part("model_tflop_per_s_per_device", field, &Rates::model_tflop_per_s_per_device),
       part("tokens_per_s", field, &Rates::tokens_per_s), part("device_hours", field, &Rates::device_hours),
       part("usd_per_million_tokens", field, &Rates::usd_per_million_tokens),
       part("usd_per_million_samples", field, &Rates::usd_per_million_samples)},
      "Shares of the devices' peak that the model's FLOP take (mfu; with what is computed again: hfu), "
      "the model's TFLOP/s of a device, tokens of sequences, hours of all devices (the useful ones over "
      "the mean goodput), mean cost by amount trained to the end.");
  figure.of_step = false;
  return figure;
}

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double time_of(const Outcome& outcome, const Limits&) {
  return outcome.finished() ? to_seconds(outcome.time_to_train) : kUnknown;
}
double cost_of(const Outcome& outcome, const Limits&) {
  return to_usd(outcome.cost);
}
double interruptions_of(const Outcome& outcome, const Limits&) {
  return static_cast<double>(outcome.interruptions);
}
double goodput_of(const Outcome& outcome, const Limits&) {
  return static_cast<double>(outcome.goodput);
}
double finished(const Outcome& outcome, const Limits&) {
  return outcome.finished() ? 1 : 0;
}
double on_time(const Outcome& outcome, const Limits& limits) {
  return outcome.finished() && outcome.time_to_train <= *limits.deadline ? 1 : 0;
}
double within_budget(const Outcome& outcome, const Limits& limits) {
  return outcome.finished() && outcome.cost <= *limits.budget ? 1 : 0;
}

constexpr std::size_t kMean = 0, kP05 = 2, kP95 = 4;

std::vector<Figure> all_figures() {
  std::vector<Figure> all;
  const auto add = [&](Figure figure, std::vector<FigureColumn> columns = {},
                       std::optional<PageColumn> page = std::nullopt) {
    figure.columns = std::move(columns);
    for (FigureColumn& column : figure.columns) {
      if (column.heading.lower.empty()) column.heading.lower = column.heading.text;
    }
    figure.page = std::move(page);
    all.push_back(std::move(figure));
  };
  add(distribution("time_to_train_s", Unit::seconds, "time_to_train", &Mix::time_to_train_s, time_of,
                   {"mean", "p05", "p50", "p95"},
                   "Time from the start of the job to its end, over the replications that finished."),
      {{kMean, 3, 0, {"time"}}, {kP05, 4, 6, {"time p05"}}, {kP95, 5, 3, {"time p95"}}},
      PageColumn{1, "Time to train"});
  add(distribution("cost_usd", Unit::usd, "cost", &Mix::cost_usd, cost_of, {"mean", "p05", "p50", "p95"},
                   "What was billed, over all replications, finished or not."),
      {{kMean, 0, 0, {"cost"}}, {kP05, 1, 5, {"cost p05"}}, {kP95, 2, 1, {"cost p95"}}},
      PageColumn{0, "Cost"});
  add(purchases("cost_breakdown_usd", "cost", &Mix::cost_breakdown_usd, "Mean cost by how it was bought."));
  add(cost_by_cause());
  add(reserved_views());
  add(time_by_cause());
  add(distribution("interruptions", Unit::count, "interruptions", &Mix::interruptions, interruptions_of,
                   {"mean", "p95"}, "Instances that the provider took back, per replication."),
      {{kMean, 8, 2, {"interruptions", "inter-", "ruptions"}}}, PageColumn{5, "Interruptions"});
  add(distribution("goodput", Unit::share, "goodput", &Mix::goodput, goodput_of, {"mean", "p05"},
                   "Useful instance time divided by the time that instances ran, billed or not."),
      {{kMean, 9, 4, {"goodput"}}}, PageColumn{6, "Goodput", false, true});
  add(proportion("finished_fraction", &Mix::finished, finished, Needs::nothing,
                 "Share of replications that finished before the horizon."),
      {{0, 10, 0, {"finished"}}}, PageColumn{4, "Finished", true, true});
  add(proportion("on_time_probability", &Mix::on_time, on_time, Needs::deadline,
                 "Share of replications that finished by the deadline; unknown without one."),
      {{0, 6, 0, {"on time", "on", "time"}}}, PageColumn{2, "On time", true, true});
  add(proportion("within_budget_probability", &Mix::within_budget, within_budget, Needs::budget,
                 "Share of replications that finished at a cost not above the budget; unknown without one."),
      {{0, 7, 0, {"in budget", "in", "budget"}}}, PageColumn{3, "Within budget", true, true});
  add(spread("cost_usd", "cost_spread", &Mix::cost_spread,
             "Where the variance of the cost's logarithm comes from: the market, the known error of the step "
             "time, how much a run needs to its target; unknown if nothing varies."));
  add(spread("time_to_train_s", "time_spread", &Mix::time_spread,
             "The same of time_to_train_s, over the replications that finished."));
  add(rates());
  add(of_step("time_s", Unit::seconds, "step_time_s", &Step::time_s,
              "One training step: compute_s + exposed_communication_s + bubble_s of the busiest device."));
  add(of_step("compute_s", Unit::seconds, "step_compute_s", &Step::compute_s,
              "Matrix products and memory-bound work."));
  add(of_step("communication_s", Unit::seconds, "step_communication_s", &Step::communication_s,
              "All collectives and transfers, hidden behind computation or not."));
  add(of_step("exposed_communication_s", Unit::seconds, "step_exposed_communication_s",
              &Step::exposed_communication_s, "The part of communication_s that no computation hides."));
  add(of_step("bubble_s", Unit::seconds, "step_bubble_s", &Step::bubble_s,
              "Waiting for other stages of the pipeline."));
  add(of_step("samples_per_s", Unit::per_second, "samples_per_s", &Step::samples_per_s,
              "Samples per second, over the whole cluster."));
  add(of_step("memory_per_device_gib", Unit::gib, "memory_per_device_gib", &Step::memory_per_device_gib,
              "Memory of the fullest device."));
  add(memory());
  return all;
}

std::vector<Metric> all_metrics() {
  std::vector<Metric> all;
  for (const Figure& figure : figures()) {
    if (figure.csv.empty()) continue;
    for (const FigurePart& part : figure.parts) {
      all.push_back({part.name.empty() ? figure.name : figure.name + "." + part.name, &figure, &part});
    }
  }
  return all;
}

}  // namespace

std::string_view Figure::key() const {
  return std::string_view(name).substr(name.find('.') + 1);
}

std::string_view Figure::group() const {
  const std::size_t dot = name.find('.');
  return of_step || dot == std::string::npos ? std::string_view{} : std::string_view(name).substr(0, dot);
}

bool Figure::asked_for(const Limits& limits) const {
  return needs == Needs::nothing ||
         (needs == Needs::deadline ? limits.deadline.has_value() : limits.budget.has_value());
}

const std::vector<Figure>& figures() {
  static const std::vector<Figure> kAll = all_figures();
  return kAll;
}

const Figure& figure_named(std::string_view name) {
  const auto found = std::find_if(figures().begin(), figures().end(),
                                  [&](const Figure& figure) { return figure.name == name; });
  assert(found != figures().end());
  return *found;
}

std::optional<double> Metric::value(const sim::MixResult& mix, const std::optional<StepFigures>& step) const {
  static const StepFigures kNoStep;
  return feasible(mix) ? part->get(mix, step ? *step : kNoStep) : std::nullopt;
}

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> kAll = all_metrics();
  return kAll;
}

const Metric* find_metric(std::string_view name) {
  const auto found = std::find_if(metrics().begin(), metrics().end(),
                                  [&](const Metric& metric) { return metric.name == name; });
  return found == metrics().end() ? nullptr : &*found;
}

std::vector<std::string> metric_names() {
  std::vector<std::string> names;
  for (const Metric& metric : metrics()) names.push_back(metric.name);
  return names;
}

}  // namespace spotmix::reports
