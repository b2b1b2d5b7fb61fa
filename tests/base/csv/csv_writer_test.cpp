#include "base/csv/csv_writer.h"

#include <cmath>
#include <sstream>

#include <catch2/catch.hpp>

using namespace spotmix;

namespace {

std::string field(std::string_view text) {
  std::ostringstream out;
  CsvWriter csv(out);
  csv.text(text).end_row();
  std::string row = out.str();
  REQUIRE(row.ends_with("\r\n"));
  return row.substr(0, row.size() - 2);
}

}  // namespace

TEST_CASE("A field with a comma or a quote or a line end is quoted and its quotes are doubled", "[csv]") {
  CHECK(field("plain") == "plain");
  CHECK(field("a,b") == "\"a,b\"");
  CHECK(field("say \"hi\"") == "\"say \"\"hi\"\"\"");
  CHECK(field("two\nlines") == "\"two\nlines\"");
}

TEST_CASE("A name that a spreadsheet would run as a formula is neutralized", "[csv]") {
  CHECK(field("=cmd()") == "'=cmd()");
  CHECK(field("+1") == "'+1");
  CHECK(field("-1") == "'-1");
  CHECK(field("@SUM(A1)") == "'@SUM(A1)");
  CHECK(field("\t=1") == "'\t=1");
  CHECK(field("=1,\"2\"") == "\"'=1,\"\"2\"\"\"");
}

TEST_CASE("Numbers are written as the shortest decimals and unknown ones as empty fields", "[csv]") {
  std::ostringstream out;
  CsvWriter csv(out);
  csv.number(0.1).number(-2.0).number(std::nan("")).number(std::optional<double>()).number(7U).number(0.9F);
  csv.end_row();
  CHECK(out.str() == "0.1,-2,,,7,0.9\r\n");
}

TEST_CASE("An empty first field keeps its comma", "[csv]") {
  std::ostringstream out;
  CsvWriter csv(out);
  csv.unknown().number(1).end_row();
  CHECK(out.str() == ",1\r\n");
}
