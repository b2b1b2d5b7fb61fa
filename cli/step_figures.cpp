#include "cli/step_figures.h"

#include <algorithm>
#include <cmath>

#include "base/units/digits.h"
#include "models/parallelism/stages.h"
#include "models/step/utilization.h"

namespace spotmix::cli {
namespace {

constexpr double kBytesPerMebibyte = 1048576.0;
constexpr double kBytesPerGibibyte = 1024 * kBytesPerMebibyte;

reports::GradientSyncFigures gradient_sync_figures(const models::Parallelism& p,
                                                   const models::Software& software) {
  using models::GradientSync;
  reports::GradientSyncFigures sync;
  sync.kind = name_of(p.gradient_sync);
  sync.overlap = p.overlap && software.overlap && p.gradient_sync != GradientSync::periodic_average;
  if (p.gradient_sync == GradientSync::all_reduce && sync.overlap)
    sync.bucket_mib = p.bucket_bytes / kBytesPerMebibyte;
  if (p.gradient_sync == GradientSync::parameter_server) {
    sync.servers = p.servers;
    sync.servers_on_workers = p.servers_on_workers;
    sync.asynchronous = p.asynchronous;
  }
  if (p.gradient_sync == GradientSync::periodic_average) sync.every = p.average_every;
  return sync;
}

/// Of one sample, over all phases; unknown if samples are not sequences.
std::optional<double> tokens_per_sample(const scenarios::MixDetails& details) {
  double tokens = 0, samples = 0;
  for (const scenarios::PhaseDetails& phase : details.phases) {
    const double weight = phase.samples.value_or(1);
    tokens += weight * phase.sequence_length;
    samples += weight;
  }
  return tokens > 0 ? std::optional(tokens / samples) : std::nullopt;
}

reports::RateFigures rate_figures(const scenarios::MixDetails& details) {
  constexpr double kTera = 1e12;
  reports::RateFigures rates;
  if (const auto tokens = tokens_per_sample(details))
    rates.tokens_per_s = to_digits(*tokens * *details.samples_per_s);
  const models::Utilization used = models::utilization_of(*main_phase(details).input, *details.step);
  rates.mfu = to_digits(used.of_model);
  rates.hfu = to_digits(used.of_hardware);
  rates.model_tflop_per_s_per_device = to_digits(used.model_flop_per_s_per_device / kTera);
  return rates;
}

/// Of exp(ε), ε normally distributed: the mean step takes longer than the median one.
double mean_step_factor(const scenarios::MixDetails& details) {
  if (!details.step_error) return 1;
  return std::exp(details.step_error->sigma * details.step_error->sigma / 2);
}

}  // namespace

void add_costs(const scenarios::MixDetails& details, const sim::Mix& mix, const sim::MixResult& result,
               reports::StepFigures& figures) {
  constexpr double kMillion = 1e6;
  if (!figures.rates) figures.rates.emplace();
  reports::RateFigures& rates = *figures.rates;
  const double samples = to_seconds(mix.work) * *details.samples_per_s;
  const double trained = samples * result.finished.value;
  if (result.cost_usd && trained > 0) {
    rates.usd_per_million_samples = to_digits(result.cost_usd->mean / trained * kMillion);
    if (const auto tokens = tokens_per_sample(details))
      rates.usd_per_million_tokens = to_digits(result.cost_usd->mean / trained / *tokens * kMillion);
  }
  // Of a mix of several types it depends on which ran.
  if (details.step && mix.compositions.empty() && result.goodput && result.goodput->mean > 0)
    rates.device_hours = to_digits(to_hours(mix.work) * mean_step_factor(details) *
                                   models::devices(details.step->parallelism) / result.goodput->mean);
}

const scenarios::PhaseDetails& main_phase(const scenarios::MixDetails& details) {
  const auto same = [&](const scenarios::PhaseDetails& phase) {
    return phase.step.time_s == details.step->time_s &&
           phase.step.infeasible_reason == details.step->infeasible_reason;
  };
  const auto found = std::find_if(details.phases.begin(), details.phases.end(), same);
  return found == details.phases.end() ? details.phases.front() : *found;
}

reports::ParallelismFigures parallelism_figures(const models::Parallelism& p,
                                                const models::StepInput& input) {
  reports::ParallelismFigures figures{.data = p.data,
                                      .tensor = p.tensor,
                                      .pipeline = p.pipeline,
                                      .expert = p.expert,
                                      .micro_batch = p.micro_batch,
                                      .chunks = p.chunks,
                                      .recompute = std::string(name_of(p.recompute)),
                                      .sharding = std::string(name_of(p.sharding)),
                                      .sequence_parallel = p.sequence_parallel && p.tensor > 1};
  if (p.pipeline > 1) {
    figures.schedule = name_of(p.schedule);
    figures.stage_layers = models::layers_of_pieces(input.workload, p);
  }
  if (p.data > 1) figures.gradient_sync = gradient_sync_figures(p, input.software);
  return figures;
}

std::optional<reports::MemoryFigures> memory_figures(const models::StepBreakdown& step) {
  if (!step.memory_per_device_gib) return std::nullopt;
  const models::MemoryUse& use = step.memory;
  return reports::MemoryFigures{
      use.parameters_bytes / kBytesPerGibibyte,   use.gradients_bytes / kBytesPerGibibyte,
      use.optimizer_bytes / kBytesPerGibibyte,    use.activations_bytes / kBytesPerGibibyte,
      use.buffers_bytes / kBytesPerGibibyte,      use.reserved_bytes / kBytesPerGibibyte,
      step.memory_limit_bytes / kBytesPerGibibyte};
}

std::optional<reports::StepFigures> step_figures(const scenarios::MixDetails& details) {
  reports::StepFigures figures;
  figures.samples_per_s = details.samples_per_s;
  if (details.step_error) {
    figures.error = reports::StepErrorFigures{details.step_error->sigma, {}};
    for (const auto& [source, share] : details.step_error->by_cause)
      figures.error->by_cause.emplace_back(source, share);
  }
  if (!details.step || !details.step->feasible()) {
    return details.samples_per_s ? std::optional(figures) : std::nullopt;
  }
  const models::StepBreakdown& step = *details.step;
  figures.time_s = to_digits(step.time_s);
  figures.compute_s = to_digits(step.compute_s);
  figures.communication_s = to_digits(step.communication_s);
  figures.exposed_communication_s = to_digits(step.exposed_communication_s);
  figures.bubble_s = to_digits(step.bubble_s);
  figures.samples_per_s = to_digits(step.samples_per_s);
  figures.memory_per_device_gib = step.memory_per_device_gib;
  figures.memory = memory_figures(step);
  figures.parallelism = parallelism_figures(step.parallelism, *main_phase(details).input);
  figures.rates = rate_figures(details);
  return figures;
}

}  // namespace spotmix::cli
