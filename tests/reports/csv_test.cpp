#include <sstream>

#include <catch2/catch.hpp>

#include "reports/csv/tables.h"
#include "tests/approval.h"
#include "tests/reports/sample.h"

using namespace spotmix;
using namespace spotmix::reports;
using namespace spotmix::tests;

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
