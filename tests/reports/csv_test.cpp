#include "reports/csv/csv.h"

#include <cmath>
#include <sstream>

#include <catch2/catch.hpp>

#include "reports/csv/tables.h"
#include "tests/approval.h"
#include "tests/reports/sample.h"

using namespace spotmix;
using namespace spotmix::reports;
using namespace spotmix::tests;

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

TEST_CASE("a field with a comma, quote or line end is quoted, its quotes doubled (RFC 4180)") {
  CHECK(field("plain") == "plain");
  CHECK(field("a,b") == "\"a,b\"");
  CHECK(field("say \"hi\"") == "\"say \"\"hi\"\"\"");
  CHECK(field("two\nlines") == "\"two\nlines\"");
}

TEST_CASE("a name that a spreadsheet would run as a formula is neutralised") {
  CHECK(field("=cmd()") == "'=cmd()");
  CHECK(field("+1") == "'+1");
  CHECK(field("-1") == "'-1");
  CHECK(field("@SUM(A1)") == "'@SUM(A1)");
  CHECK(field("\t=1") == "'\t=1");
  CHECK(field("=1,\"2\"") == "\"'=1,\"\"2\"\"\"");
}

TEST_CASE("numbers are the shortest decimals; what is unknown or not finite is an empty field") {
  std::ostringstream out;
  CsvWriter csv(out);
  csv.number(0.1).number(-2.0).number(std::nan("")).number(std::optional<double>()).number(7U).number(0.9F);
  csv.end_row();
  CHECK(out.str() == "0.1,-2,,,7,0.9\r\n");
}

TEST_CASE("a table's first empty field keeps its comma") {
  std::ostringstream out;
  CsvWriter csv(out);
  csv.unknown().number(1).end_row();
  CHECK(out.str() == ",1\r\n");
}

TEST_CASE("summary.csv and replications.csv are as approved") {
  const Report report = sample_report();
  std::ostringstream summary;
  write_summary_csv({&report}, summary);
  require_approved("reports/summary.csv", summary.str());
  std::ostringstream replications;
  write_replications_csv({&report}, replications);
  require_approved("reports/replications.csv", replications.str());
}

TEST_CASE("the timeline and the bill of one replication are as approved") {
  std::ostringstream timeline;
  write_timeline_csv(sample_with_replay(), timeline);
  require_approved("reports/timeline.csv", timeline.str());
  std::ostringstream bill;
  write_bill_csv(sample_with_replay(), bill);
  require_approved("reports/bill.csv", bill.str());
}
