#include "base/json/json_text.h"

#include <random>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace spotmix;
using nlohmann::json;
using nlohmann::ordered_json;

namespace {

std::string first_problem(const std::string& text) {
  const Problems problems = json_problems("file", text);
  return problems.empty() ? "none" : problems.front().where + ": " + problems.front().message;
}

/// A document of every type of value, at most `depth` deep.
ordered_json random_value(std::mt19937& random, int depth) {
  const auto below = [&](std::size_t limit) { return random() % limit; };
  switch (below(depth > 0 ? 8 : 6)) {
    case 0:
      return nullptr;
    case 1:
      return below(2) == 0;
    case 2:
      return -static_cast<std::int64_t>(random());
    case 3:
      return static_cast<std::uint64_t>(random()) << 32;
    case 4:
      return static_cast<double>(random()) / 7;
    case 5:
      return std::string(below(4), 'a') + "\"\\\n\x01é";
    case 6: {
      ordered_json list = ordered_json::array();
      for (std::size_t i = below(4); i > 0; --i) list.push_back(random_value(random, depth - 1));
      return list;
    }
    default: {
      ordered_json object = ordered_json::object();
      for (std::size_t i = below(4); i > 0; --i)
        object["key" + std::to_string(i)] = random_value(random, depth - 1);
      return object;
    }
  }
}

}  // namespace

TEST_CASE("Any document reads as another parser reads it", "[json]") {
  std::mt19937 random(13);
  for (int i = 0; i < 500; ++i) {
    const std::string text = random_value(random, 4).dump(i % 3 - 1);
    INFO(text);
    REQUIRE(parse_json("file", text).value == json::parse(text));
    REQUIRE(parse_document(text).dump() == ordered_json::parse(text).dump());
  }
}

TEST_CASE("A key that is given twice is reported with its path", "[json]") {
  CHECK(first_problem(R"({"mixes": [{"name": 1}, {"groups": [], "groups": {}}]})") ==
        "mixes[1].groups: found the key \"groups\" twice in one object, expected it once");
  CHECK(json_problems("file", R"({"a": 1, "a": 2, "b": {"c": 1, "c": 2}})").size() == 2);
  CHECK(json_problems("file", R"([{"a": 1}, {"a": 2}])").empty());
}

TEST_CASE("Text that is not JSON is reported with its line and column", "[json]") {
  CHECK(first_problem("{\n  \"a\": NaN\n}")
            .starts_with("line 2, column 8: found \"NaN\", expected valid JSON"));
  CHECK(first_problem("").starts_with("line 1, column 1: found the end of the file"));
  CHECK(first_problem("{\"a\": 1e999}") ==
        "line 1, column 11: found a number that is too large, expected one that a computer can hold");
  CHECK_THROWS_WITH(parse_document("{"), Catch::StartsWith("line 1, column 2: found the end of the file"));
}

TEST_CASE("Nesting beyond the limit is refused", "[json]") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(first_problem(nested(kDeepestNesting)) == "none");
  CHECK(first_problem(nested(kDeepestNesting + 1)) ==
        ": found objects or lists nested more than 32 deep, expected no more");
}

TEST_CASE("A path names keys after dots and items in brackets", "[json]") {
  CHECK(key_path("", "mixes") == "mixes");
  CHECK(key_path(item_path("mixes", 2), "name") == "mixes[2].name");
  CHECK(item_path("", 0) == "[0]");
}

TEST_CASE("A message shows values briefly", "[json]") {
  CHECK(shown(json("a\nb")) == "\"a\nb\"");
  CHECK(shown(json(std::string(70, 'x'))) == "\"" + std::string(60, 'x') + "…\"");
  CHECK(shown(json::array()) == "an empty list");
  CHECK(shown(json{{"a", 1}}) == "an object");
  CHECK(shown(ordered_json(1.5)) == "1.5");
}
