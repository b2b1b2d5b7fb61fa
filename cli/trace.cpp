// `spotmix trace info`: what a trace file says about its pools.
#include "scenarios/trace.h"

#include <sstream>

#include "cli/messages.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "reports/trace_info.h"
#include "sim/market/trace_statistics.h"

namespace spotmix::cli {
namespace {

/// The pool's availability under a maximum price; a pool without capacity is there whenever it is cheap
/// enough.
sim::AvailabilitySeries availability_of(const scenarios::TracePool& pool,
                                        std::optional<HourlyPrice> max_price) {
  return sim::availability(pool.capacity ? &pool.capacity->series : nullptr,
                           pool.prices ? &*pool.prices : nullptr, max_price);
}

reports::MaxPriceFigures figures_of(const scenarios::TracePool& pool, std::optional<HourlyPrice> max_price) {
  const sim::AvailabilitySeries series = availability_of(pool, max_price);
  const std::vector<sim::Run> runs = sim::runs_of(series);
  return {max_price, sim::available_fraction(series), sim::interruptions_per_hour(series),
          sim::run_lengths(runs, true), sim::run_lengths(runs, false)};
}

reports::PoolInfo info_of(const scenarios::TracePool& pool, const std::vector<HourlyPrice>& max_prices) {
  reports::PoolInfo info;
  info.instance = pool.instance;
  info.zone = pool.zone;
  info.product = pool.product;
  info.start = pool.start;
  info.end = pool.end;
  info.on_demand = pool.on_demand;
  if (pool.prices) info.prices = sim::price_statistics(*pool.prices);
  if (pool.capacity && !pool.capacity->binary) info.counts = sim::count_statistics(pool.capacity->series);
  info.at_max_prices.push_back(figures_of(pool, std::nullopt));
  info.availability = info.at_max_prices.front().availability;
  for (const HourlyPrice max_price : max_prices) info.at_max_prices.push_back(figures_of(pool, max_price));
  return info;
}

reports::TraceInfo info_of(const scenarios::Trace& trace, const std::vector<HourlyPrice>& max_prices) {
  reports::TraceInfo info{trace.source, trace.dated, {}, {}, {}};
  std::vector<sim::AvailabilitySeries> availabilities;
  for (const scenarios::TracePool& pool : trace.pools) {
    info.pools.push_back(info_of(pool, max_prices));
    availabilities.push_back(availability_of(pool, std::nullopt));
  }
  for (const sim::AvailabilitySeries& a : availabilities) {
    std::vector<std::optional<double>>& row = info.correlation.emplace_back();
    for (const sim::AvailabilitySeries& b : availabilities) row.push_back(sim::correlation(a, b));
  }
  const auto of_prices = [](const scenarios::TracePool& a,
                            const scenarios::TracePool& b) -> std::optional<double> {
    if (!a.prices || !b.prices) return std::nullopt;
    return sim::correlation(*a.prices, *b.prices);
  };
  for (const scenarios::TracePool& a : trace.pools) {
    std::vector<std::optional<double>>& row = info.price_correlation.emplace_back();
    for (const scenarios::TracePool& b : trace.pools) row.push_back(of_prices(a, b));
  }
  return info;
}

}  // namespace

ExitCode trace(const TraceOptions& options) {
  const Result<scenarios::Trace> read = scenarios::read_trace(options.input);
  say_problems(read.problems);
  if (!read) return ExitCode::bad_input;
  const reports::TraceInfo info = info_of(*read.value, options.max_prices);
  std::ostringstream out;
  if (options.format == Format::json) {
    write_trace_info_json(info, out);
  } else {
    write_trace_info_table(info, standard_output_style(), out);
  }
  print(out.str());
  return ExitCode::done;
}

}  // namespace spotmix::cli
