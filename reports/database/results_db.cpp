#include "reports/database/results_db.h"

#include <chrono>
#include <sstream>
#include <string_view>

#include <fmt/format.h>

#include "base/text/exact.h"
#include "base/text/hex.h"
#include "base/text/text_values.h"
#include "reports/database/sqlite.h"
#include "reports/json/result_json.h"
#include "reports/results/figures.h"

namespace spotmix::reports {

std::string_view results_db_schema();

namespace {

constexpr std::int64_t kApplication = 0x73706d78;  // "spmx"; schema.sql sets it
constexpr std::int64_t kVersion = 1;

/// Everything between construction and commit() happens, or nothing of it. Other writers wait.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) { database_.execute("BEGIN IMMEDIATE"); }
  ~Transaction() {
    if (!done_) sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    database_.execute("COMMIT");
    done_ = true;
  }

 private:
  Database& database_;
  bool done_ = false;
};

/// Refuses a file that is not ours.
void require_ours(Database& database) {
  if (database.integer("PRAGMA application_id") != kApplication) {
    database.fail("found another program's database, expected one that spotmix made");
  }
  const std::int64_t version = database.integer("PRAGMA user_version");
  if (version != kVersion) {
    database.fail(fmt::format("found version {} of the results database, expected {}", version, kVersion));
  }
}

/// Within a transaction: makes the tables of a new file, and refuses a file that is not ours.
void require_schema(Database& database) {
  if (database.integer("SELECT count(*) FROM sqlite_schema") == 0) {
    database.execute(std::string(results_db_schema()));
  } else {
    require_ours(database);
  }
}

double usd(Money amount) {
  return nearest_usd(amount);
}

std::int64_t insert_run(Database& database, const Report& report) {
  std::ostringstream json;
  write_whole_result_json(report, json);
  const std::int64_t run = database.integer("SELECT coalesce(max(run), 0) + 1 FROM run");
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  Insert insert(database, "run", 10);
  insert.integer(run).text(format_time(now)).text(report.spotmix_version).text(report.scenario);
  insert.text(report.description).text(std::to_string(report.batch.seed));
  insert.integer(static_cast<std::int64_t>(report.batch.replications));
  insert.real(report.deadline ? std::optional(nearest_seconds(*report.deadline)) : std::nullopt);
  insert.real(report.budget ? std::optional(usd(*report.budget)) : std::nullopt);
  insert.text(json.str()).row();
  return run;
}

void insert_mixes(Database& database, std::int64_t run, const Report& report) {
  Insert mixes(database, "mix", 7);
  Insert figures(database, "metric", 4);
  for (std::size_t i = 0; i < report.batch.mixes.size(); ++i) {
    const sim::MixResult& mix = report.batch.mixes[i];
    const auto number = static_cast<std::int64_t>(i);
    mixes.integer(run).integer(number).text(mix.name).integer(feasible(mix) ? 1 : 0);
    mix.infeasible_reason ? mixes.text(*mix.infeasible_reason) : mixes.null();
    mixes.integer(feasible(mix) && mix.on_pareto_front ? 1 : 0);
    feasible(mix) ? mixes.text(hex_text(mix.fingerprint)) : mixes.null();
    mixes.row();
    for (const Metric& metric : metrics()) {
      figures.integer(run)
          .integer(number)
          .text(metric.name)
          .real(metric.value(mix, report.steps.at(i)))
          .row();
    }
  }
}

void insert_thresholds(Database& database, std::int64_t run, const Report& report) {
  Insert insert(database, "threshold", 7);
  for (const ThresholdResult& result : report.thresholds) {
    insert.integer(run).text(result.mix).text(result.metric).real(result.min).real(result.max);
    insert.real(result.value).integer(result.met ? 1 : 0).row();
  }
}

void insert_replications(Database& database, std::int64_t run, const Report& report) {
  Insert insert(database, "replication", 9);
  for (std::size_t i = 0; i < report.batch.mixes.size(); ++i) {
    const auto& outcomes = report.batch.mixes[i].replications;
    for (std::size_t r = 0; r < outcomes.size(); ++r) {
      const sim::ReplicationOutcome& outcome = outcomes[r];
      insert.integer(run).integer(static_cast<std::int64_t>(i)).integer(static_cast<std::int64_t>(r));
      insert.real(outcome.finished() ? std::optional(nearest_seconds(outcome.time_to_train)) : std::nullopt);
      insert.real(usd(outcome.cost)).integer(outcome.cost.nano_usd).integer(outcome.interruptions);
      insert.real(static_cast<double>(outcome.goodput)).text(hex_text(outcome.fingerprint)).row();
    }
  }
}

/// What the line is for: an instance in its pool, or the job as a whole.
void insert_subject(const Report& report, const sim::BillLine& line, Insert& insert) {
  if (line.instance == sim::kWholeJob) {
    insert.null().null().null().null();
    return;
  }
  const PoolName& pool = report.pools.at(line.pool);
  insert.integer(line.instance).text(pool.instance_type).text(pool.zone).text(name_of(line.purchase));
}

void insert_bills(Database& database, std::int64_t run, const Report& report) {
  Insert insert(database, "bill", 14);
  for (const Replay& replay : report.replays) {
    for (const sim::BillLine& line : replay.record.bill) {
      insert.integer(run).integer(static_cast<std::int64_t>(replay.mix));
      insert.integer(static_cast<std::int64_t>(replay.replication)).text(name_of(line.item));
      insert_subject(report, line, insert);
      insert.text(format_time(line.from)).text(format_time(line.to)).real(nearest_seconds(line.quantity));
      insert.real(to_usd_per_hour(line.unit_price))
          .real(usd(line.amount))
          .integer(line.amount.nano_usd)
          .row();
    }
  }
}

}  // namespace

void prepare_results_db(const std::filesystem::path& file) {
  Database database(file);
  Transaction transaction(database);
  require_schema(database);
  transaction.commit();
}

std::string stored_result(const std::filesystem::path& file, std::optional<std::uint64_t> run) {
  Database database(file, Database::Access::read);
  require_ours(database);
  const std::string which = run ? std::to_string(*run) : "(SELECT max(run) FROM run)";
  std::optional<std::string> result = database.text("SELECT result_json FROM run WHERE run = " + which);
  if (result) return std::move(*result);
  const std::int64_t runs = database.integer("SELECT count(*) FROM run");
  database.fail(run ? fmt::format("found no run {}, expected one of its {}", *run, runs)
                    : "found no run, expected a database that runs were appended to");
}

void append_to_results_db(const std::filesystem::path& file, const Report& report) {
  Database database(file);
  Transaction transaction(database);
  require_schema(database);
  const std::int64_t run = insert_run(database, report);
  insert_mixes(database, run, report);
  insert_thresholds(database, run, report);
  insert_replications(database, run, report);
  insert_bills(database, run, report);
  transaction.commit();
}

}  // namespace spotmix::reports
