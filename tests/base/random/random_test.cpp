// Random streams: the generator is the published one, streams are independent of each other's use, and the
// distributions are what they say.
#include "base/random/random.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include <Random123/philox.h>
#include <catch2/catch.hpp>

using spotmix::Purpose;
using spotmix::RandomStream;
using spotmix::reproducible_log;

TEST_CASE("the generator gives Random123's known answers for philox4x64-10") {
  using Block = std::array<std::uint64_t, 4>;
  struct Known {
    Block counter;
    std::array<std::uint64_t, 2> key;
    Block expected;
  };
  const std::uint64_t ones = ~std::uint64_t{0};
  // The digits of pi make the third counter and key.
  const std::vector<Known> known{
      {{0, 0, 0, 0},
       {0, 0},
       {0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b}},
      {{ones, ones, ones, ones},
       {ones, ones},
       {0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0}},
      {{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89},
       {0x452821e638d01377, 0xbe5466cf34e90c6c},
       {0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6}}};
  for (const Known& k : known) {
    const auto block = r123::Philox4x64{}({{k.counter[0], k.counter[1], k.counter[2], k.counter[3]}},
                                          {{k.key[0], k.key[1]}});
    for (std::size_t i = 0; i < 4; ++i) REQUIRE(block[i] == k.expected[i]);
  }
}

TEST_CASE("A stream is Philox keyed by seed and replication that counts blocks of its entity and purpose") {
  RandomStream stream(11, 22, 33, Purpose::boot_time);
  for (std::uint64_t block = 0; block < 3; ++block) {
    const auto expected =
        r123::Philox4x64{}({{block, 33, static_cast<std::uint64_t>(Purpose::boot_time), 0}}, {{11, 22}});
    for (std::size_t i = 0; i < 4; ++i) REQUIRE(stream.next_u64() == expected[i]);
  }
}

TEST_CASE("streams give the same numbers whatever the order in which they are used") {
  const auto stream = [](std::uint64_t entity) { return RandomStream(1, 2, entity, Purpose::interruption); };
  std::vector<std::vector<std::uint64_t>> one_by_one(5);
  for (std::uint64_t entity = 0; entity < 5; ++entity) {
    RandomStream s = stream(entity);
    for (int i = 0; i < 50; ++i) one_by_one[entity].push_back(s.next_u64());
  }
  std::vector<RandomStream> streams;
  for (std::uint64_t entity = 0; entity < 5; ++entity) streams.push_back(stream(entity));
  for (std::size_t i = 0; i < 50; ++i) {
    for (std::size_t entity = 5; entity-- > 0;) REQUIRE(streams[entity].next_u64() == one_by_one[entity][i]);
  }
}

TEST_CASE("Another seed or replication or entity or purpose makes another stream") {
  const std::uint64_t base = RandomStream(1, 2, 3, Purpose::placement).next_u64();
  CHECK(RandomStream(2, 2, 3, Purpose::placement).next_u64() != base);
  CHECK(RandomStream(1, 3, 3, Purpose::placement).next_u64() != base);
  CHECK(RandomStream(1, 2, 4, Purpose::placement).next_u64() != base);
  CHECK(RandomStream(1, 2, 3, Purpose::price_path).next_u64() != base);
}

TEST_CASE("Uniform numbers lie from 0 to below 1 and fill the interval evenly") {
  RandomStream stream(7, 0, 0, Purpose::start_time);
  constexpr int kDraws = 200'000;
  std::array<int, 20> bins{};
  for (int i = 0; i < kDraws; ++i) {
    const double u = stream.uniform();
    REQUIRE((u >= 0.0 && u < 1.0));
    ++bins[static_cast<std::size_t>(u * 20)];
  }
  double chi_square = 0;
  for (const int count : bins)
    chi_square += (count - kDraws / 20.0) * (count - kDraws / 20.0) / (kDraws / 20.0);
  CHECK(chi_square < 43.8);  // 99.9 % of the chi-square distribution with 19 degrees of freedom
}

TEST_CASE("below(n) gives each of n values equally often even where n does not divide 2^64") {
  RandomStream stream(8, 0, 0, Purpose::interruption_choice);
  for (int i = 0; i < 100; ++i) REQUIRE(stream.below(1) == 0);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70'000; ++i) ++counts[stream.below(7)];
  double chi_square = 0;
  for (const int count : counts) chi_square += (count - 10'000.0) * (count - 10'000.0) / 10'000.0;
  CHECK(chi_square < 22.5);  // 99.9 %, 6 degrees of freedom
  // With n = 3 · 2^62, taking the high half of the product alone would give values ≡ 2 (mod 3) half as often.
  const std::uint64_t n = std::uint64_t{3} << 62;
  std::array<int, 3> residues{};
  for (int i = 0; i < 30'000; ++i) {
    const std::uint64_t value = stream.below(n);
    REQUIRE(value < n);
    ++residues[value % 3];
  }
  for (const int count : residues) CHECK(std::abs(count - 10'000) < 330);  // four standard deviations
}

TEST_CASE("the logarithm is within one unit in the last place of the C library's") {
  RandomStream stream(9, 0, 0, Purpose::step_noise);
  double worst = 0;
  const auto check = [&worst](double x) {
    const long double exact = std::log(static_cast<long double>(x));
    const auto nearest = static_cast<double>(exact);
    const double ulp = std::nextafter(std::abs(nearest), INFINITY) - std::abs(nearest);
    worst = std::max(worst, static_cast<double>(std::abs(exact - reproducible_log(x)) / ulp));
  };
  for (int i = 0; i < 200'000; ++i) {
    check(1.0 - stream.uniform());
    check(std::ldexp(1.0 + stream.uniform(), static_cast<int>(stream.below(2000)) - 1000));
    check(1.0 + std::ldexp(stream.uniform() - 0.5, -static_cast<int>(stream.below(50))));
  }
  INFO("worst error in units in the last place: " << worst);
  CHECK(worst < 1.0);
  CHECK(reproducible_log(1.0) == 0.0);
  CHECK(reproducible_log(0x1p-53) == std::log(0x1p-53));
}

TEST_CASE("the logarithm and the exponential are pinned to the bit") {
  CHECK(std::bit_cast<std::uint64_t>(reproducible_log(0.1)) ==
        std::bit_cast<std::uint64_t>(-0x1.26bb1bbb55515p+1));
  RandomStream stream(1, 0, 0, Purpose::interruption);
  double sum = 0;
  for (int i = 0; i < 1000; ++i) sum += stream.exponential(3600.0);
  CHECK(std::bit_cast<std::uint64_t>(sum) == 0x414ac7bab929f8ae);
}

TEST_CASE("Exponential times have the mean and spread and median of their law") {
  RandomStream stream(10, 0, 0, Purpose::interruption);
  constexpr int kDraws = 200'000;
  double sum = 0;
  double sum_of_squares = 0;
  int below_median = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = stream.exponential(5.0);
    REQUIRE(x >= 0.0);
    REQUIRE(x <= 5.0 * 36.8);  // −log(2^-53) = 36.74
    sum += x;
    sum_of_squares += x * x;
    below_median += x < 5.0 * std::log(2.0) ? 1 : 0;
  }
  CHECK(sum / kDraws == Approx(5.0).epsilon(0.01));
  CHECK(sum_of_squares / kDraws == Approx(50.0).epsilon(0.03));
  CHECK(below_median / static_cast<double>(kDraws) == Approx(0.5).margin(0.005));
}
