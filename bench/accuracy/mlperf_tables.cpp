// Scores b_mlperf_training: minutes to the target of ResNet-50 and BERT-large on NVIDIA GPUs.
//
// A run takes its epochs (or samples), which the row or the reference convergence curve gives, at the speed
// of the step, with an evaluation every few epochs; the clock starts when data are first touched. Since round
// v1.0 NVIDIA's BERT trains on the tokens alone that are not padding. Cross-validated: each program's
// slowdown is fitted without two fifths of (benchmark, GPUs, batch, device), of which one is then scored.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

#include "bench/accuracy/program_scoring.h"
#include "bench/accuracy/registry.h"
#include "bench/accuracy/training_rows.h"
#include "models/convergence/convergence.h"
#include "models/workload/library.h"

namespace spotmix::accuracy {
namespace {

constexpr const char* kTable = "b_mlperf_training";
constexpr const char* kSubset = "ResNet BERT on NVIDIA";

// MLPerf's training rules: ResNet-50 is evaluated every fourth epoch on ImageNet's validation set, BERT after
// 500,000 samples on 10,000.
constexpr double kImages = 1281167, kValidationImages = 50000, kEpochsPerEvaluation = 4;
constexpr double kBertSamplesPerEvaluation = 500000, kBertValidationSamples = 10000;
constexpr double kForwardShare = 1.0 / 3;  // of a training step
// Articles fill about half of their 512 tokens: an assumption, since the rows do not say.
constexpr int kPaddedTokens = 512, kRealTokens = 256;
// Between the start of the clock and the first full-speed step.
constexpr double kStart_s = 3;

struct Run {
  double steps = 0;    ///< Updates, evaluations counted as the share of a step that they take.
  double start_s = 0;  ///< Besides the steps.
};

struct MlperfRows {
  ProgramRows programs;
  std::map<std::string, Run> runs;  ///< By label.
};

std::string device_name(std::string accelerator) {
  const auto cut = accelerator.find(" (");
  if (cut != std::string::npos) accelerator.resize(cut);
  const auto bracket = accelerator.find('(');
  if (bracket != std::string::npos) accelerator.resize(bracket);
  const bool pcie = contains(accelerator, "PCI");
  const bool large = contains(accelerator, "80");
  if (contains(accelerator, "A100"))
    return pcie ? (large ? "A100-PCIE-80GB" : "A100-PCIE-40GB")
                : (large ? "A100-SXM4-80GB" : "A100-SXM4-40GB");
  if (contains(accelerator, "H100")) return pcie ? "H100-PCIE-80GB" : "H100-SXM";
  if (contains(accelerator, "H200")) return "H200";
  if (contains(accelerator, "V100S")) return "V100S-PCIE-32GB";
  if (contains(accelerator, "V100-SXM3")) return "V100-SXM3-32GB";
  if (contains(accelerator, "V100")) return contains(accelerator, "32") ? "V100-SXM2-32GB" : "V100-SXM2-16GB";
  for (const char* name : {"A30", "A40", "A10G", "L40S", "L40", "L4", "RTX A5000"}) {
    if (contains(accelerator, name)) return name;
  }
  return "";
}

/// "8x ConnectX-6 IB HDR 200Gb/Sec" among a node's adapters: the fastest kind counts. Where the text names
/// none: the adapters of NVIDIA's own system of that generation.
double network_bytes_per_s(const std::string& text, models::Architecture architecture) {
  double best = 0;
  for (const std::string& part : split_cells(text, ',')) {
    if (contains(part, "Storage") || contains(part, "Management") || !contains(part, "Gb")) continue;
    const std::vector<double> numbers = numbers_in(part);
    const double count =
        !numbers.empty() && numbers.front() <= 16 && contains(part, "x ") ? numbers.front() : 1;
    double rate = 0;
    for (const double number : numbers) rate = number >= 10 ? std::max(rate, number) : rate;
    best = std::max(best, count * rate * 1e9 / 8);
  }
  if (best > 0) return best;
  constexpr double kGbit = 1e9 / 8;
  if (architecture >= models::Architecture::hopper) return 3200 * kGbit;
  return (architecture >= models::Architecture::ampere ? 1600 : 400) * kGbit;
}

/// Samples trained on: as logged, or as the reference needs at that batch.
std::optional<double> samples_of(bool bert, double logged, double batch) {
  constexpr double kNotLogged = 10;  // some rounds logged the number of runs' phases, not samples
  if (!bert) return logged > 0 ? std::optional(logged * kImages) : std::nullopt;
  if (logged > kNotLogged * batch) return logged;
  return models::samples_to_target(*models::find_convergence("bert"), batch);
}

std::string ask(const Table& table, std::size_t row, MlperfRows& all) {
  const std::string& benchmark = table.text(row, "benchmark");
  const bool bert = benchmark == "bert";
  const std::string& duplicate = table.text(row, "duplicate_of_round");
  if (!duplicate.empty()) return "the same measurement as in an earlier round";
  const auto gpus_given = table.number(row, "accelerators");
  const auto batch_given = table.number(row, "global_batch_size");
  const auto minutes = table.number(row, "minutes_olympic_mean");
  if (!gpus_given || *gpus_given < 1) return "the row lacks its accelerators";
  if (!batch_given) return "the row lacks its global batch";
  if (!minutes) return "the row lacks its result";
  const std::string& division = table.text(row, "division");
  if (division == "open" || division == "Open") return "open division: the row does not say what was changed";
  const models::DeviceSpec* device = models::find_device(device_name(table.text(row, "accelerator")));
  if (device == nullptr) return "the row does not name its accelerator";
  const int gpus = static_cast<int>(*gpus_given), batch = static_cast<int>(*batch_given);
  if (batch < gpus) return "the row's global batch leaves accelerators without a sample";
  const auto samples =
      samples_of(bert, table.number(row, "mean_epochs_or_samples_at_stop").value_or(0), batch);
  if (!samples) return "the row lacks its epochs";
  const std::string& round = table.text(row, "round");
  const bool unpadded = round >= "v1.0";
  const auto workload =
      bert ? models::find_workload("bert-large", {.sequence_length = unpadded ? kRealTokens : kPaddedTokens,
                                                  .fused_attention = unpadded})
           : models::find_workload("resnet50");

  const int nodes = std::max(1, static_cast<int>(table.number(row, "nodes").value_or(1)));
  const std::string size = std::to_string(gpus) + " x " + std::to_string(batch);
  StepRow step{.system = benchmark + " " + std::string(device->name) + " " + round + " " + size + " " +
                         table.text(row, "system"),
               .choice = {},
               .fold_key = benchmark + " " + std::string(device->name) + " " + size,
               .parallelism = {.data = gpus},
               .global_batch = batch};
  step.label = step.system;
  Run run{.steps = std::ceil(*samples / batch), .start_s = kStart_s};
  const double evaluations =
      bert ? *samples / kBertSamplesPerEvaluation : *samples / kImages / kEpochsPerEvaluation;
  run.steps += evaluations * (bert ? kBertValidationSamples : kValidationImages) / batch * kForwardShare;
  step.measured_s = std::max(1e-4, (*minutes * 60 - run.start_s) / run.steps);
  all.runs[step.label] = run;
  models::StepInput input{
      .workload = *workload,
      .precision = models::Precision::fp16,
      .optimizer = bert ? models::Optimizer::lamb : models::Optimizer::momentum,
      .cluster = {.groups = {{.node = {.device = std::string(device->name),
                                       .devices = gpus / nodes,
                                       .network_bytes_per_s = network_bytes_per_s(
                                           table.text(row, "host_network"), device->architecture),
                                       .transport = models::Transport::infiniband,
                                       .network_adapters = 8},
                              .instances = nodes}}}};
  const Program program = program_of("mlperf", input);
  input.software = software_of(program);
  StepRows& rows = all.programs[program];
  rows.systems.try_emplace(step.system, std::move(input));
  rows.rows.push_back(std::move(step));
  return "";
}

bool on_nvidia(const Table& table, std::size_t row) {
  const std::string& name = table.text(row, "accelerator");
  return contains(name, "NVIDIA") || contains(name, "Nvidia") || contains(name, "V100") ||
         contains(name, "A100") || contains(name, "H100");
}

}  // namespace

std::vector<Score> score_mlperf(const DataDirectory& data, Fit fit) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return {};
  ScoreBuilder score(kTable, kSubset), others(kTable, "");
  MlperfRows all;
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const std::string& benchmark = table->text(row, "benchmark");
    if (benchmark != "resnet" && benchmark != "bert") {
      others.skip("its time to target is not modelled: " + benchmark);
    } else if (!on_nvidia(*table, row)) {
      others.skip("the accelerator is not an NVIDIA GPU");
    } else if (const std::string reason = ask(*table, row, all); !reason.empty()) {
      score.skip(reason);
    }
  }
  predict_programs(all.programs, fit, [&](const StepRow& row, const models::StepBreakdown& step) {
    if (!step.feasible()) return score.skip(step.infeasible_reason);
    const Run& run = all.runs.at(row.label);
    const auto minutes = [&](double step_s) { return (step_s * run.steps + run.start_s) / 60; };
    score.add(minutes(row.measured_s), minutes(step.time_s), row.label);
  });
  return {score.finish(), others.finish()};
}

std::string show_mlperf_fit(const DataDirectory& data) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return "";
  MlperfRows all;
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const std::string& benchmark = table->text(row, "benchmark");
    if ((benchmark == "resnet" || benchmark == "bert") && on_nvidia(*table, row)) ask(*table, row, all);
  }
  return show_program_fits("MLPerf submissions", all.programs);
}

}  // namespace spotmix::accuracy
