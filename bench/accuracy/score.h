// How well a model meets one subset of one published table.
//
// An error is |predicted − measured| ÷ measured, a fraction; the bias keeps its sign (positive: too slow).
// Every row of the subset is either scored or skipped with a reason that names what the row or the model
// lacks.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace spotmix::accuracy {

/// One scored row, for whoever looks for the cause of an error.
struct ScoredRow {
  std::string label;  ///< What tells the row from the others of its table.
  double measured = 0;
  double predicted = 0;
};

struct Score {
  std::string table;   ///< The file's name without ".csv".
  std::string subset;  ///< As the table of marks words it; empty where it names none.
  std::size_t rows = 0;
  std::size_t scored = 0;
  std::map<std::string, std::size_t> skipped;  ///< Rows by reason.
  std::optional<double> mape;                  ///< Mean of the errors.
  std::optional<double> median;
  std::optional<double> p90;
  std::optional<double> worst;
  std::optional<double> bias;    ///< Mean of the signed errors.
  std::optional<double> regret;  ///< Time lost by the configuration the model would have chosen, a fraction.
  std::optional<bool> order_correct;  ///< Whether the model puts the rows in their measured order.
  std::vector<ScoredRow> details;     ///< The scored rows that have a label, in the order of the table.
};

/// Collects the rows of one subset. `measured` must be positive.
class ScoreBuilder {
 public:
  ScoreBuilder(std::string table, std::string subset)
      : table_(std::move(table)), subset_(std::move(subset)) {}
  void add(double measured, double predicted, std::string label = {}) {
    signed_errors_.push_back((predicted - measured) / measured);
    if (!label.empty()) details_.push_back({std::move(label), measured, predicted});
  }
  void skip(const std::string& reason) { ++skipped_[reason]; }
  /// Quantiles interpolate linearly between order statistics.
  Score finish() const;

 private:
  std::string table_;
  std::string subset_;
  std::vector<double> signed_errors_;
  std::map<std::string, std::size_t> skipped_;
  std::vector<ScoredRow> details_;
};

}  // namespace spotmix::accuracy
