// Catch2's main, compiled once for all test programs, and a case that each of them runs.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

// CMake's lists end entries at semicolons, Catch2's test specifications know brackets, commas, quotes and
// backslashes, and a name that begins with a dash is an option.
TEST_CASE("Every name of a case is one that ctest and Catch2 pass on unchanged", "[house]") {
  for (const Catch::TestCase& test : Catch::getAllTestCasesSorted(*Catch::getCurrentContext().getConfig())) {
    INFO(test.name);
    CHECK(test.name.find_first_of("[];,\"\\*~") == std::string::npos);
    CHECK(test.name.front() != '-');
  }
}
