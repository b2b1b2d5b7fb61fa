#include "reports/html/step_series.h"

#include <algorithm>

namespace spotmix::reports {

StepSeries overview(const StepSeries& series, std::size_t buckets) {
  const std::size_t size = series.at.size();
  if (size <= 2 * buckets) return series;
  StepSeries part;
  part.end = series.end;
  const auto keep = [&](std::size_t i) {
    if (!part.at.empty() && part.at.back() >= series.at[i]) return;
    part.at.push_back(series.at[i]);
    part.value.push_back(series.value[i]);
  };
  const Time begin = series.at.front();
  const Duration width = (series.end - begin) / static_cast<std::int64_t>(buckets) + Duration{1};
  const auto bucket_of = [&](std::size_t i) { return (series.at[i] - begin) / width; };
  keep(0);
  for (std::size_t first = 0; first < size;) {
    std::size_t low = first;
    std::size_t high = first;
    std::size_t next = first;
    for (; next < size && bucket_of(next) == bucket_of(first); ++next) {
      if (series.value[next] < series.value[low]) low = next;
      if (series.value[next] > series.value[high]) high = next;
    }
    keep(std::min(low, high));
    keep(std::max(low, high));
    first = next;
  }
  keep(size - 1);
  return part;
}

StepSummary summary_of(const StepSeries& series) {
  StepSummary summary;
  const auto [least, most] = std::minmax_element(series.value.begin(), series.value.end());
  summary.least = static_cast<double>(*least);
  summary.most = static_cast<double>(*most);
  summary.mean = static_cast<double>(series.value.front());
  summary.changes = series.at.size() - 1;
  double sum = 0;
  double positive = 0;
  for (std::size_t i = 0; i < series.at.size(); ++i) {
    const Time until = i + 1 < series.at.size() ? series.at[i + 1] : series.end;
    const double lasted = to_seconds(until - series.at[i]);
    sum += lasted * static_cast<double>(series.value[i]);
    if (series.value[i] > 0) positive += lasted;
  }
  const double total = to_seconds(series.end - series.at.front());
  if (total <= 0) {
    summary.positive = series.value.front() > 0 ? 1 : 0;
    return summary;
  }
  summary.mean = sum / total;
  summary.positive = positive / total;
  return summary;
}

}  // namespace spotmix::reports
