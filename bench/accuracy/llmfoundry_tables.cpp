// Scores g_llmfoundry_fsdp_throughput: MPT models trained by llm-foundry with sharded data parallelism.
//
// Cross-validated: the software's constants are fitted without whole (model, sequence length)
// combinations, which are then scored (folds.h); A100 and H100 have constants of their own, because the
// software's kernels were written for one and not yet for the other.
#include <algorithm>
#include <array>

#include "bench/accuracy/registry.h"
#include "bench/accuracy/step_scoring.h"
#include "bench/nodes.h"
#include "models/kernels/profile_set.h"
#include "models/workload/library.h"

namespace spotmix::accuracy {
namespace {

constexpr const char* kTable = "g_llmfoundry_fsdp_throughput";
constexpr int kGpusPerNode = 8;

/// A100-40GB is AWS's p4d; the 80 GB clusters have eight 200 Gb/s (A100) or 400 Gb/s (H100) adapters per
/// node.
models::InstanceGroup instances_of(const std::string& gpu, int gpus) {
  const int instances = std::max(1, gpus / kGpusPerNode);
  if (gpu == "a100_40gb") return bench::instances_of("p4d.24xlarge", instances);
  const bool h100 = gpu.starts_with("h100");
  return {.node = {.device = h100 ? "H100-SXM" : "A100-SXM4-80GB",
                   .devices = kGpusPerNode,
                   .network_bytes_per_s = h100 ? 400e9 : 200e9,
                   .transport = models::Transport::infiniband,
                   .network_adapters = 8},
          .instances = instances};
}

/// The rows of one GPU architecture; what cannot be asked is counted in `score`.
StepRows rows_of(const Table& table, models::Architecture architecture, ScoreBuilder& score) {
  StepRows all;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto whole = [&](const char* column) {
      return static_cast<int>(table.number(row, column).value_or(0));
    };
    const auto text = [&](const char* column) { return table.text(row, column) + " "; };
    const std::string& gpu = table.text(row, "gpu");
    if ((architecture == models::Architecture::hopper) != gpu.starts_with("h100")) continue;
    const auto tokens_per_s = table.number(row, "tokens_per_s");
    const int gpus = whole("gpus"), micro_batch = whole("micro_batch"), accumulation = whole("grad_accum");
    if (!tokens_per_s || gpus < 1 || micro_batch < 1 || accumulation < 1) {
      score.skip("the row lacks its throughput, GPUs or batch");
      continue;
    }
    if (table.text(row, "act_cpu_offload") == "True") {
      score.skip("activations offloaded to the host are not modelled");
      continue;
    }
    const int sequence_length = whole("seq_len");
    const std::string& model = table.text(row, "model");
    const auto workload =
        models::find_workload("mpt-" + model, {.sequence_length = sequence_length, .fused_attention = true});
    if (!workload) {
      score.skip("no workload mpt-" + model);
      continue;
    }
    const bool fp8 = table.text(row, "precision").find("fp8") != std::string::npos;
    StepRow step{.system = text("gpu") + text("gpus") + text("model") + text("seq_len") + (fp8 ? "fp8" : ""),
                 .choice = {},
                 .fold_key = text("model") + text("seq_len"),
                 .parallelism = {.data = gpus,
                                 .micro_batch = micro_batch,
                                 .recompute = table.text(row, "act_ckpt") == "True" ? models::Recompute::full
                                                                                    : models::Recompute::none,
                                 .sharding = table.text(row, "sharding") == "FULL_SHARD"
                                                 ? models::Sharding::parameters
                                                 : models::Sharding::gradients},
                 .global_batch = gpus * micro_batch * accumulation,
                 .measured_s = gpus * micro_batch * accumulation * static_cast<double>(sequence_length) /
                               *tokens_per_s};
    all.systems.try_emplace(
        step.system,
        models::StepInput{.workload = *workload,
                          .precision = fp8 ? models::Precision::fp8 : models::Precision::bf16,
                          .optimizer = models::Optimizer::adam,
                          .software = models::software_of("llm_foundry", {.architecture = architecture}),
                          .cluster = {.groups = {instances_of(gpu, gpus)}}});
    all.rows.push_back(std::move(step));
  }
  return all;
}

const std::vector<FittedConstant> kConstants{
    {"kernel_slowdown", &models::Software::kernel_slowdown},
    {"attention_slowdown", &models::Software::attention_slowdown},
    {"stream_slowdown", &models::Software::stream_slowdown},
};

constexpr std::array kArchitectures{models::Architecture::ampere, models::Architecture::hopper};

}  // namespace

std::vector<Score> score_llmfoundry(const DataDirectory& data, Fit fit) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return {};
  const std::vector<models::KernelProfile> profiles = models::load_profiles(SPOTMIX_PROFILE_DIR);
  ScoreBuilder score(kTable, "");
  for (const models::Architecture architecture : kArchitectures) {
    const StepRows rows = rows_of(*table, architecture, score);
    StepModels models(rows, profiles);
    predict_steps(models, rows, fit, models::software_of("llm_foundry", {.architecture = architecture}),
                  kConstants, [&](const StepRow& row, const models::StepBreakdown& step) {
                    if (!step.feasible()) return score.skip(step.infeasible_reason);
                    score.add(row.measured_s, step.time_s);
                  });
  }
  return {score.finish()};
}

std::string show_llmfoundry_fit(const DataDirectory& data) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return "";
  const std::vector<models::KernelProfile> profiles = models::load_profiles(SPOTMIX_PROFILE_DIR);
  std::string text;
  for (const models::Architecture architecture : kArchitectures) {
    ScoreBuilder unused(kTable, "");
    const StepRows rows = rows_of(*table, architecture, unused);
    text += show_software_fit(
        architecture == models::Architecture::hopper ? "llm-foundry on H100" : "llm-foundry on A100", rows,
        profiles, models::software_of("llm_foundry", {.architecture = architecture}), kConstants);
  }
  return text;
}

}  // namespace spotmix::accuracy
