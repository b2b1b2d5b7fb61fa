#include "cli/result_warnings.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text/quantities.h"
#include "base/text/text_values.h"
#include "reports/results/dated_prices.h"
#include "scenarios/warning.h"
#include "sim/fleet/policy.h"
#include "sim/market/bootstrap.h"

namespace spotmix::cli {
namespace {

using scenarios::WarningCode;

reports::Warning of_mix(WarningCode code, const reports::Report& report, std::size_t mix, std::string text) {
  return {std::string(name_of(code)), report.batch.mixes.at(mix).name, std::move(text)};
}

std::vector<reports::DatedPrice> dated_prices(const scenarios::BuiltExperiment& built) {
  std::vector<reports::DatedPrice> prices;
  for (std::size_t i = 0; i < built.details.size(); ++i) {
    for (const scenarios::DatedPriceUse& use : built.details[i].dated_prices)
      prices.push_back({i, use.instance, use.region, use.seen, use.day, use.price, use.change});
  }
  return prices;
}

/// The traces of the pools that the mix may use as spot: from the first that ends on, some go on by blocks.
sim::TraceWindow first_to_end(const sim::Market& market, const sim::Mix& mix) {
  sim::TraceWindow first;
  for (const std::uint32_t pool : sim::spot_pools(mix)) {
    const sim::TraceWindow window = sim::window_of(market.pools[pool]);
    if (window.end < first.end) first = window;
  }
  return first;
}

std::string span_text(Duration span) {
  constexpr double kHoursPerDay = 24;
  const double hours = to_hours(span);
  return hours < 2 * kHoursPerDay ? fmt::format("{:.3g} h", hours)
                                  : fmt::format("{:.3g} days", hours / kHoursPerDay);
}

std::string replayed_text(const sim::Experiment& experiment, const sim::Mix& mix, std::uint64_t count,
                          std::uint64_t of) {
  const sim::AfterTraces& after = experiment.market.after_traces;
  const sim::TraceWindow traces = first_to_end(experiment.market, mix);
  const Duration last = std::min(after.window, traces.end - traces.begin);
  const Duration block = std::min(after.block, last);
  return fmt::format(
      "its traces end on {}; after that, in {}, prices and capacity go on with blocks of {} drawn from the "
      "last {}",
      format_time(traces.end),
      count == of ? "every replication"
                  : fmt::format("{} of {} replications", count_text(count), count_text(of)),
      span_text(block), span_text(last));
}

}  // namespace

std::vector<reports::Warning> warnings_of_results(const Prepared& prepared, const reports::Report& report) {
  const sim::Experiment& experiment = prepared.built.experiment;
  std::vector<reports::Warning> warnings;
  for (std::size_t i = 0; i < report.batch.mixes.size(); ++i) {
    const std::uint64_t count = report.batch.mixes[i].outlived_traces;
    if (count > 0)
      warnings.push_back(
          of_mix(WarningCode::traces_replayed, report, i,
                 replayed_text(experiment, experiment.mixes[i], count, report.batch.mixes[i].simulated)));
  }
  for (reports::DatedPriceRemark& remark : dated_price_remarks(report, dated_prices(prepared.built)))
    warnings.push_back(of_mix(WarningCode::price_dated, report, remark.mix, std::move(remark.text)));
  return warnings;
}

}  // namespace spotmix::cli
