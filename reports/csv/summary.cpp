#include <functional>
#include <string>

#include "base/text/hex.h"
#include "base/csv/csv_writer.h"
#include "reports/csv/tables.h"
#include "reports/text/parallelism_text.h"

namespace spotmix::reports {
namespace {

/// The mix, and what of its report a column may show.
struct Row {
  const Report& report;
  const sim::MixResult& mix;
  const StepFigures& step;
};

struct Column {
  std::string name;
  std::function<void(const Row&, CsvWriter&)> write;
};

using Columns = std::vector<Column>;
using Figure = std::function<std::optional<double>(const Row&)>;

/// A number that is unknown for an infeasible mix.
void add_figure(Columns& columns, std::string name, Figure figure) {
  columns.push_back({std::move(name), [figure = std::move(figure)](const Row& row, CsvWriter& csv) {
                       csv.number(feasible(row.mix) ? figure(row) : std::nullopt);
                     }});
}

template <class Read>
auto when_known(std::optional<sim::SampleSummary> sim::MixResult::*summary, Read read) {
  return [summary, read](const Row& row) -> std::optional<double> {
    const auto& known = row.mix.*summary;
    return known ? std::optional<double>(read(*known)) : std::nullopt;
  };
}

void add_summary(Columns& columns, const std::string& name, const std::string& unit,
                 std::optional<sim::SampleSummary> sim::MixResult::*summary) {
  using Summary = sim::SampleSummary;
  const auto ci95 = [summary](std::size_t end) {
    return [summary, end](const Row& row) -> std::optional<double> {
      const auto& known = row.mix.*summary;
      return known && known->ci95 ? std::optional<double>((*known->ci95)[end]) : std::nullopt;
    };
  };
  const auto named = [&](const char* statistic) { return name + "_" + statistic + unit; };
  add_figure(columns, named("mean"), when_known(summary, [](const Summary& s) { return s.mean; }));
  add_figure(columns, named("stddev"), [summary](const Row& row) -> std::optional<double> {
    const auto& known = row.mix.*summary;
    return known ? known->stddev : std::nullopt;
  });
  add_figure(columns, named("p05"), when_known(summary, [](const Summary& s) { return s.p05; }));
  add_figure(columns, named("p50"), when_known(summary, [](const Summary& s) { return s.p50; }));
  add_figure(columns, named("p95"), when_known(summary, [](const Summary& s) { return s.p95; }));
  add_figure(columns, named("ci95_low"), ci95(0));
  add_figure(columns, named("ci95_high"), ci95(1));
}

void add_proportion(Columns& columns, const std::string& name,
                    const std::function<std::optional<sim::Proportion>(const sim::MixResult&)>& proportion) {
  add_figure(columns, name, [=](const Row& row) -> std::optional<double> {
    const auto known = proportion(row.mix);
    return known ? std::optional(known->value) : std::nullopt;
  });
  for (const std::size_t end : {0UL, 1UL}) {
    const std::string suffix = end == 0 ? "_ci95_low" : "_ci95_high";
    add_figure(columns, name + suffix, [=](const Row& row) -> std::optional<double> {
      const auto known = proportion(row.mix);
      return known ? std::optional(known->ci95[end]) : std::nullopt;
    });
  }
}

void add_purchases(Columns& columns) {
  using ByPurchase = sim::CostByPurchase<double>;
  const auto add = [&](const std::string& name, double ByPurchase::*part) {
    add_figure(columns, "cost_" + name + "_usd",
               [part](const Row& row) { return row.mix.cost_breakdown_usd.*part; });
  };
  add("spot", &ByPurchase::spot);
  add("on_demand", &ByPurchase::on_demand);
  add("reserved", &ByPurchase::reserved);
  add("service_fee", &ByPurchase::service_fee);
  add("storage", &ByPurchase::storage);
  add("transfer", &ByPurchase::transfer);
}

void add_causes(Columns& columns, const std::string& prefix, const std::string& unit,
                sim::ByCause<double> sim::MixResult::*causes) {
  using Cause = sim::ByCause<double>;
  const auto add = [&](const char* name, double Cause::*part) {
    add_figure(columns, prefix + name + unit, [=](const Row& row) { return row.mix.*causes.*part; });
  };
  add("useful", &Cause::useful);
  add("lost_work", &Cause::lost_work);
  add("checkpoint", &Cause::checkpoint);
  add("startup", &Cause::startup);
  add("waiting", &Cause::waiting);
  add("unused_commitment", &Cause::unused_commitment);
}

void add_step(Columns& columns) {
  const auto add = [&](const char* name, std::optional<double> StepFigures::*figure) {
    columns.push_back({name, [=](const Row& row, CsvWriter& csv) { csv.number(row.step.*figure); }});
  };
  add("step_time_s", &StepFigures::time_s);
  add("step_compute_s", &StepFigures::compute_s);
  add("step_communication_s", &StepFigures::communication_s);
  add("step_exposed_communication_s", &StepFigures::exposed_communication_s);
  add("step_bubble_s", &StepFigures::bubble_s);
  add("samples_per_s", &StepFigures::samples_per_s);
  add("memory_per_device_gib", &StepFigures::memory_per_device_gib);
}

/// How the step is divided; what is unknown or does not apply is an empty field.
void add_parallelism(Columns& columns) {
  const auto add = [&](const char* name, auto write) {
    columns.push_back({std::string("parallelism_") + name, [=](const Row& row, CsvWriter& csv) {
                         row.step.parallelism ? write(*row.step.parallelism, csv) : (void)csv.unknown();
                       }});
  };
  const auto count = [&](const char* name, int ParallelismFigures::*figure) {
    add(name, [=](const ParallelismFigures& p, CsvWriter& csv) { csv.number(p.*figure); });
  };
  const auto text = [&](const char* name, std::string ParallelismFigures::*figure) {
    add(name, [=](const ParallelismFigures& p, CsvWriter& csv) { csv.text(p.*figure); });
  };
  count("data", &ParallelismFigures::data);
  count("tensor", &ParallelismFigures::tensor);
  count("pipeline", &ParallelismFigures::pipeline);
  count("expert", &ParallelismFigures::expert);
  add("micro_batch", [](const ParallelismFigures& p, CsvWriter& csv) {
    p.micro_batch > 0 ? csv.number(p.micro_batch) : csv.unknown();
  });
  text("schedule", &ParallelismFigures::schedule);
  count("chunks", &ParallelismFigures::chunks);
  add("stage_layers",
      [](const ParallelismFigures& p, CsvWriter& csv) { csv.text(stage_layers_text(p.stage_layers)); });
  text("recompute", &ParallelismFigures::recompute);
  text("sharding", &ParallelismFigures::sharding);
  add("sequence_parallel",
      [](const ParallelismFigures& p, CsvWriter& csv) { csv.exact(p.sequence_parallel ? "true" : "false"); });
  add("gradient_sync", [](const ParallelismFigures& p, CsvWriter& csv) {
    csv.text(p.gradient_sync ? p.gradient_sync->kind : "");
  });
}

void add_identity(Columns& columns) {
  columns.push_back({"scenario", [](const Row& row, CsvWriter& csv) { csv.text(row.report.scenario); }});
  columns.push_back({"mix", [](const Row& row, CsvWriter& csv) { csv.text(row.mix.name); }});
  columns.push_back({"seed", [](const Row& row, CsvWriter& csv) { csv.number(row.report.batch.seed); }});
  columns.push_back(
      {"replications", [](const Row& row, CsvWriter& csv) { csv.number(row.report.batch.replications); }});
  columns.push_back(
      {"feasible", [](const Row& row, CsvWriter& csv) { csv.exact(feasible(row.mix) ? "true" : "false"); }});
  columns.push_back({"infeasible_reason", [](const Row& row, CsvWriter& csv) {
                       csv.text(row.mix.infeasible_reason.value_or(""));
                     }});
}

Columns all_columns() {
  using Mix = sim::MixResult;
  Columns columns;
  add_identity(columns);
  add_summary(columns, "time_to_train", "_s", &Mix::time_to_train_s);
  add_summary(columns, "cost", "_usd", &Mix::cost_usd);
  add_purchases(columns);
  add_causes(columns, "cost_", "_usd", &Mix::cost_by_cause_usd);
  add_causes(columns, "time_", "_s", &Mix::time_by_cause_s);
  add_summary(columns, "interruptions", "", &Mix::interruptions);
  add_summary(columns, "goodput", "", &Mix::goodput);
  add_proportion(columns, "finished_fraction", [](const Mix& mix) { return mix.finished; });
  add_proportion(columns, "on_time_probability", [](const Mix& mix) { return mix.on_time; });
  add_proportion(columns, "within_budget_probability", [](const Mix& mix) { return mix.within_budget; });
  columns.push_back({"on_pareto_front", [](const Row& row, CsvWriter& csv) {
                       csv.exact(row.mix.on_pareto_front ? "true" : "false");
                     }});
  add_step(columns);
  add_parallelism(columns);
  columns.push_back({"fingerprint", [](const Row& row, CsvWriter& csv) {
                       csv.text(feasible(row.mix) ? hex_text(row.mix.fingerprint) : "");
                     }});
  return columns;
}

const StepFigures kNoStep;

}  // namespace

void write_summary_csv(const std::vector<const Report*>& reports, std::ostream& out) {
  const Columns columns = all_columns();
  CsvWriter csv(out);
  for (const Column& column : columns) csv.text(column.name);
  csv.end_row();
  for (const Report* report : reports) {
    for (std::size_t i = 0; i < report->batch.mixes.size(); ++i) {
      const auto& known = report->steps.at(i);
      const Row row{*report, report->batch.mixes[i], known ? *known : kNoStep};
      for (const Column& column : columns) column.write(row, csv);
      csv.end_row();
    }
  }
}

}  // namespace spotmix::reports
