#include <catch2/catch.hpp>

#include "gpu/collective/algorithms.h"
#include "gpu/collective/measure.h"
#include "gpu/collective/shared_region.h"

using namespace spotmix::gpu;

// time_all_reduce itself compares every element with the fp64 sum of all ranks and throws when one is wrong.
TEST_CASE("AllReduce sums over shared memory and over loopback around a ring and along a tree") {
  for (const Medium medium : {Medium::shared_memory, Medium::loopback}) {
    for (const char* algorithm : {"ring", "tree"}) {
      for (const int ranks : {1, 2, 3, 5}) {
        INFO(spotmix::name_of(medium) << ' ' << algorithm << ' ' << ranks);
        const auto timed = time_all_reduce(medium, algorithm, ranks, {4, 20, 4096, 1'200'004}, 0.0);
        REQUIRE(timed.size() == 4);
        for (const TimedAllReduce& sample : timed) {
          CHECK(sample.ranks == ranks);
          CHECK(sample.times.median_s > 0);
          CHECK(sample.times.count >= 5);
        }
      }
    }
  }
}

TEST_CASE("An algorithm that nobody knows is refused") {
  CHECK_THROWS_AS(time_all_reduce(Medium::shared_memory, "star", 2, {4096}, 0.0), std::invalid_argument);
}

TEST_CASE("A rank that fails ends the measurement instead of hanging it") {
  CHECK_THROWS_WITH(run_ranks(3,
                              [](int rank) {
                                if (rank == 1) throw std::runtime_error("no");
                                wait_for([] { return false; });
                              }),
                    "rank 1 of 3 failed");
}

TEST_CASE("The memory traffic of an AllReduce is counted by its formula") {
  CHECK(all_reduce_memory_bytes(2, 100.0) == 500.0);
  CHECK(all_reduce_memory_bytes(1, 100.0) == 0.0);
}
