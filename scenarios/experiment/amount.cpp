#include "scenarios/experiment/amount.h"

#include <array>
#include <cctype>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text/nearest.h"
#include "base/units/digits.h"
#include "models/convergence/convergence.h"
#include "scenarios/experiment/workload.h"

namespace spotmix::scenarios {
namespace {

/// The quality that the reference runs of MLPerf Training reach, and the model that they train.
struct KnownTarget {
  std::string_view benchmark;
  std::string_view model;  ///< As models::find_workload names it; empty where it knows none.
  std::string_view quality;
};

/// Quality targets of MLPerf Training's rules, by benchmark.
constexpr std::array kTargets{
    KnownTarget{"bert", "bert-large", "72.0% masked-LM accuracy"},
    KnownTarget{"dlrm", "dlrm", "80.25% AUC"},
    KnownTarget{"dlrm_dcnv2", "", "80.275% AUC"},
    KnownTarget{"gpt3", "gpt3-175b", "2.69 log perplexity"},
    KnownTarget{"llama31_405b", "", "5.6 log perplexity"},
    KnownTarget{"llama31_8b", "", "3.3 log perplexity"},
    KnownTarget{"resnet", "resnet50", "75.9% top-1"},
    KnownTarget{"retinanet", "", "34.0% mAP"},
    KnownTarget{"rnnt", "", "5.8% word error rate"},
    KnownTarget{"ssd", "", "23.0% mAP"},
};

std::string letters_of(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) == 0)
      letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return letters;
}

const KnownTarget* target_of_model(const std::optional<std::string>& model) {
  for (const KnownTarget& target : kTargets) {
    if (model && target.model == *model) return &target;
  }
  return nullptr;
}

const KnownTarget* target_of_benchmark(std::string_view benchmark) {
  for (const KnownTarget& target : kTargets) {
    if (target.benchmark == benchmark) return &target;
  }
  return nullptr;
}

std::string benchmark_of(const WorkloadSpec& spec) {
  if (spec.target->benchmark) return *spec.target->benchmark;
  const KnownTarget* target = target_of_model(spec.model);
  return target == nullptr ? "" : std::string(target->benchmark);
}

/// A target with its own amount: that with small batches, times 1 + B ÷ B_crit.
std::optional<TrainingAmount> given_target(const WorkloadSpec& spec, std::optional<double> batch) {
  const TargetSpec& target = *spec.target;
  const auto smallest = samples_of(target.amount, spec, batch);
  if (!smallest || (target.critical_batch && !batch)) return std::nullopt;
  const double more = target.critical_batch ? 1 + *batch / *target.critical_batch : 1;
  TrainingAmount amount{.samples = *smallest * more, .spread = target.spread.value_or(0)};
  amount.source = {"amount of training",
                   models::SourceKind::given,
                   "workload.target",
                   target.quality.empty() ? "the scenario" : target.quality,
                   {}};
  return amount;
}

std::optional<TrainingAmount> looked_up_target(const WorkloadSpec& spec, std::optional<double> batch) {
  const std::string benchmark = benchmark_of(spec);
  const models::ConvergenceCurve* curve = models::find_convergence(benchmark);
  if (curve == nullptr || !batch) return std::nullopt;
  const models::TrainingNeed need = models::training_need(*curve, *batch);
  const bool epochs = curve->unit == models::ConvergenceUnit::epochs;
  const auto per_epoch = spec.samples_per_epoch ? spec.samples_per_epoch : curve->samples_per_epoch;
  if (epochs && !per_epoch) return std::nullopt;
  const KnownTarget* known = target_of_benchmark(benchmark);
  TrainingAmount amount;
  amount.samples = to_digits(epochs ? need.amount * *per_epoch : need.amount);
  amount.spread = spec.target->spread.value_or(to_digits(need.deviation / need.amount));
  amount.source = {
      "amount of training", models::SourceKind::published,
      fmt::format("{} at a batch of {:g}: {:.4g} {}", known != nullptr ? known->quality : "target", *batch,
                  need.amount, epochs ? "epochs" : "samples"),
      fmt::format("MLCommons' reference convergence points of {} (docs/fitted_constants.md)", benchmark),
      curve->curve_error};
  if (need.extrapolated) {
    amount.warning = fmt::format(
        "a batch of {:g} lies outside the reference convergence points of {}, which "
        "are from {:g} to {:g}; what it takes is extrapolated",
        *batch, benchmark, curve->smallest_batch, curve->largest_batch);
  }
  return amount;
}

}  // namespace

std::optional<double> samples_of(const AmountSpec& amount, const WorkloadSpec& spec,
                                 std::optional<double> global_batch) {
  if (amount.samples) return amount.samples;
  if (amount.steps && global_batch) return *amount.steps * *global_batch;
  if (amount.tokens && spec.tokens_per_sample) return *amount.tokens / *spec.tokens_per_sample;
  if (amount.epochs && spec.samples_per_epoch) return *amount.epochs * *spec.samples_per_epoch;
  return std::nullopt;
}

std::optional<TrainingAmount> amount_of(const WorkloadSpec& spec, std::optional<double> global_batch) {
  if (spec.target) {
    return spec.target->amount.given() > 0 ? given_target(spec, global_batch)
                                           : looked_up_target(spec, global_batch);
  }
  const auto samples = samples_of(spec.amount, spec, global_batch);
  return samples ? std::optional(TrainingAmount{.samples = *samples}) : std::nullopt;
}

std::optional<Problem> count_tokens(Scenario& scenario) {
  WorkloadSpec& spec = scenario.workload;
  if (!spec.amount.tokens) return std::nullopt;
  const std::string file = scenario.file.string();
  if (!spec.has_model()) {
    if (!spec.sequence_length)
      return Problem{file, "workload.sequence_length", "missing; required because \"tokens\" is given"};
    spec.tokens_per_sample = *spec.sequence_length;
    return std::nullopt;
  }
  const Result<models::Workload> made = workload_of(scenario, sizes_of(spec));
  if (!made) return std::nullopt;  // check_training says why
  if (made.value->sequence_length > 0) {
    spec.tokens_per_sample = made.value->sequence_length;
    return std::nullopt;
  }
  return Problem{
      file, "workload.tokens",
      fmt::format("found {:g}, expected \"samples\", \"steps\" or \"epochs\": a sample of {} is {} {}",
                  *spec.amount.tokens, made.value->name,
                  made.value->sample_name.starts_with('i') ? "an" : "a", made.value->sample_name)};
}

std::optional<TargetProblem> target_problem(const WorkloadSpec& spec) {
  const TargetSpec& target = *spec.target;
  if (target.amount.given() > 0) return std::nullopt;
  std::vector<std::string> names;
  for (const models::ConvergenceCurve& curve : models::convergence_curves())
    names.emplace_back(curve.benchmark);
  const std::string benchmark = benchmark_of(spec);
  if (benchmark.empty()) {
    std::vector<std::string> models;
    for (const KnownTarget& known : kTargets) {
      if (!known.model.empty()) models.emplace_back(known.model);
    }
    return TargetProblem{"", fmt::format("found a target of a model without a convergence curve (those with "
                                         "one: {}), expected \"epochs\" or \"samples\" in it, or the "
                                         "\"benchmark\" whose curve holds",
                                         list_of(models))};
  }
  const models::ConvergenceCurve* curve = models::find_convergence(benchmark);
  if (curve == nullptr) {
    return TargetProblem{"benchmark", fmt::format("found {}, expected {}{}", in_quotes(benchmark),
                                                  one_of(names), did_you_mean(benchmark, names))};
  }
  const KnownTarget* known = target_of_benchmark(benchmark);
  if (!target.quality.empty() && known != nullptr &&
      letters_of(known->quality) != letters_of(target.quality)) {
    return TargetProblem{
        target.is_text ? "" : "quality",
        fmt::format("found {}, expected \"{}\", which the convergence curve of {} is for, or "
                    "the target's own \"epochs\" or \"samples\"",
                    in_quotes(target.quality), known->quality, benchmark)};
  }
  if (curve->unit == models::ConvergenceUnit::epochs && !curve->samples_per_epoch && !spec.samples_per_epoch)
    return TargetProblem{"",
                         fmt::format("found a target in epochs, expected \"samples_per_epoch\" beside it: "
                                     "the convergence curve of {} does not know it",
                                     benchmark)};
  if (!spec.global_batch && !spec.batch_per_device)
    return TargetProblem{"",
                         "found a target without a batch, expected \"global_batch\" or "
                         "\"batch_per_device\" beside it: what it takes depends on that"};
  return std::nullopt;
}

}  // namespace spotmix::scenarios
