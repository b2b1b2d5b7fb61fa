// sim against a simulator that looks at everything at every tick: the guard of all that makes sim fast or
// short.
#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/sim/naive/scenes.h"
#include "tests/sim/naive/world.h"

using namespace spotmix;
using namespace spotmix::sim;

namespace test = spotmix::sim::test;

namespace {

std::string line_text(const BillLine& line) {
  std::ostringstream out;
  out << name_of(line.item) << " instance " << static_cast<std::int64_t>(line.instance) << " pool "
      << line.pool << " bought " << static_cast<int>(line.purchase) << " from " << ticks_of(line.from)
      << " to " << ticks_of(line.to) << " charged " << line.quantity.count() << " at "
      << line.unit_price.nano_usd_per_h << " is " << line.amount.nano_usd;
  return out.str();
}

std::vector<std::string> sorted_lines(const std::vector<BillLine>& bill) {
  std::vector<std::string> lines;
  for (const BillLine& line : bill) lines.push_back(line_text(line));
  std::sort(lines.begin(), lines.end());
  return lines;
}

/// What the two disagree on, figure by figure and line by line; empty when they agree.
std::string differences(const test::Run& sim, const naive::Result& naive) {
  std::ostringstream out;
  const auto compare = [&](const char* what, std::int64_t a, std::int64_t b) {
    if (a != b) out << what << ": sim " << a << ", naive " << b << '\n';
  };
  compare("time to train", sim.outcome.time_to_train.count(),
          naive.time_to_train.value_or(Duration{-1}).count());
  compare("interruptions", sim.outcome.interruptions, naive.interruptions);
  const std::vector<const char*> causes{"useful",   "lost work", "checkpoint",
                                        "startup",  "waiting",   "unused commitment",
                                        "transfer", "storage",   "service fee"};
  auto cause = causes.begin();
  each_cause(sim.time, naive.time, [&](Duration a, Duration b) { compare(*cause++, a.count(), b.count()); });
  cause = causes.begin();
  each_cost_cause(sim.cost_by_cause, naive.cost_by_cause,
                  [&](Money a, Money b) { compare(*cause++, a.nano_usd, b.nano_usd); });
  const std::vector<const char*> purchases{"spot",        "on demand", "reserved",
                                           "service fee", "storage",   "transfer"};
  auto purchase = purchases.begin();
  Money cost;
  each_purchase(sim.cost_by_purchase, naive.cost_by_purchase, [&](Money a, Money b) {
    compare(*purchase++, a.nano_usd, b.nano_usd);
    cost += b;
  });
  compare("cost", sim.outcome.cost.nano_usd, cost.nano_usd);
  const auto theirs = sorted_lines(sim.record.bill);
  const auto ours = sorted_lines(naive.bill);
  for (const std::string& line : theirs) {
    if (!std::binary_search(ours.begin(), ours.end(), line)) out << "only sim bills " << line << '\n';
  }
  for (const std::string& line : ours) {
    if (!std::binary_search(theirs.begin(), theirs.end(), line)) out << "only naive bills " << line << '\n';
  }
  return out.str();
}

/// Compares scenes number 0 to `count`. SPOTMIX_SCENE=N in the environment replays one alone.
void compare_scenes(std::uint64_t count, const naive::Width& width) {
  const char* only = std::getenv("SPOTMIX_SCENE");
  const std::uint64_t first = only != nullptr ? std::strtoull(only, nullptr, 10) : 0;
  const std::uint64_t last = only != nullptr ? first + 1 : count;
  int finished = 0;
  int interrupted = 0;
  int wrong = 0;
  for (std::uint64_t number = first; number < last; ++number) {
    const naive::Scene scene = naive::SceneMaker(number, width).make();
    const test::Run sim = test::run(scene.experiment);
    const naive::Result naive = naive::World(scene.experiment, scene.tick).run();
    finished += sim.outcome.finished() ? 1 : 0;
    interrupted += sim.outcome.interruptions > 0 ? 1 : 0;
    const std::string different = differences(sim, naive);
    if (different.empty()) continue;
    ++wrong;
    if (wrong > 3) continue;
    UNSCOPED_INFO("SPOTMIX_SCENE=" << number << '\n' << naive::written_out(scene) << different);
    CHECK(different.empty());
  }
  if (only != nullptr) return;
  CHECK(wrong == 0);
  CHECK(finished > static_cast<int>(count / 4));
  CHECK(interrupted > static_cast<int>(count / 8));
}

}  // namespace

TEST_CASE("sim agrees with a tick-by-tick simulator on 1000 rigid gangs at any price and capacity") {
  compare_scenes(1'000, {});
}

TEST_CASE("sim agrees with a tick-by-tick simulator on 10000 markets and mixes and policies and bills") {
  naive::Width all;
  all.billing = all.checkpoints = all.policies = all.groups = all.gangs = all.notices = true;
  compare_scenes(10'000, all);
}

TEST_CASE("sim agrees with a tick-by-tick simulator on 10000 mixes whose speed depends on which types run") {
  naive::Width all;
  all.billing = all.checkpoints = all.policies = all.groups = all.gangs = all.notices = true;
  all.compositions = true;
  compare_scenes(10'000, all);
}
