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

double share(const Sample& sample, OfReplication counts) {
  const auto hits =
      std::count_if(sample.replications.begin(), sample.replications.end(),
                    [&](const ReplicationOutcome& outcome) { return counts(outcome, sample.limits) != 0; });
  return static_cast<double>(hits) / static_cast<double>(sample.replications.size());
}

/// Of the values that a replication has one of.
std::optional<sim::SampleSummary> summary(const Sample& sample, OfReplication value_of) {
  std::vector<double> values;
  values.reserve(sample.replications.size());
  for (const ReplicationOutcome& outcome : sample.replications) {
    const double value = value_of(outcome, sample.limits);
    if (!std::isnan(value)) values.push_back(value);
  }
  if (values.empty()) return std::nullopt;
  std::vector<double> scratch;
  return sim::summarize(values, scratch);
}

/// A mix of which only the figures that replications tell are known.
sim::MixResult resampled_mix(const Sample& sample) {
  sim::MixResult mix;
  for (const Figure& figure : figures()) {
    if (figure.of_replication == nullptr) continue;
    if (figure.kind == FigureKind::distribution) {
      mix.*figure.summary = summary(sample, figure.of_replication);
    } else if (figure.asked_for(sample.limits)) {
      StepFigures none;
      figure.parts.front().set(mix, none, share(sample, figure.of_replication));
    }
  }
  return mix;
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

const std::vector<const Metric*>& sampled_metrics() {
  static const std::vector<const Metric*> kSampled = [] {
    std::vector<const Metric*> sampled;
    for (const Metric& metric : metrics()) {
      if (metric.part->sampled) sampled.push_back(&metric);
    }
    return sampled;
  }();
  return kSampled;
}

SampledFigures figures_of(const Sample& sample) {
  SampledFigures values(sampled_metrics().size(), kUnknown);
  if (sample.replications.empty()) return values;
  const sim::MixResult mix = resampled_mix(sample);
  std::transform(sampled_metrics().begin(), sampled_metrics().end(), values.begin(),
                 [&](const Metric* metric) { return metric->value(mix, std::nullopt).value_or(kUnknown); });
  return values;
}

SampledFigures standard_errors(const Sample& old_sample, const Sample& new_sample, bool paired) {
  std::mt19937_64 random(kStream);
  std::vector<std::size_t> chosen;
  Outcomes of_old;
  Outcomes of_new;
  SampledFigures first(sampled_metrics().size());
  SampledFigures sum(first.size());
  SampledFigures squares(first.size());
  for (int k = 0; k < kResamples; ++k) {
    draw(random, old_sample.replications.size(), chosen);
    resample(old_sample, chosen, of_old);
    if (!paired) draw(random, new_sample.replications.size(), chosen);
    resample(new_sample, chosen, of_new);
    const SampledFigures before = figures_of({of_old, old_sample.limits});
    const SampledFigures after = figures_of({of_new, new_sample.limits});
    for (std::size_t i = 0; i < sum.size(); ++i) {
      const double difference = after[i] - before[i];
      if (k == 0) first[i] = difference;
      // From the first difference on: a constant one leaves exactly zero.
      sum[i] += difference - first[i];
      squares[i] += (difference - first[i]) * (difference - first[i]);
    }
  }
  SampledFigures errors(sum.size());
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
