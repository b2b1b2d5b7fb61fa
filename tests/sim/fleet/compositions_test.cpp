#include "sim/fleet/compositions.h"

#include <catch2/catch.hpp>

using namespace spotmix::sim;

namespace {

Compositions::Entry entry(std::vector<int> counts, double speed) {
  return {std::move(counts), {speed}};
}

}  // namespace

TEST_CASE("A composition is known by its counts and what is not listed does not train") {
  const Compositions compositions({entry({2, 0}, 1), entry({0, 2}, 0.25), entry({1, 1}, 0)});
  const Compositions::Key first = compositions.one(0);
  const Compositions::Key second = compositions.one(1);
  CHECK(compositions.find(first + first)->speed == 1);
  CHECK(compositions.find(second + second)->speed == 0.25);
  CHECK(compositions.trains(second + second));
  CHECK_FALSE(compositions.trains(first + second));
  CHECK(compositions.find(first) == nullptr);
  CHECK(compositions.find(first + first + first) == nullptr);
  CHECK(compositions.find(first + first + second) == nullptr);
}

TEST_CASE("Part of a composition that trains leads to training") {
  const Compositions compositions({entry({2, 1}, 1), entry({0, 3}, 0)});
  const Compositions::Key first = compositions.one(0);
  const Compositions::Key second = compositions.one(1);
  CHECK(compositions.leads_to_training(0));
  CHECK(compositions.leads_to_training(first));
  CHECK(compositions.leads_to_training(first + second));
  CHECK(compositions.leads_to_training(first + first + second));
  CHECK_FALSE(compositions.leads_to_training(second + second));
  CHECK_FALSE(compositions.leads_to_training(first + first + first));
}

TEST_CASE("Keys hold eighty types of one instance and no more") {
  const auto of_types = [](std::size_t types) {
    std::vector<Compositions::Entry> entries;
    for (std::size_t t = 0; t < types; ++t) {
      entries.push_back(entry(std::vector<int>(types), 1));
      entries.back().counts[t] = 1;
    }
    return entries;
  };
  CHECK(Compositions::keys_fit(of_types(80)));
  CHECK_FALSE(Compositions::keys_fit(of_types(81)));
}
