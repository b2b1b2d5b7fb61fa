// The registry of policies.
#include <set>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "sim/fleet/policy.h"

using namespace spotmix::sim;

TEST_CASE("Every policy goes by a name of its own and by its alias") {
  std::set<std::string_view> names;
  for (const PolicyEntry& entry : policies()) {
    CHECK(names.insert(entry.name).second);
    CHECK(find_policy(entry.name)->name == entry.name);
    if (entry.alias.empty()) continue;
    CHECK(names.insert(entry.alias).second);
    CHECK(find_policy(entry.alias)->name == entry.name);
  }
  CHECK(find_policy("strawman")->name == "greedy");
}

TEST_CASE("A policy is made by a known name only") {
  for (const PolicyEntry& entry : policies()) {
    PolicySpec spec;
    spec.name = entry.name;
    CHECK(make_policy(spec) != nullptr);
  }
  PolicySpec unknown;
  unknown.name = "gready";
  CHECK_THROWS_AS(make_policy(unknown), std::invalid_argument);
  CHECK(find_policy("") == nullptr);
}

TEST_CASE("A policy that buys neither spot nor on demand of its own is one that follows the groups") {
  CHECK_FALSE(find_policy("on_demand")->buys_spot);
  CHECK_FALSE(find_policy("spot_only")->buys_on_demand);
  CHECK(find_policy("fixed")->buys_spot);
  CHECK_FALSE(find_policy("fixed")->decides_purchase);
  for (const PolicyEntry& entry : policies()) {
    if (entry.watches_deadline) CHECK(entry.decides_purchase);
  }
}
