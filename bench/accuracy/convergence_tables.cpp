// Scores h_epochs_vs_batch_rcp: how much training the target takes at each global batch.
//
// The measured figure is the median of the runs, because single runs of the source are wrong by a digit.
// Cross-validated: each benchmark's curve is fitted without one fold of its batches, which is then scored.
#include <algorithm>
#include <map>

#include "bench/accuracy/folds.h"
#include "bench/accuracy/registry.h"
#include "bench/accuracy/training_rows.h"
#include "models/convergence/convergence.h"

namespace spotmix::accuracy {
namespace {

constexpr const char* kTable = "h_epochs_vs_batch_rcp";
constexpr double kGpt3SequenceTokens = 2048;

struct Point {
  models::ConvergencePoint point;
  std::string label;
  unsigned fold = 0;
};

/// The points of every benchmark that has a curve; the others are counted in `score`.
std::map<std::string, std::vector<Point>> points_of(const Table& table, ScoreBuilder& score) {
  std::map<std::string, std::vector<Point>> points;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string& benchmark = table.text(row, "benchmark");
    if (models::find_convergence(benchmark) == nullptr) {
      score.skip("no curve: the points of " + benchmark + " have one batch or different targets");
      continue;
    }
    if (benchmark == "ssd" && contains(table.text(row, "rounds"), "training_1.")) {
      score.skip("SSD before round 2.0 had another data set and target");
      continue;
    }
    const auto batch = table.number(row, "global_batch");
    auto amount = table.number(row, "median");
    if (!batch || !amount) {
      score.skip("the row lacks its batch or result");
      continue;
    }
    if (benchmark == "gpt3") *amount /= kGpt3SequenceTokens;  // the table counts tokens
    const double mean = table.number(row, "mean").value_or(*amount);
    const double spread = mean > 0 ? table.number(row, "stdev").value_or(0) / mean : 0;
    const std::string label = benchmark + " at " + table.text(row, "global_batch");
    points[benchmark].push_back({{*batch, *amount, spread}, label, fold_of_text(label)});
  }
  return points;
}

/// The curve without what is left out with one fold; the shipped one where no two batches are left to fit on.
models::ConvergenceCurve curve_without(const std::vector<Point>& points, unsigned fold, Fit fit,
                                       const models::ConvergenceCurve& shipped) {
  std::vector<models::ConvergencePoint> use;
  for (const Point& point : points) {
    if (!is_left_out(fit, point.fold, fold)) use.push_back(point.point);
  }
  if (use.size() < 2) return shipped;
  return models::fit_convergence(shipped.benchmark, shipped.unit, use);
}

}  // namespace

std::vector<Score> score_convergence(const DataDirectory& data, Fit fit) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return {};
  ScoreBuilder score(kTable, "");
  for (const auto& [benchmark, points] : points_of(*table, score)) {
    const models::ConvergenceCurve& shipped = *models::find_convergence(benchmark);
    for (const Point& point : points) {
      const models::ConvergenceCurve curve =
          fit == Fit::shipped ? shipped : curve_without(points, point.fold, fit, shipped);
      score.add(point.point.amount, models::training_need(curve, point.point.global_batch).amount,
                point.label);
    }
  }
  return {score.finish()};
}

}  // namespace spotmix::accuracy
