#include "sim/billing/causes.h"

#include <catch2/catch.hpp>

using namespace spotmix;
using namespace spotmix::sim;

TEST_CASE("A cost is split by cause in proportion to time") {
  CauseCost cost;
  CauseTime time;
  time.useful = hours{3};
  time.startup = hours{1};
  add_by_cause(cost, from_usd(8), time);
  CHECK(cost.useful == from_usd(6));
  CHECK(cost.startup == from_usd(2));
}

TEST_CASE("The parts of a split cost sum to the whole to the nano-dollar") {
  CauseCost cost;
  CauseTime time;
  time.useful = seconds{1};
  time.lost_work = seconds{1};
  time.checkpoint = seconds{1};
  add_by_cause(cost, Money{100}, time);
  CHECK(total(cost) == Money{100});
  CHECK(cost.lost_work == Money{33});
  CHECK(cost.useful == Money{34});
}

TEST_CASE("What an instance costs that ran for no time at all counts as waiting") {
  CauseCost cost;
  add_by_cause(cost, Money{60}, CauseTime{});
  CHECK(cost.waiting == Money{60});
}
