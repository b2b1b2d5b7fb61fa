#include "reports/baseline/sampled.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "sim/batch/statistics.h"

namespace spotmix::reports {
namespace {

constexpr int kResamples = 200;
constexpr std::uint64_t kStream = 0x5eed'ba5e;
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

using sim::ReplicationOutcome;
using Outcomes = std::vector<ReplicationOutcome>;

template <class Counts>
double share(const Sample& sample, bool known, Counts counts) {
  if (!known) return kUnknown;
  const auto hits = std::count_if(sample.replications.begin(), sample.replications.end(), counts);
  return static_cast<double>(hits) / static_cast<double>(sample.replications.size());
}

/// Of the values that a replication has one of.
template <class Value>
std::optional<sim::SampleSummary> summary(const Sample& sample, Value value_of) {
  std::vector<double> values;
  values.reserve(sample.replications.size());
  for (const ReplicationOutcome& outcome : sample.replications) {
    const double value = value_of(outcome);
    if (!std::isnan(value)) values.push_back(value);
  }
  if (values.empty()) return std::nullopt;
  std::vector<double> scratch;
  return sim::summarize(values, scratch);
}

void resample(const Sample& sample, const std::vector<std::size_t>& chosen, Outcomes& into) {
  into.clear();
  for (const std::size_t i : chosen) into.push_back(sample.replications[i]);
}

/// Numbers below `size`, as many: the multiplication method; its bias is below 2^-40 for any size that fits.
void draw(std::mt19937_64& random, std::size_t size, std::vector<std::size_t>& chosen) {
  __extension__ using Wide = unsigned __int128;
  chosen.resize(size);
  for (std::size_t& i : chosen) i = static_cast<std::size_t>((Wide{random()} * size) >> 64);
}

}  // namespace

SampledFigures figures_of(const Sample& sample) {
  SampledFigures figures;
  figures.fill(kUnknown);
  if (sample.replications.empty()) return figures;
  if (const auto time = summary(sample, [](const ReplicationOutcome& o) {
        return o.finished() ? to_seconds(o.time_to_train) : kUnknown;
      })) {
    figures[0] = time->mean;
    figures[1] = time->p05;
    figures[2] = time->p50;
    figures[3] = time->p95;
  }
  const auto cost = summary(sample, [](const ReplicationOutcome& o) { return to_usd(o.cost); });
  figures[4] = cost->mean;
  figures[5] = cost->p05;
  figures[6] = cost->p50;
  figures[7] = cost->p95;
  const auto interruptions =
      summary(sample, [](const ReplicationOutcome& o) { return static_cast<double>(o.interruptions); });
  figures[8] = interruptions->mean;
  figures[9] = interruptions->p95;
  if (const auto goodput =
          summary(sample, [](const ReplicationOutcome& o) { return static_cast<double>(o.goodput); })) {
    figures[10] = goodput->mean;
    figures[11] = goodput->p05;
  }
  figures[12] = share(sample, true, [](const ReplicationOutcome& o) { return o.finished(); });
  figures[13] = share(sample, sample.deadline.has_value(), [&](const ReplicationOutcome& o) {
    return o.finished() && o.time_to_train <= *sample.deadline;
  });
  figures[14] = share(sample, sample.budget.has_value(),
                      [&](const ReplicationOutcome& o) { return o.finished() && o.cost <= *sample.budget; });
  return figures;
}

SampledFigures standard_errors(const Sample& old_sample, const Sample& new_sample, bool paired) {
  std::mt19937_64 random(kStream);
  std::vector<std::size_t> chosen;
  Outcomes of_old;
  Outcomes of_new;
  SampledFigures first{};
  SampledFigures sum{};
  SampledFigures squares{};
  for (int k = 0; k < kResamples; ++k) {
    draw(random, old_sample.replications.size(), chosen);
    resample(old_sample, chosen, of_old);
    if (!paired) draw(random, new_sample.replications.size(), chosen);
    resample(new_sample, chosen, of_new);
    const SampledFigures before = figures_of({of_old, old_sample.deadline, old_sample.budget});
    const SampledFigures after = figures_of({of_new, new_sample.deadline, new_sample.budget});
    for (std::size_t i = 0; i < sum.size(); ++i) {
      const double difference = after[i] - before[i];
      if (k == 0) first[i] = difference;
      // From the first difference on: a constant one leaves exactly zero.
      sum[i] += difference - first[i];
      squares[i] += (difference - first[i]) * (difference - first[i]);
    }
  }
  SampledFigures errors{};
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const double variance = (squares[i] - sum[i] * sum[i] / kResamples) / (kResamples - 1);
    errors[i] = std::isnan(variance) ? kUnknown : std::sqrt(std::max(variance, 0.0));
  }
  return errors;
}

bool without_spread(const Sample& sample) {
  const auto& all = sample.replications;
  return std::all_of(all.begin(), all.end(), [&](const ReplicationOutcome& outcome) {
    return outcome.time_to_train == all.front().time_to_train && outcome.cost == all.front().cost;
  });
}

}  // namespace spotmix::reports
