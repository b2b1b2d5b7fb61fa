#include <functional>
#include <string>

#include "base/csv/csv_writer.h"
#include "base/text/hex.h"
#include "reports/csv/tables.h"
#include "reports/results/figures.h"
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

/// "cost_mean_usd", "finished_fraction_ci95_low".
std::string column_name(const Figure& figure, const FigurePart& part) {
  const bool has_suffix = figure.kind == FigureKind::distribution || figure.kind == FigureKind::parts;
  const char* suffix = !has_suffix                    ? ""
                       : figure.unit == Unit::seconds ? "_s"
                       : figure.unit == Unit::usd     ? "_usd"
                                                      : "";
  return figure.csv + (part.name.empty() ? "" : "_" + part.name) + suffix;
}

/// The figures of the mix, or those of its step.
void add_figures(Columns& columns, bool of_step) {
  for (const Figure& figure : figures()) {
    if (figure.csv.empty() || figure.of_step != of_step) continue;
    for (const auto* parts : {&figure.parts, &figure.interval}) {
      for (const FigurePart& part : *parts) {
        columns.push_back({column_name(figure, part), [&part](const Row& row, CsvWriter& csv) {
                             csv.number(part.get(row.mix, row.step));
                           }});
      }
    }
  }
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
  columns.push_back({"replications", [](const Row& row, CsvWriter& csv) {
                       csv.number(feasible(row.mix) ? row.mix.simulated : row.report.batch.replications);
                     }});
  columns.push_back(
      {"feasible", [](const Row& row, CsvWriter& csv) { csv.exact(feasible(row.mix) ? "true" : "false"); }});
  columns.push_back({"infeasible_reason", [](const Row& row, CsvWriter& csv) {
                       csv.text(row.mix.infeasible_reason.value_or(""));
                     }});
}

Columns all_columns() {
  Columns columns;
  add_identity(columns);
  add_figures(columns, false);
  columns.push_back({"on_pareto_front", [](const Row& row, CsvWriter& csv) {
                       csv.exact(row.mix.on_pareto_front ? "true" : "false");
                     }});
  add_figures(columns, true);
  columns.push_back({"step_error_sigma", [](const Row& row, CsvWriter& csv) {
                       csv.number(row.step.error ? std::optional(row.step.error->sigma) : std::nullopt);
                     }});
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
