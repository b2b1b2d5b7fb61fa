#include "base/text/apart.h"

#include <set>

#include <catch2/catch.hpp>

#include "base/text/width.h"

using namespace spotmix;

namespace {

using Names = std::vector<std::string>;

void check_apart(const Names& names, std::size_t width) {
  const Names cut = shortened_apart(names, width);
  REQUIRE(cut.size() == names.size());
  CHECK(std::set<std::string>(cut.begin(), cut.end()).size() ==
        std::set<std::string>(names.begin(), names.end()).size());
  for (const std::string& name : cut) {
    INFO(name);
    CHECK(display_width(name) <= width);
  }
}

}  // namespace

TEST_CASE("Names that fit stay as they are and a long one loses its middle") {
  CHECK(shortened_apart({"on demand", "spot"}, 9) == Names{"on demand", "spot"});
  CHECK(shortened_apart({"spot across zones in us-east-1", "on demand"}, 12) ==
        Names{"spot a…ast-1", "on demand"});
  CHECK(shortened_apart({"spot across zones in us-east-1"}, 12) == Names{"spot a…ast-1"});
  CHECK(shortened_apart({}, 12).empty());
}

TEST_CASE("What most names have in common is cut before what tells them apart") {
  Names names{"on demand"};
  for (const char* interval : {"10", "20", "30"}) {
    for (const char* count : {"16", "32"})
      names.push_back("p5.48xlarge in us-east-1, on spot, count " + std::string(count) + ", interval " +
                      interval + " min");
  }
  const Names cut = shortened_apart(names, 30);
  CHECK(cut[0] == "on demand");
  CHECK(cut[1] == "…count 16, interval 10 min");
  CHECK(cut[6] == "…count 32, interval 30 min");
  for (const std::size_t width : {12UL, 16UL, 20UL, 40UL}) check_apart(names, width);
  CHECK(shortened_apart({"spot in zone a until it is done", "spot in zone b until it is done"}, 16)[0] ==
        "…zone a until…");
}

TEST_CASE("Words that were cut come back where there is room for them") {
  Names names;
  for (const char* type : {"p4d.24xlarge", "p5.48xlarge", "p4de.24xlarge"}) {
    names.push_back("1 x " + std::string(type) + " on demand");
    for (const char* percent : {"10", "12.5", "15"})
      names.push_back("1 x " + std::string(type) + " spot (" + percent + " %/month)");
  }
  CHECK(shortened_apart(names, 24)[1] == "…p4d.24xlarge spot (10…");
  for (const std::size_t width : {16UL, 20UL, 24UL, 28UL}) check_apart(names, width);
}

TEST_CASE("Names that differ in their middle alone are cut elsewhere") {
  const Names names{"one-long-word-16-without-any-space", "one-long-word-32-without-any-space", "other"};
  check_apart(names, 14);
  const Names cut = shortened_apart(names, 14);
  CHECK(cut[0].find("16") != std::string::npos);
  CHECK(cut[1].find("32") != std::string::npos);
  check_apart({"数数数数数数甲数数数数数", "数数数数数数乙数数数数数"}, 9);
  check_apart({"a x " + std::string(20, 'q'), "a y " + std::string(20, 'q'), "b x " + std::string(20, 'q'),
               "b y " + std::string(20, 'q')},
              10);
}

TEST_CASE("Equal names stay equal") {
  const Names cut = shortened_apart({"twice the same long name", "twice the same long name"}, 10);
  CHECK(cut[0] == cut[1]);
}
