// reference_cases CASES.csv DATA_DIR: replays the cases of two other simulators and says where we differ.
// Exit 0: every case within the price of one tick on demand, 95 % within a cent, 99 % of interruptions equal.
#include <cmath>
#include <cstdio>
#include <exception>

#include <fmt/format.h>

#include "tests/reference_cases/cases.h"

int main(int argc, char** argv) {
  using namespace spotmix;
  if (argc != 3) {
    fmt::print(stderr, "usage: reference_cases CASES.csv DATA_DIR\n");
    return 2;
  }
  try {
    auto cases = reference::read_cases(accuracy::Table::read(argv[1]));
    reference::TraceLibrary traces(argv[2]);
    std::size_t skipped = 0;
    std::size_t within_tick = 0;
    std::size_t within_cent = 0;
    std::size_t interruptions = 0;
    for (auto& wanted : cases) {
      if (!wanted) {
        ++skipped;
        continue;
      }
      const reference::TickTrace& trace = traces.get(*wanted);
      reference::fill_market(*wanted, trace);
      const reference::Answer got = reference::answer(*wanted);
      const double difference = std::abs(to_usd(got.cost) - wanted->cost_usd);
      const double tick_usd = to_usd(charge(trace.on_demand, wanted->tick));
      const bool same_count = got.interruptions == wanted->interruptions;
      within_tick += difference <= tick_usd + 1e-6 ? 1 : 0;
      within_cent += difference <= 0.01 ? 1 : 0;
      interruptions += same_count ? 1 : 0;
      if (difference <= 0.01 && same_count) continue;
      fmt::print("{} {} {}: cost {:.4f}, theirs {:.4f}; interruptions {}, theirs {}\n", wanted->id,
                 wanted->policy, wanted->trace, to_usd(got.cost), wanted->cost_usd, got.interruptions,
                 wanted->interruptions);
    }
    const std::size_t run = cases.size() - skipped;
    fmt::print("{} cases, {} within one tick, {} within 0.01 USD, {} interruptions equal, {} skipped\n",
               cases.size(), within_tick, within_cent, interruptions, skipped);
    const auto share = [run](std::size_t n) {
      return run == 0 ? 0.0 : static_cast<double>(n) / static_cast<double>(run);
    };
    return share(within_tick) >= 1 && share(within_cent) >= 0.95 && share(interruptions) >= 0.99 ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "reference_cases: {}\n", error.what());
    return 2;
  }
}
