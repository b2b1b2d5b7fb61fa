#include "reports/database/results_db.h"

#include <fstream>
#include <thread>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "reports/database/sqlite.h"
#include "reports/results/figures.h"
#include "tests/reports/sample.h"
#include "tests/scratch.h"

using namespace spotmix;
using namespace spotmix::reports;
using namespace spotmix::tests;
namespace fs = std::filesystem;

namespace {

struct TemporaryFile {
  Scratch folder;
  fs::path path = folder / "results.db";
};

std::string text(Database& database, const std::string& sql) {
  std::string answer;
  const auto keep = [](void* to, int, char** values, char**) {
    *static_cast<std::string*>(to) = values[0] == nullptr ? "NULL" : values[0];
    return 0;
  };
  REQUIRE(sqlite3_exec(database.get(), sql.c_str(), keep, &answer, nullptr) == SQLITE_OK);
  return answer;
}

}  // namespace

TEST_CASE("every figure in the database is that of the result") {
  const TemporaryFile file;
  const Report report = sample_with_replay();
  append_to_results_db(file.path, report);
  Database database(file.path);
  CHECK(database.integer("SELECT count(*) FROM run") == 1);
  CHECK(database.integer("SELECT count(*) FROM mix") == 4);
  for (const Metric& metric : metrics()) {
    INFO(metric.name);
    for (std::size_t i = 0; i < report.batch.mixes.size(); ++i) {
      const std::string stored = text(database, "SELECT value FROM metric WHERE metric = '" + metric.name +
                                                    "' AND mix = " + std::to_string(i));
      const auto value = metric.value(report.batch.mixes[i], report.steps[i]);
      CHECK((stored == "NULL") == !value);
      if (value) CHECK(std::stod(stored) == Approx(*value).epsilon(1e-14));
    }
  }
  CHECK(text(database, "SELECT mix FROM summary ORDER BY cost_usd_mean LIMIT 1 OFFSET 2") ==
        "spot across zones");
}

TEST_CASE("replications and bills are kept to the nano-dollar") {
  const TemporaryFile file;
  Report report = sample_with_replay();
  sim::BillLine storage = report.replays[0].record.bill[0];
  storage.instance = sim::kWholeJob;
  storage.item = sim::BillItem::storage;
  storage.amount = Money{7};
  report.replays[0].record.bill.push_back(storage);
  append_to_results_db(file.path, report);
  Database database(file.path);
  CHECK(database.integer("SELECT sum(cost_nano_usd) FROM replication WHERE mix = 0") == 2'469'000'000'001);
  CHECK(database.integer("SELECT count(*) FROM replication WHERE time_to_train_s IS NULL") == 1);
  CHECK(database.integer("SELECT sum(amount_nano_usd) FROM bill") ==
        report.replays[0].record.bill[0].amount.nano_usd + 7);
  CHECK(text(database, "SELECT zone FROM bill WHERE item = 'storage'") == "NULL");
}

TEST_CASE("two writers at once lose nothing") {
  const TemporaryFile file;
  const Report report = sample_report();
  const auto write = [&] {
    for (int i = 0; i < 20; ++i) append_to_results_db(file.path, report);
  };
  std::jthread other(write);
  write();
  other.join();
  Database database(file.path);
  CHECK(database.integer("SELECT count(*) FROM run") == 40);
  CHECK(database.integer("SELECT count(DISTINCT run) FROM mix") == 40);
}

TEST_CASE("names cannot break out of their column") {
  const TemporaryFile file;
  Report report = sample_report();
  report.batch.mixes[0].name = "'); DROP TABLE run; --";
  append_to_results_db(file.path, report);
  Database database(file.path);
  CHECK(text(database, "SELECT name FROM mix WHERE mix = 0") == "'); DROP TABLE run; --");
}

TEST_CASE("a file that is no database of ours is refused and left alone") {
  const TemporaryFile file;
  { Database(file.path).execute("CREATE TABLE other (x)"); }
  CHECK_THROWS_WITH(prepare_results_db(file.path),
                    Catch::Contains("found another program's database, expected one that spotmix made"));
  fs::remove(file.path);
  std::ofstream(file.path) << std::string(2000, 'x');
  CHECK_THROWS_AS(prepare_results_db(file.path), DatabaseError);
  CHECK_THROWS_AS(prepare_results_db(fs::path("/no/such/folder/results.db")), DatabaseError);
}
