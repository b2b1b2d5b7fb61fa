#include <catch2/catch.hpp>

#include "bench/accuracy/report.h"
#include "bench/accuracy/score.h"
#include "bench/accuracy/table.h"

using namespace spotmix::accuracy;

TEST_CASE("a published table keeps commas and quotes inside its fields") {
  const Table table =
      Table("name,time_us,note\nring,12.5,\"tree, 1GB\"\r\n\"a \"\"b\"\"\",,C:\\x\n\n", "t.csv");
  REQUIRE(table.rows() == 2);
  CHECK(table.text(0, "note") == "tree, 1GB");
  CHECK(table.text(1, "name") == "a \"b\"");
  CHECK(table.text(1, "note") == "C:\\x");
  CHECK(table.number(0, "time_us") == 12.5);
  CHECK_FALSE(table.number(1, "time_us").has_value());
}

TEST_CASE("a table that cannot be read says where and what was expected") {
  CHECK_THROWS_WITH(Table("a,b\n1,2\n1\n", "t.csv"), "t.csv:3: found 1 fields, expected 2 as in the header");
  const Table table = Table("a,b\n1,fast\n", "t.csv");
  CHECK_THROWS_WITH(table.number(0, "b"), "t.csv:2: column 'b': found 'fast', expected a number");
  CHECK_THROWS_WITH(table.text(0, "c"), "t.csv: there is no column 'c'");
}

TEST_CASE("a score counts every row once and states its errors as fractions") {
  ScoreBuilder builder("t", "A100");
  builder.add(100.0, 110.0);
  builder.add(100.0, 80.0);
  builder.add(100.0, 100.0);
  builder.skip("no GPU count");
  const Score score = builder.finish();
  CHECK(score.rows == 4);
  CHECK(score.scored == 3);
  CHECK(*score.mape == Approx(0.1));
  CHECK(*score.median == Approx(0.1));
  CHECK(*score.p90 == Approx(0.18));
  CHECK(*score.worst == Approx(0.2));
  CHECK(*score.bias == Approx(-0.1 / 3.0));
  CHECK(score.skipped.at("no GPU count") == 1);
}

TEST_CASE("A subset without scored rows has null errors and not zero") {
  const std::string json = to_json(std::vector{ScoreBuilder("t", "ranks").finish()});
  CHECK(json.find("\"mape\": null") != std::string::npos);
  CHECK(json.find("\"rows\": 0") != std::string::npos);
}
