#include <algorithm>

#include <fmt/format.h>

#include "base/text/quantities.h"
#include "base/text/text_values.h"
#include "base/text/width.h"
#include "reports/terminal/paint.h"
#include "reports/trace_info.h"

namespace spotmix::reports {
namespace {

constexpr std::size_t kPoolColumns = 25;
constexpr std::size_t kMatrixPool = 21;    ///< of a pool's name beside the correlation, its number aside
constexpr std::size_t kMatrixColumns = 6;  ///< of one figure of the correlation

std::string number_or_dash(const std::optional<double>& value, const char* format) {
  return value ? fmt::format(fmt::runtime(format), *value) : "–";
}

std::string price_text(HourlyPrice price) {
  return fmt::format("{:.4f}", to_usd_per_hour(price));
}

std::string hours_text(Duration length) {
  return fmt::format("{:.2f}", to_hours(length));
}

std::string pool_line(const std::string& pool, const std::vector<std::string>& cells) {
  std::string text = padded_right(shortened(pool, kPoolColumns), kPoolColumns);
  for (const std::string& cell : cells) text += padded_left(cell, 9);
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

void write_heading(const std::string& text, const TerminalStyle& style, std::ostream& out) {
  out << painted(text.substr(0, text.size() - 1), kBold, style) << '\n';
}

void write_prices(const TraceInfo& info, const TerminalStyle& style, std::ostream& out) {
  write_heading(pool_line("$ per hour, over time", {"min", "p50", "mean", "p95", "max", "changes"}), style,
                out);
  write_heading(pool_line("", {"", "", "", "", "", "per day"}), style, out);
  for (const PoolInfo& pool : info.pools) {
    if (!pool.prices) {
      out << pool_line(safe_text(pool_name(pool)), {"–", "–", "–", "–", "–", "–"});
      continue;
    }
    const sim::PriceStatistics& prices = *pool.prices;
    out << pool_line(
        safe_text(pool_name(pool)),
        {price_text(prices.min), price_text(prices.p50), fmt::format("{:.4f}", prices.mean_usd_per_h),
         price_text(prices.p95), price_text(prices.max), fmt::format("{:.2f}", prices.changes_per_day)});
  }
}

void write_availability(const TraceInfo& info, const TerminalStyle& style, std::ostream& out) {
  write_heading(
      pool_line("availability of one", {"max $/h", "to be", "lost per", "runs, h:", "", "gaps, h:"}), style,
      out);
  write_heading(pool_line("", {"", "had", "hour", "p50", "p95", "p50"}), style, out);
  for (const PoolInfo& pool : info.pools) {
    bool first = true;
    for (const MaxPriceFigures& figures : pool.at_max_prices) {
      const auto& runs = figures.available_runs;
      const auto& gaps = figures.unavailable_runs;
      out << pool_line(
          first ? safe_text(pool_name(pool)) : "",
          {figures.max_price ? price_text(*figures.max_price) : "any",
           figures.availability ? percent_text(*figures.availability) : "–",
           number_or_dash(figures.interruptions_per_h, "{:.4f}"), runs ? hours_text(runs->p50) : "–",
           runs ? hours_text(runs->p95) : "–", gaps ? hours_text(gaps->p50) : "–"});
      first = false;
    }
  }
}

/// Of the traces that count instances: where more than one runs, the others' losses too.
void write_counts(const TraceInfo& info, const TerminalStyle& style, std::ostream& out) {
  if (std::none_of(info.pools.begin(), info.pools.end(), [](const PoolInfo& pool) { return pool.counts; }))
    return;
  out << '\n';
  write_heading(pool_line("instances, over time", {"min", "p50", "mean", "max", "lost", "lost per"}), style,
                out);
  write_heading(pool_line("", {"", "", "", "", "in all", "inst. h"}), style, out);
  for (const PoolInfo& pool : info.pools) {
    if (!pool.counts) continue;
    const sim::CountStatistics& counts = *pool.counts;
    out << pool_line(safe_text(pool_name(pool)),
                     {std::to_string(counts.min), std::to_string(counts.p50),
                      fmt::format("{:.2f}", counts.mean), std::to_string(counts.max),
                      std::to_string(counts.lost), number_or_dash(counts.lost_per_instance_hour, "{:.4f}")});
  }
}

/// Whether any two different pools have a figure.
bool is_known(const PoolMatrix& matrix) {
  for (std::size_t row = 0; row < matrix.size(); ++row) {
    for (std::size_t column = 0; column < row; ++column) {
      if (matrix[row][column]) return true;
    }
  }
  return false;
}

/// As many columns of the matrix as fit stand side by side; the others follow below.
void write_correlation(const TraceInfo& info, const char* of_what, const PoolMatrix& matrix,
                       const TerminalStyle& style, std::ostream& out) {
  const std::size_t count = matrix.size();
  const std::size_t room = style.width > kMatrixPool + 5 ? style.width - kMatrixPool - 5 : 0;
  const std::size_t at_once = std::max<std::size_t>(1, room / kMatrixColumns);
  for (std::size_t from = 0; from < count; from += at_once) {
    const std::size_t to = std::min(count, from + at_once);
    std::string heading = padded_right(of_what, kMatrixPool + 5);
    for (std::size_t column = from; column < to; ++column) {
      heading += padded_left(fmt::format("[{}]", column + 1), kMatrixColumns);
    }
    out << (from == 0 ? "" : "\n") << painted(heading, kBold, style) << '\n';
    for (std::size_t row = 0; row < count; ++row) {
      out << padded_left(fmt::format("[{}] ", row + 1), 5)
          << padded_right(shortened(safe_text(pool_name(info.pools[row])), kMatrixPool), kMatrixPool);
      for (std::size_t column = from; column < to; ++column) {
        out << padded_left(number_or_dash(matrix[row][column], "{:.2f}"), kMatrixColumns);
      }
      out << '\n';
    }
  }
}

std::string window_text(const TraceInfo& info) {
  if (info.pools.empty()) return "";
  Time start = info.pools.front().start;
  Time end = info.pools.front().end;
  for (const PoolInfo& pool : info.pools) {
    start = std::min(start, pool.start);
    end = std::max(end, pool.end);
  }
  if (!info.dated) return fmt::format("{} without dates", duration_text(to_seconds(end - start)));
  return fmt::format("{} to {}", format_time(start), format_time(end));
}

}  // namespace

std::string pool_name(const PoolInfo& pool) {
  return pool.instance + " " + pool.zone + (pool.product.empty() ? "" : " " + pool.product);
}

void write_trace_info_table(const TraceInfo& info, const TerminalStyle& style, std::ostream& out) {
  out << painted(wrapped(fmt::format("{}; {} {}; {}", window_text(info), info.pools.size(),
                                     info.pools.size() == 1 ? "pool" : "pools", safe_text(info.source)),
                         style.width, 2),
                 kDim, style)
      << "\n\n";
  write_prices(info, style, out);
  out << '\n';
  write_availability(info, style, out);
  write_counts(info, style, out);
  if (is_known(info.correlation)) {
    out << '\n';
    write_correlation(info, "correlated availability", info.correlation, style, out);
  }
  if (is_known(info.price_correlation)) {
    out << '\n';
    write_correlation(info, "correlated prices", info.price_correlation, style, out);
  }
}

}  // namespace spotmix::reports
