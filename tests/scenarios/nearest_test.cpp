#include "scenarios/nearest.h"

#include <catch2/catch.hpp>

using namespace spotmix::scenarios;

TEST_CASE("the edit distance counts inserts, deletes, replacements and swaps") {
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("cuont", "count") == 1);
  CHECK(edit_distance("P3.2XLARGE", "p3.2xlarge") == 0);
}

TEST_CASE("the nearest name is offered, and nothing where no name is near") {
  const std::vector<std::string> names{"p3.2xlarge", "p3.8xlarge", "c5.large"};
  CHECK(nearest_name("p3.2xlrage", names) == "p3.2xlarge");
  CHECK(nearest_name("c5large", names) == "c5.large");
  CHECK(nearest_name("zzzzzzzzzzzzzzzzzzzz", names).empty());
  CHECK(did_you_mean("p3.8xlarg", names) == "; did you mean \"p3.8xlarge\"?");
}

TEST_CASE("a long list of names is cut short and a long text fits a line") {
  const std::vector<std::string> many(100, "name");
  CHECK(one_of(many).ends_with("… (100 in all)"));
  CHECK(in_quotes(std::string(1000, 'x')).size() < 80);
}
