#include "base/csv/csv_writer.h"
#include "base/text/exact.h"
#include "base/text/text_values.h"
#include "reports/csv/tables.h"

namespace spotmix::reports {
namespace {

void write_event(const Report& report, const Replay& replay, const sim::TimelineEvent& event,
                 CsvWriter& csv) {
  csv.text(report.batch.mixes.at(replay.mix).name).number(replay.replication);
  csv.exact(format_time(event.at)).exact(exact_seconds(event.at - replay.record.start));
  csv.text(name_of(event.kind));
  const bool names_instance = event.instance != sim::kNoInstance;
  names_instance ? csv.number(event.instance) : csv.unknown();
  if (names_instance) {
    const PoolName& pool = report.pools.at(event.pool);
    csv.text(pool.instance_type).text(pool.zone);
  } else {
    csv.unknown().unknown();
  }
  const bool names_purchase = names_instance || event.kind == sim::TimelineKind::launch_failed;
  csv.text(names_purchase ? name_of(event.purchase) : "");
  csv.exact(exact_seconds(event.progress)).exact(exact_usd(event.cost)).end_row();
}

}  // namespace

void write_timeline_csv(const Report& report, std::ostream& out) {
  CsvWriter csv(out);
  for (const char* name : {"mix", "replication", "time_utc", "time_s", "event", "instance", "instance_type",
                           "zone", "purchase", "progress_s", "cost_usd"}) {
    csv.text(name);
  }
  csv.end_row();
  for (const Replay& replay : report.replays) {
    for (const sim::TimelineEvent& event : replay.record.timeline) write_event(report, replay, event, csv);
  }
}

}  // namespace spotmix::reports
