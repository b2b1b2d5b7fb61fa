#include "sim/market/trace_statistics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/statistics/quantile.h"

namespace spotmix::sim {
namespace {

struct Window {
  Time begin{};
  Time end{};
};

/// Moments of either series within the window, and the window's begin, in order and once each.
template <class A, class B>
std::vector<Time> moments_of(const Series<A>* a, const Series<B>* b, Window window) {
  std::vector<Time> moments{window.begin};
  const auto take = [&](const std::vector<Time>& at) {
    for (const Time t : at) {
      if (t > window.begin && t < window.end) moments.push_back(t);
    }
  };
  if (a != nullptr) take(a->at);
  if (b != nullptr) take(b->at);
  std::sort(moments.begin(), moments.end());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  return moments;
}

template <class Value>
void narrow(Window& window, const Series<Value>& series) {
  window.begin = std::max(window.begin, series.begin());
  window.end = std::min(window.end, series.end);
}

/// Calls `visit(value, length)` for each step of a series.
template <class Value, class Visit>
void each_step(const Series<Value>& series, Visit visit) {
  assert(series.empty() || series.end != kNever);
  for (std::size_t i = 0; i < series.at.size(); ++i) {
    const Time until = i + 1 < series.at.size() ? series.at[i + 1] : series.end;
    visit(series.value[i], until - series.at[i]);
  }
}

Duration length_of(const AvailabilitySeries& series, int value) {
  Duration length{0};
  each_step(series, [&](int step, Duration lasted) { length += step == value ? lasted : Duration{0}; });
  return length;
}

template <class Value>
bool without_window(const Series<Value>& series) {
  return series.empty() || series.end <= series.begin();
}

/// The values of a series in ascending order, each with the nanoseconds for which it held.
template <class Value>
std::vector<std::pair<Value, std::int64_t>> held_values(const Series<Value>& series) {
  std::vector<std::pair<Value, std::int64_t>> held;
  each_step(series, [&](Value value, Duration length) { held.emplace_back(value, length.count()); });
  std::sort(held.begin(), held.end());
  return held;
}

}  // namespace

AvailabilitySeries availability(const CapacitySeries* capacity, const PriceSeries* prices,
                                std::optional<HourlyPrice> max_price) {
  if (capacity != nullptr && without_window(*capacity)) capacity = nullptr;
  if (prices != nullptr && without_window(*prices)) prices = nullptr;
  if (!max_price) prices = nullptr;
  if (max_price && prices == nullptr) return {};
  if (capacity == nullptr && prices == nullptr) return {};
  Window window{Time::min(), kNever};
  if (capacity != nullptr) narrow(window, *capacity);
  if (prices != nullptr) narrow(window, *prices);
  if (window.end <= window.begin) return {};

  const HourlyPrice tolerance = Market{}.price_tolerance;
  AvailabilitySeries series;
  series.end = window.end;
  for (const Time t : moments_of(capacity, prices, window)) {
    const bool there = capacity == nullptr || value_at(*capacity, t) > 0;
    const bool cheap = prices == nullptr || value_at(*prices, t).nano_usd_per_h <=
                                                max_price->nano_usd_per_h + tolerance.nano_usd_per_h;
    const int value = there && cheap ? 1 : 0;
    if (!series.empty() && series.value.back() == value) continue;
    series.at.push_back(t);
    series.value.push_back(value);
  }
  return series;
}

std::optional<double> available_fraction(const AvailabilitySeries& series) {
  if (without_window(series)) return std::nullopt;
  return to_hours(length_of(series, 1)) / to_hours(series.end - series.begin());
}

std::optional<double> interruptions_per_hour(const AvailabilitySeries& series) {
  if (without_window(series)) return std::nullopt;
  const Duration available = length_of(series, 1);
  if (available == Duration{0}) return std::nullopt;
  int interruptions = 0;
  for (std::size_t i = 1; i < series.value.size(); ++i) {
    if (series.value[i - 1] == 1 && series.value[i] == 0) ++interruptions;
  }
  return interruptions / to_hours(available);
}

std::vector<Run> runs_of(const AvailabilitySeries& series) {
  std::vector<Run> runs;
  if (without_window(series)) return runs;
  each_step(series, [&](int value, Duration length) { runs.push_back({length, value == 1, false, false}); });
  runs.front().began_before = true;
  runs.back().cut_off = true;
  return runs;
}

std::optional<RunLengths> run_lengths(const std::vector<Run>& runs, bool available) {
  std::vector<std::pair<Duration, std::int64_t>> lengths;
  Duration sum{0};
  for (const Run& run : runs) {
    if (run.available != available || run.began_before || run.cut_off) continue;
    lengths.emplace_back(run.length, 1);
    sum += run.length;
  }
  if (lengths.empty()) return std::nullopt;
  std::sort(lengths.begin(), lengths.end());
  return RunLengths{lengths.front().first, weighted_quantile(lengths, 50), weighted_quantile(lengths, 95),
                    lengths.back().first, to_hours(sum) / static_cast<double>(lengths.size())};
}

std::optional<PriceStatistics> price_statistics(const PriceSeries& prices) {
  if (without_window(prices)) return std::nullopt;
  const auto held = held_values(prices);
  __extension__ using Wide = __int128;
  Wide sum = 0;
  each_step(prices, [&](HourlyPrice price, Duration length) {
    sum += static_cast<Wide>(price.nano_usd_per_h) * length.count();
  });
  int changes = 0;
  for (std::size_t i = 1; i < prices.value.size(); ++i)
    changes += prices.value[i] != prices.value[i - 1] ? 1 : 0;
  const Duration window = prices.end - prices.begin();
  const double mean = static_cast<double>(sum) / static_cast<double>(window.count()) / 1e9;
  return PriceStatistics{held.front().first,
                         weighted_quantile(held, 50),
                         weighted_quantile(held, 95),
                         held.back().first,
                         mean,
                         changes * 24 / to_hours(window)};
}

std::optional<CountStatistics> count_statistics(const CapacitySeries& counts) {
  if (without_window(counts)) return std::nullopt;
  const auto held = held_values(counts);
  CountStatistics statistics{held.front().first,
                             weighted_quantile(held, 50),
                             weighted_quantile(held, 95),
                             held.back().first,
                             0,
                             0,
                             0,
                             {}};
  double instance_hours = 0;
  each_step(counts, [&](int count, Duration length) { instance_hours += count * to_hours(length); });
  statistics.mean = instance_hours / to_hours(counts.end - counts.begin());
  for (std::size_t i = 1; i < counts.value.size(); ++i) {
    const int change = counts.value[i] - counts.value[i - 1];
    (change > 0 ? statistics.added : statistics.lost) += std::abs(change);
  }
  if (instance_hours > 0)
    statistics.lost_per_instance_hour = static_cast<double>(statistics.lost) / instance_hours;
  return statistics;
}

std::optional<double> correlation(const AvailabilitySeries& a, const AvailabilitySeries& b) {
  if (without_window(a) || without_window(b)) return std::nullopt;
  Window window{Time::min(), kNever};
  narrow(window, a);
  narrow(window, b);
  if (window.end <= window.begin) return std::nullopt;
  Duration only_a{0}, only_b{0}, both{0};
  const std::vector<Time> moments = moments_of(&a, &b, window);
  for (std::size_t i = 0; i < moments.size(); ++i) {
    const Time until = i + 1 < moments.size() ? moments[i + 1] : window.end;
    const bool in_a = value_at(a, moments[i]) == 1;
    const bool in_b = value_at(b, moments[i]) == 1;
    if (in_a && in_b) both += until - moments[i];
    if (in_a && !in_b) only_a += until - moments[i];
    if (in_b && !in_a) only_b += until - moments[i];
  }
  const double whole = to_hours(window.end - window.begin);
  const double p = to_hours(only_a + both) / whole;
  const double q = to_hours(only_b + both) / whole;
  const double spread = (p - p * p) * (q - q * q);  // written so that a with a gives exactly 1
  if (!(spread > 0)) return std::nullopt;
  return std::clamp((to_hours(both) / whole - p * q) / std::sqrt(spread), -1.0, 1.0);
}

std::optional<double> correlation(const PriceSeries& a, const PriceSeries& b) {
  if (without_window(a) || without_window(b)) return std::nullopt;
  Window window{Time::min(), kNever};
  narrow(window, a);
  narrow(window, b);
  if (window.end <= window.begin) return std::nullopt;
  const std::vector<Time> moments = moments_of(&a, &b, window);
  const auto each = [&](auto visit) {
    for (std::size_t i = 0; i < moments.size(); ++i) {
      const Time until = i + 1 < moments.size() ? moments[i + 1] : window.end;
      visit(to_hours(until - moments[i]), to_usd_per_hour(value_at(a, moments[i])),
            to_usd_per_hour(value_at(b, moments[i])));
    }
  };
  // Means first, then what is left about them: prices are close to each other and far from 0.
  const double whole = to_hours(window.end - window.begin);
  double mean_a = 0, mean_b = 0;
  each([&](double length, double x, double y) {
    mean_a += length / whole * x;
    mean_b += length / whole * y;
  });
  double together = 0, square_a = 0, square_b = 0;
  each([&](double length, double x, double y) {
    together += length * ((x - mean_a) * (y - mean_b));  // the same bits either way round
    square_a += length * (x - mean_a) * (x - mean_a);
    square_b += length * (y - mean_b) * (y - mean_b);
  });
  const double rounding = 1e-18 * whole;  // prices are exact to 1e-9 $/h
  if (!(square_a > rounding) || !(square_b > rounding)) return std::nullopt;
  return std::clamp(together / std::sqrt(square_a * square_b), -1.0, 1.0);
}

}  // namespace spotmix::sim
