#include "base/json/node.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace spotmix;

namespace {

const Node::Json kDocument = parse_document(R"({
  "name": "two mixes", "seed": 42, "budget_usd": 12.5, "quiet": true, "note": null, "offset": -3,
  "mixes": [{"zones": ["a", 7]}, 5],
  "late": "2023-02-30", "instant_h": 1e-20, "hours": 1.5, "beyond_h": 1e300, "half": 0.5, "huge": 1e17
})");

}  // namespace

TEST_CASE("A strict reader returns values of the type that it asks for", "[json]") {
  const Node node(kDocument);
  CHECK(node.at("name").text() == "two mixes");
  CHECK(node.at("seed").natural() == 42);
  CHECK(node.at("seed").count() == 42);
  CHECK(node.at("offset").integer() == -3);
  CHECK(node.at("budget_usd").number() == 12.5);
  CHECK(node.at("quiet").flag());
  CHECK(node.at("mixes").items().at(0).at("zones").items().at(1).path() == "mixes[0].zones[1]");
  CHECK(node.members().at(2).first == "budget_usd");
  CHECK(node.members().at(2).second.path() == "budget_usd");
  CHECK_FALSE(node.find("note"));
  CHECK_FALSE(node.find("deadline_h"));
}

TEST_CASE("A strict reader throws with the path and what was found and expected", "[json]") {
  const Node node(kDocument);
  CHECK_THROWS_WITH(node.at("deadline_h"), "found no \"deadline_h\", expected one");
  CHECK_THROWS_WITH(node.at("name").number(), "name: found \"two mixes\", expected a number");
  CHECK_THROWS_WITH(node.at("offset").natural(), "offset: found -3, expected a whole number from 0");
  CHECK_THROWS_WITH(node.at("half").integer(), "half: found 0.5, expected a whole number");
  CHECK_THROWS_WITH(node.at("mixes").text(), "mixes: found a list, expected a text");
  CHECK_THROWS_WITH(node.at("mixes").items()[1].at("zones"), "mixes[1]: found 5, expected an object");
  CHECK_THROWS_WITH(node.at("note").flag(), "note: found null, expected true or false");
  CHECK_THROWS_AS(node.items(), BadDocument);
}

TEST_CASE("A strict reader refuses whole numbers that do not fit", "[json]") {
  const Node::Json large = parse_document("[18446744073709551615, 1000000001]");
  const std::vector<Node> items = Node(large).items();
  CHECK(items[0].natural() == 18446744073709551615U);
  CHECK_THROWS_AS(items[0].integer(), BadDocument);
  CHECK_THROWS_WITH(items[1].count(), "[1]: found 1000000001, expected at most 1000000000");
}

TEST_CASE("A lenient reader takes another type for a missing field", "[json]") {
  Problems problems;
  const std::string file = "file";
  const Node node(kDocument, file, problems);
  CHECK(node.string("name") == "two mixes");
  CHECK_FALSE(node.number("name"));
  CHECK_FALSE(node.string("seed"));
  CHECK_FALSE(node.boolean("deadline_h"));
  CHECK(node.integer<int>("offset") == -3);
  CHECK(node.integer<std::uint64_t>("seed") == 42U);
  CHECK(node.integer("hours") == 1);
  CHECK_FALSE(node.integer("huge"));
  CHECK(node.duration("hours", hours{1}) == minutes{90});
  CHECK_FALSE(node.duration("beyond_h", hours{1}));
  CHECK(node.price("hours") == usd_per_hour(1.5));
  CHECK(node.strings("name") == std::vector<std::string>{"two mixes"});
  CHECK(node.objects("mixes").at(0).strings("zones") == std::vector<std::string>{"a", ""});
  CHECK(node.objects("mixes").at(1).keys().empty());
  CHECK(node.objects("mixes").at(1).path() == "mixes[1]");
  CHECK(node.object("name").path() == "name");
  CHECK(node.has("note"));
  CHECK(problems.empty());
}

TEST_CASE("A lenient reader collects what a schema cannot see", "[json]") {
  Problems problems;
  const std::string file = "file";
  const Node node(kDocument, file, problems);
  CHECK_FALSE(node.time("late"));
  CHECK_FALSE(node.duration("instant_h", hours{1}));
  REQUIRE(problems.size() == 2);
  CHECK(to_line(problems[0]) ==
        "file: late: found \"2023-02-30\", expected a time from 1970 to 2199 such as "
        "\"2023-02-15T22:08:16Z\"");
  CHECK(to_line(problems[1]) == "file: instant_h: found 1e-20, expected 0 or at least a nanosecond");
}

TEST_CASE("A lenient reader collects what its caller finds wrong with a member", "[json]") {
  Problems problems;
  const std::string file = "file";
  const Node mix = Node(kDocument, file, problems).objects("mixes").front();
  CHECK(mix.is_list("zones"));
  CHECK(mix.is_null("name"));
  mix.report_unexpected("zones", "a text");
  mix.report_unexpected("name", "a text");
  mix.report("", "found no group, expected one");
  REQUIRE(problems.size() == 3);
  CHECK(to_line(problems[0]) == "file: mixes[0].zones: found a list, expected a text");
  CHECK(to_line(problems[1]) == "file: mixes[0].name: found nothing, expected a text");
  CHECK(to_line(problems[2]) == "file: mixes[0]: found no group, expected one");
}
