#include "bench/accuracy/score.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/statistics/quantile.h"

namespace spotmix::accuracy {
namespace {

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

Score ScoreBuilder::finish() const {
  Score score;
  score.table = table_;
  score.subset = subset_;
  score.skipped = skipped_;
  score.details = details_;
  score.scored = signed_errors_.size();
  score.rows = score.scored;
  for (const auto& [reason, count] : skipped_) score.rows += count;
  if (signed_errors_.empty()) return score;

  std::vector<double> errors(signed_errors_.size());
  std::ranges::transform(signed_errors_, errors.begin(), [](double error) { return std::abs(error); });
  std::ranges::sort(errors);
  score.mape = mean(errors);
  score.median = quantile(errors, 0.5);
  score.p90 = quantile(errors, 0.9);
  score.worst = errors.back();
  score.bias = mean(signed_errors_);
  return score;
}

}  // namespace spotmix::accuracy
