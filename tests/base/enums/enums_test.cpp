#include "base/enums/enums.h"

#include <catch2/catch.hpp>

namespace meals {

enum class Fruit { apple, pear, plum };
constexpr auto enum_names(Fruit) {
  using enum Fruit;
  return spotmix::enum_table<Fruit>({{apple, "apple"}, {pear, "pear"}, {plum, "plum", "prune"}});
}

struct Table {
  enum class Seat { taken, reserved, free };
};
/// A reserved seat is spelled by its guest.
constexpr auto enum_names(Table::Seat) {
  using enum Table::Seat;
  return spotmix::partial_enum_table<Table::Seat>({{taken, "taken"}, {free, "free"}});
}

}  // namespace meals

namespace spotmix {
namespace {

using meals::Fruit;
using Seat = meals::Table::Seat;

TEST_CASE("Every value of an enum reads back from its name") {
  for (const Fruit fruit : values_of<Fruit>()) CHECK(parse_enum<Fruit>(name_of(fruit)) == fruit);
  for (const Seat seat : values_of<Seat>()) CHECK(parse_enum<Seat>(name_of(seat)) == seat);
}

TEST_CASE("A text that is not a name of the enum is not a value") {
  CHECK_FALSE(parse_enum<Fruit>("Apple"));
  CHECK_FALSE(parse_enum<Fruit>(""));
  CHECK_FALSE(parse_enum<Fruit>("pea"));
  CHECK_FALSE(parse_enum<Seat>("reserved"));
}

TEST_CASE("An alias is read and never written") {
  CHECK(parse_enum<Fruit>("prune") == Fruit::plum);
  CHECK(name_of(Fruit::plum) == "plum");
  CHECK(names_of<Fruit>() == std::vector<std::string>{"apple", "pear", "plum"});
}

TEST_CASE("The compiler tells enumerators from other values") {
  static_assert(is_enumerator<Fruit, Fruit::plum>());
  static_assert(!is_enumerator<Fruit, static_cast<Fruit>(3)>());
  static_assert(is_enumerator<Seat, Seat::reserved>());
  static_assert(!is_enumerator<Seat, static_cast<Seat>(3)>());
}

}  // namespace
}  // namespace spotmix
