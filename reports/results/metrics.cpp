#include "reports/results/metrics.h"

#include <algorithm>

namespace spotmix::reports {
namespace {

using Mix = sim::MixResult;
using Step = std::optional<StepFigures>;
using Value = std::optional<double>;

class List {
 public:
  void add(std::string name, std::function<Value(const Mix&, const Step&)> value) {
    metrics_.push_back({std::move(name), [value = std::move(value)](const Mix& mix, const Step& step) {
                          return feasible(mix) ? value(mix, step) : std::nullopt;
                        }});
  }

  void add_summary(const std::string& name, std::optional<sim::SampleSummary> Mix::*summary) {
    using Summary = sim::SampleSummary;
    const auto part = [&](const char* statistic, double Summary::*figure) {
      add(name + "." + statistic, [=](const Mix& mix, const Step&) -> Value {
        const auto& known = mix.*summary;
        return known ? Value((*known).*figure) : std::nullopt;
      });
    };
    part("mean", &Summary::mean);
    add(name + ".stddev", [=](const Mix& mix, const Step&) -> Value {
      const auto& known = mix.*summary;
      return known ? known->stddev : std::nullopt;
    });
    part("p05", &Summary::p05);
    part("p50", &Summary::p50);
    part("p95", &Summary::p95);
  }

  void add_purchases(const std::string& name, sim::CostByPurchase<double> Mix::*costs) {
    using Costs = sim::CostByPurchase<double>;
    const auto part = [&](const char* kind, double Costs::*figure) {
      add(name + "." + kind, [=](const Mix& mix, const Step&) -> Value { return (mix.*costs).*figure; });
    };
    part("spot", &Costs::spot);
    part("on_demand", &Costs::on_demand);
    part("reserved", &Costs::reserved);
    part("service_fee", &Costs::service_fee);
    part("storage", &Costs::storage);
    part("transfer", &Costs::transfer);
  }

  void add_causes(const std::string& name, sim::ByCause<double> Mix::*causes) {
    using Causes = sim::ByCause<double>;
    const auto part = [&](const char* kind, double Causes::*figure) {
      add(name + "." + kind, [=](const Mix& mix, const Step&) -> Value { return (mix.*causes).*figure; });
    };
    part("useful", &Causes::useful);
    part("lost_work", &Causes::lost_work);
    part("checkpoint", &Causes::checkpoint);
    part("startup", &Causes::startup);
    part("waiting", &Causes::waiting);
    part("unused_commitment", &Causes::unused_commitment);
  }

  void add_proportion(const std::string& name, std::optional<sim::Proportion> Mix::*proportion) {
    add(name, [=](const Mix& mix, const Step&) -> Value {
      const auto& known = mix.*proportion;
      return known ? Value(known->value) : std::nullopt;
    });
  }

  void add_step(const std::string& name, std::optional<double> StepFigures::*figure) {
    add("step." + name,
        [=](const Mix&, const Step& step) -> Value { return step ? (*step).*figure : std::nullopt; });
  }

  std::vector<Metric> take() { return std::move(metrics_); }

 private:
  std::vector<Metric> metrics_;
};

std::vector<Metric> all_metrics() {
  List list;
  list.add_summary("time_to_train_s", &Mix::time_to_train_s);
  list.add_summary("cost_usd", &Mix::cost_usd);
  list.add_purchases("cost_breakdown_usd", &Mix::cost_breakdown_usd);
  list.add_causes("cost_by_cause_usd", &Mix::cost_by_cause_usd);
  list.add_causes("time_by_cause_s", &Mix::time_by_cause_s);
  list.add_summary("interruptions", &Mix::interruptions);
  list.add_summary("goodput", &Mix::goodput);
  list.add("finished_fraction", [](const Mix& mix, const Step&) -> Value { return mix.finished.value; });
  list.add_proportion("on_time_probability", &Mix::on_time);
  list.add_proportion("within_budget_probability", &Mix::within_budget);
  list.add_step("time_s", &StepFigures::time_s);
  list.add_step("compute_s", &StepFigures::compute_s);
  list.add_step("communication_s", &StepFigures::communication_s);
  list.add_step("exposed_communication_s", &StepFigures::exposed_communication_s);
  list.add_step("bubble_s", &StepFigures::bubble_s);
  list.add_step("samples_per_s", &StepFigures::samples_per_s);
  list.add_step("memory_per_device_gib", &StepFigures::memory_per_device_gib);
  return list.take();
}

}  // namespace

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
