#include "base/csv/csv_writer.h"
#include "base/text/exact.h"
#include "base/text/text_values.h"
#include "reports/csv/tables.h"

namespace spotmix::reports {
namespace {

/// What the line is for: an instance in its pool, or the job as a whole.
void write_subject(const Report& report, const sim::BillLine& line, CsvWriter& csv) {
  if (line.instance == sim::kWholeJob) {
    csv.unknown().unknown().unknown().unknown();
    return;
  }
  const PoolName& pool = report.pools.at(line.pool);
  csv.number(line.instance).text(pool.instance_type).text(pool.zone).text(name_of(line.purchase));
}

void write_line(const Report& report, const Replay& replay, const sim::BillLine& line, CsvWriter& csv) {
  csv.text(report.batch.mixes.at(replay.mix).name).number(replay.replication).text(name_of(line.item));
  write_subject(report, line, csv);
  csv.exact(format_time(line.from)).exact(format_time(line.to)).exact(exact_seconds(line.quantity));
  csv.exact(exact_usd_per_hour(line.unit_price)).exact(exact_usd(line.amount)).end_row();
}

}  // namespace

void write_bill_csv(const Report& report, std::ostream& out) {
  CsvWriter csv(out);
  for (const char* name : {"mix", "replication", "item", "instance", "instance_type", "zone", "purchase",
                           "from_utc", "to_utc", "quantity_s", "unit_price_usd_per_h", "amount_usd"}) {
    csv.text(name);
  }
  csv.end_row();
  for (const Replay& replay : report.replays) {
    for (const sim::BillLine& line : replay.record.bill) write_line(report, replay, line, csv);
  }
}

}  // namespace spotmix::reports
