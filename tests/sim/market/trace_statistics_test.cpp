#include "sim/market/trace_statistics.h"

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "base/random/random.h"

using namespace spotmix;
using namespace spotmix::sim;

namespace {

/// Changes at random whole seconds of a window of `window_s` seconds that begins at `begin_s`.
template <class Value, class Draw>
Series<Value> random_series(RandomStream& random, int begin_s, int window_s, Draw draw) {
  Series<Value> series;
  for (int t = begin_s; t < begin_s + window_s; t += 1 + static_cast<int>(random.uniform() * 90)) {
    series.at.emplace_back(seconds{t});
    series.value.push_back(draw());
  }
  series.end = Time{seconds{begin_s + window_s}};
  return series;
}

CapacitySeries random_capacity(RandomStream& random, int begin_s, int window_s) {
  return random_series<int>(random, begin_s, window_s,
                            [&] { return static_cast<int>(random.uniform() * 2.2); });
}

PriceSeries random_prices(RandomStream& random, int begin_s, int window_s) {
  return random_series<HourlyPrice>(random, begin_s, window_s, [&] {
    return usd_per_hour(1 + static_cast<int>(random.uniform() * 8) / 10.0);
  });
}

/// What a clerk notes who looks once a second: the value of each second of the window.
template <class Value>
std::vector<Value> second_by_second(const Series<Value>& series, int from_s, int to_s) {
  std::vector<Value> notes;
  for (int t = from_s; t < to_s; ++t) notes.push_back(value_at(series, Time{seconds{t}}));
  return notes;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace

TEST_CASE("availability under a maximum price is what a look at every second finds") {
  for (std::uint64_t replication = 0; replication < 20; ++replication) {
    RandomStream random(7, replication, 0, Purpose::capacity_path);
    const CapacitySeries capacity = random_capacity(random, 100, 5000);
    const PriceSeries prices = random_prices(random, 400, 5000);
    const HourlyPrice max_price = usd_per_hour(1.4);
    const auto there = second_by_second(capacity, 400, 5100);
    const auto cost = second_by_second(prices, 400, 5100);
    int available_s = 0;
    int lost = 0;
    bool before = false;
    for (std::size_t i = 0; i < there.size(); ++i) {
      const bool now = there[i] > 0 && cost[i] <= max_price;
      available_s += now ? 1 : 0;
      lost += before && !now ? 1 : 0;
      before = now;
    }
    const AvailabilitySeries series = availability(&capacity, &prices, max_price);
    CHECK(series.begin() == Time{seconds{400}});
    CHECK(series.end == Time{seconds{5100}});
    CHECK(available_fraction(series).value() == Approx(available_s / 4700.0));
    CHECK(interruptions_per_hour(series).value() == Approx(lost * 3600.0 / available_s));
  }
}

TEST_CASE("price figures weigh each price by the time that it held") {
  for (std::uint64_t replication = 0; replication < 20; ++replication) {
    RandomStream random(8, replication, 0, Purpose::price_path);
    const PriceSeries prices = random_prices(random, 0, 6000);
    std::vector<HourlyPrice> notes = second_by_second(prices, 0, 6000);
    int changes = 0;
    std::vector<double> usd;
    for (std::size_t i = 0; i < notes.size(); ++i) {
      changes += i > 0 && notes[i] != notes[i - 1] ? 1 : 0;
      usd.push_back(to_usd_per_hour(notes[i]));
    }
    std::sort(notes.begin(), notes.end());
    const PriceStatistics found = price_statistics(prices).value();
    CHECK(found.min == notes.front());
    CHECK(found.p50 == notes[2999]);
    CHECK(found.p95 == notes[5699]);
    CHECK(found.max == notes.back());
    CHECK(found.mean_usd_per_h == Approx(mean(usd)));
    CHECK(found.changes_per_day == Approx(changes * 86400.0 / 6000));
  }
}

TEST_CASE("the correlation of two zones is that of what is noted every second of their common window") {
  for (std::uint64_t replication = 0; replication < 20; ++replication) {
    RandomStream random(9, replication, 0, Purpose::capacity_path);
    const CapacitySeries first = random_capacity(random, 0, 4000);
    const CapacitySeries second = random_capacity(random, 700, 4000);
    const AvailabilitySeries a = availability(&first, nullptr, std::nullopt);
    const AvailabilitySeries b = availability(&second, nullptr, std::nullopt);
    const auto x = second_by_second(a, 700, 4000);
    const auto y = second_by_second(b, 700, 4000);
    std::vector<double> xs(x.begin(), x.end()), ys(y.begin(), y.end()), products;
    for (std::size_t i = 0; i < x.size(); ++i) products.push_back(xs[i] * ys[i]);
    const double mx = mean(xs), my = mean(ys);
    const double expected = (mean(products) - mx * my) / std::sqrt(mx * (1 - mx) * my * (1 - my));
    CHECK(correlation(a, b).value() == Approx(expected).margin(1e-9));
    CHECK(correlation(b, a).value() == Approx(expected).margin(1e-9));
    CHECK(correlation(a, a).value() == Approx(1));
  }
}

TEST_CASE("the correlation of two prices is that of what is noted every second of their common window") {
  for (std::uint64_t replication = 0; replication < 10; ++replication) {
    RandomStream random(9, replication, 0, Purpose::price_path);
    const PriceSeries a = random_prices(random, 0, 3000);
    const PriceSeries b = random_prices(random, 500, 3000);
    std::vector<double> xs, ys, xx, yy, xy;
    const auto noted_a = second_by_second(a, 500, 3000);
    const auto noted_b = second_by_second(b, 500, 3000);
    for (std::size_t i = 0; i < noted_a.size(); ++i) {
      const double x = to_usd_per_hour(noted_a[i]);
      const double y = to_usd_per_hour(noted_b[i]);
      xs.push_back(x);
      ys.push_back(y);
      xx.push_back(x * x);
      yy.push_back(y * y);
      xy.push_back(x * y);
    }
    const double covariance = mean(xy) - mean(xs) * mean(ys);
    const double spread = std::sqrt((mean(xx) - mean(xs) * mean(xs)) * (mean(yy) - mean(ys) * mean(ys)));
    CHECK(*correlation(a, b) == Approx(covariance / spread).epsilon(1e-6).margin(1e-9));
    CHECK(*correlation(a, a) == Approx(1));
    CHECK(*correlation(a, b) == *correlation(b, a));
  }
  PriceSeries still;
  still.at = {Time{}};
  still.value = {usd_per_hour(1)};
  still.end = Time{hours{1}};
  CHECK_FALSE(correlation(still, still));
}

TEST_CASE("Run lengths count whole runs only and mark those at the edges of the window") {
  // 1 h yes, 2 h no, 3 h yes, 1 h no, 5 h yes.
  CapacitySeries capacity{{Time{}, Time{hours{1}}, Time{hours{3}}, Time{hours{6}}, Time{hours{7}}},
                          {1, 0, 4, 0, 1},
                          Time{hours{12}}};
  const std::vector<Run> runs = runs_of(availability(&capacity, nullptr, std::nullopt));
  REQUIRE(runs.size() == 5);
  CHECK((runs.front().began_before && !runs.front().cut_off));
  CHECK((runs.back().cut_off && !runs.back().began_before));
  CHECK(run_lengths(runs, true)->max == hours{3});
  const RunLengths gaps = run_lengths(runs, false).value();
  CHECK(gaps.min == hours{1});
  CHECK(gaps.p50 == hours{1});
  CHECK(gaps.max == hours{2});
  CHECK(gaps.mean_hours == Approx(1.5));
}

TEST_CASE("a change of how many instances there are is no interruption while some are left") {
  const CapacitySeries capacity{{Time{}, Time{hours{1}}, Time{hours{2}}}, {5, 2, 9}, Time{hours{4}}};
  const AvailabilitySeries series = availability(&capacity, nullptr, std::nullopt);
  CHECK(series.at.size() == 1);
  CHECK(interruptions_per_hour(series) == 0.0);
  CHECK(available_fraction(series) == 1.0);
}

TEST_CASE("A count is weighed by time and every instance that goes is a loss") {
  // 2 for an hour, 5 for three, 4 for two, 0 for two: 25 instance-hours in 8 hours, 3 added, 5 lost.
  const CapacitySeries counts{
      {Time{}, Time{hours{1}}, Time{hours{4}}, Time{hours{6}}}, {2, 5, 4, 0}, Time{hours{8}}};
  const auto statistics = count_statistics(counts);
  REQUIRE(statistics);
  CHECK(statistics->min == 0);
  CHECK(statistics->p50 == 4);
  CHECK(statistics->p95 == 5);
  CHECK(statistics->max == 5);
  CHECK(statistics->mean == Approx(25.0 / 8));
  CHECK(statistics->added == 3);
  CHECK(statistics->lost == 5);
  CHECK(*statistics->lost_per_instance_hour == Approx(5.0 / 25));
  const auto nothing = count_statistics({{Time{}}, {0}, Time{hours{1}}});
  REQUIRE(nothing);
  CHECK_FALSE(nothing->lost_per_instance_hour);
  CHECK_FALSE(count_statistics({}));
}

TEST_CASE("A price above the maximum by the last published digit does not interrupt", "[rule 5]") {
  const PriceSeries prices{{Time{}, Time{hours{1}}, Time{hours{2}}},
                           {usd_per_hour(9), usd_per_hour(9.0426), usd_per_hour(9.05)},
                           Time{hours{3}}};
  const AvailabilitySeries series = availability(nullptr, &prices, usd_per_hour(9.04259));
  CHECK(available_fraction(series).value() == Approx(2.0 / 3));
}

TEST_CASE("What a trace does not tell is unknown instead of zero") {
  const PriceSeries prices{{Time{}}, {usd_per_hour(1)}, Time{hours{3}}};
  const CapacitySeries none{{Time{}}, {0}, Time{hours{3}}};
  const CapacitySeries later{{Time{hours{9}}}, {1}, Time{hours{10}}};
  const AvailabilitySeries untold = availability(nullptr, &prices, std::nullopt);
  CHECK_FALSE(available_fraction(untold));
  CHECK_FALSE(interruptions_per_hour(untold));
  CHECK(runs_of(untold).empty());
  CHECK_FALSE(available_fraction(availability(&none, nullptr, usd_per_hour(1))));
  const AvailabilitySeries never = availability(&none, nullptr, std::nullopt);
  CHECK(available_fraction(never) == 0.0);
  CHECK_FALSE(interruptions_per_hour(never));
  CHECK_FALSE(run_lengths(runs_of(never), true));
  CHECK_FALSE(correlation(never, never));
  CHECK_FALSE(correlation(never, availability(&later, nullptr, std::nullopt)));
  CHECK_FALSE(price_statistics({}));
}
