#include "base/csv/csv_writer.h"
#include "base/text/exact.h"
#include "base/text/hex.h"
#include "reports/csv/tables.h"

namespace spotmix::reports {

void write_replications_csv(const std::vector<const Report*>& reports, std::ostream& out) {
  CsvWriter csv(out);
  for (const char* name : {"scenario", "mix", "replication", "finished", "time_to_train_s", "cost_usd",
                           "interruptions", "goodput", "fingerprint"}) {
    csv.text(name);
  }
  csv.end_row();
  for (const Report* report : reports) {
    for (const sim::MixResult& mix : report->batch.mixes) {
      for (std::size_t i = 0; i < mix.replications.size(); ++i) {
        const sim::ReplicationOutcome& outcome = mix.replications[i];
        csv.text(report->scenario).text(mix.name).number(i).exact(outcome.finished() ? "true" : "false");
        outcome.finished() ? csv.exact(exact_seconds(outcome.time_to_train)) : csv.unknown();
        csv.exact(exact_usd(outcome.cost)).number(outcome.interruptions).number(outcome.goodput);
        csv.text(hex_text(outcome.fingerprint)).end_row();
      }
    }
  }
}

}  // namespace spotmix::reports
