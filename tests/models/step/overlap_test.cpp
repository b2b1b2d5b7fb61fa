#include "models/step/overlap.h"

#include <random>

#include <catch2/catch.hpp>

using namespace spotmix::models;

namespace {

/// Layer by layer, without any formula.
struct Naive {
  double end_s = 0, busy_s = 0, bytes = 0;
};
Naive exchange_one_by_one(const std::vector<GradientRun>& runs, double bucket_bytes, double s_per_byte) {
  Naive result;
  double clock_s = 0, held = 0;
  const auto send = [&] {
    result.end_s = std::max(result.end_s, clock_s) + held * s_per_byte;
    result.busy_s += held * s_per_byte;
    result.bytes += held;
    held = 0;
  };
  for (const GradientRun& run : runs) {
    for (int i = 0; i < run.count; ++i) {
      clock_s += run.backward_s;
      held += run.bytes;
      if (held > 0 && held >= bucket_bytes) send();
    }
  }
  if (held > 0) send();
  return result;
}

}  // namespace

TEST_CASE("Buckets by formula are the buckets one by one") {
  std::mt19937 random(3);
  const auto up_to = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)) + 1; };
  for (int i = 0; i < 2000; ++i) {
    std::vector<GradientRun> runs;
    for (int run = up_to(6); run > 0; --run) {
      runs.push_back({up_to(20), up_to(100) * 1e-3, up_to(4) == 1 ? 0.0 : up_to(60) * 1.0});
    }
    const double bucket_bytes = up_to(150);
    const double s_per_byte = up_to(100) * 1e-5;
    const Naive expected = exchange_one_by_one(runs, bucket_bytes, s_per_byte);
    const Exchange found =
        exchange(fill_buckets(runs, bucket_bytes), [&](double bytes) { return bytes * s_per_byte; });
    REQUIRE(found.busy_s == Approx(expected.busy_s));
    REQUIRE(found.end_s == Approx(expected.end_s));
  }
}

TEST_CASE("One bucket without bounds is ready when backward ends") {
  const std::vector<GradientRun> backward{{24, 2e-3, 7e6}, {1, 1e-3, 90e6}, {3, 1e-3, 0}};
  const std::vector<BucketRun> buckets = fill_buckets(backward, INFINITY);
  REQUIRE(buckets.size() == 1);
  CHECK(buckets[0].count == 1);
  CHECK(buckets[0].first_ready_s == Approx(52e-3));
  CHECK(buckets[0].bytes == Approx(258e6));
}

TEST_CASE("Only the tail after backward is exposed when the link is fast") {
  // 10 layers of 1 s and 10 bytes; a bucket of 10 bytes takes 0.5 s: the last one alone is left.
  const Exchange found = exchange(fill_buckets({{10, 1, 10}}, 10), [](double bytes) { return bytes * 0.05; });
  CHECK(found.end_s == Approx(10.5));
  CHECK(found.busy_s == Approx(5));
}

TEST_CASE("Gathering hides behind the layer before where it is shorter") {
  const ShardedPass hidden = sharded_pass({{10, 1, 2, 0.5, 0.5}});
  CHECK(hidden.forward_s == Approx(10.5));
  CHECK(hidden.backward_s == Approx(0.5 + 20 + 0.5));
  CHECK(hidden.link_s == Approx(15));
  // A link slower than the layers sets the pace.
  const ShardedPass bound = sharded_pass({{10, 1, 2, 3, 3}});
  CHECK(bound.forward_s == Approx(10 * 3 + 1));
  CHECK(bound.backward_s >= 10 * (3 + 3));
}
