#include "reports/results/columns.h"

#include <string_view>

#include <fmt/format.h>

#include "base/text/quantities.h"

namespace spotmix::reports {
namespace {

constexpr std::string_view kUnknown = "–";

using Summary = std::optional<sim::SampleSummary>;

Column summary_column(const char* heading, int rank, Summary sim::MixResult::*summary,
                      double sim::SampleSummary::*figure, std::string (*text)(double)) {
  return {{heading, "", heading}, rank, [=](const sim::MixResult& mix) {
            const Summary& known = mix.*summary;
            return known ? text((*known).*figure) : std::string(kUnknown);
          }};
}

Column proportion_column(Heading heading, std::optional<sim::Proportion> sim::MixResult::*proportion) {
  return {std::move(heading), 0, [=](const sim::MixResult& mix) {
            const auto& known = mix.*proportion;
            return known ? percent_text(known->value) : std::string(kUnknown);
          }};
}

std::string one_decimal(double value) {
  return fmt::format("{:.1f}", value);
}

}  // namespace

std::vector<Column> columns_of(const Report& report) {
  using Mix = sim::MixResult;
  using Figure = sim::SampleSummary;
  std::vector<Column> columns;
  columns.push_back(summary_column("cost", 0, &Mix::cost_usd, &Figure::mean, money_text));
  columns.push_back(summary_column("cost p05", 4, &Mix::cost_usd, &Figure::p05, money_text));
  columns.push_back(summary_column("cost p95", 1, &Mix::cost_usd, &Figure::p95, money_text));
  columns.push_back(summary_column("time", 0, &Mix::time_to_train_s, &Figure::mean, duration_text));
  columns.push_back(summary_column("time p05", 5, &Mix::time_to_train_s, &Figure::p05, duration_text));
  columns.push_back(summary_column("time p95", 2, &Mix::time_to_train_s, &Figure::p95, duration_text));
  if (report.deadline) columns.push_back(proportion_column({"on time", "on", "time"}, &Mix::on_time));
  if (report.budget) columns.push_back(proportion_column({"in budget", "in", "budget"}, &Mix::within_budget));
  columns.push_back(summary_column("interruptions", 0, &Mix::interruptions, &Figure::mean, one_decimal));
  columns.back().heading = {"interruptions", "inter-", "ruptions"};
  columns.push_back(summary_column("goodput", 3, &Mix::goodput, &Figure::mean, percent_text));
  columns.push_back({{"finished", "", "finished"}, 0, [](const sim::MixResult& mix) {
                       return percent_text(mix.finished.value);
                     }});
  return columns;
}

}  // namespace spotmix::reports
