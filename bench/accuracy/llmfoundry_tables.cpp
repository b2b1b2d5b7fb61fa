// Scores g_llmfoundry_fsdp_throughput: MPT models trained by llm-foundry with fully sharded data parallelism.
#include <cmath>

#include "bench/accuracy/registry.h"
#include "models/kernels/profile_set.h"
#include "models/workload/library.h"
#include "sim/step/estimator.h"

namespace spotmix::accuracy {
namespace {

constexpr const char* kTable = "g_llmfoundry_fsdp_throughput";
constexpr int kGpusPerNode = 8;

struct Row {
  std::string model, gpu, precision, sharding;
  int sequence_length = 0, gpus = 0, micro_batch = 0, accumulation = 0;
  bool checkpointing = false, offload = false;
  double tokens_per_s = 0;
};

Row row_of(const Table& table, std::size_t row) {
  const auto whole = [&](const char* column) {
    return static_cast<int>(table.number(row, column).value_or(0));
  };
  return {.model = table.text(row, "model"),
          .gpu = table.text(row, "gpu"),
          .precision = table.text(row, "precision"),
          .sharding = table.text(row, "sharding"),
          .sequence_length = whole("seq_len"),
          .gpus = whole("gpus"),
          .micro_batch = whole("micro_batch"),
          .accumulation = whole("grad_accum"),
          .checkpointing = table.text(row, "act_ckpt") == "True",
          .offload = table.text(row, "act_cpu_offload") == "True",
          .tokens_per_s = table.number(row, "tokens_per_s").value_or(0)};
}

/// The clusters that llm-foundry's README names: A100-40GB with 4 × 200 Gb/s... per row's GPU type.
sim::InstanceGroup instances_of(const Row& row) {
  const bool h100 = row.gpu.starts_with("h100");
  return {.device = h100                     ? "H100-SXM"
                    : row.gpu == "a100_40gb" ? "A100-SXM4-40GB"
                                             : "A100-SXM4-80GB",
          .devices_per_instance = kGpusPerNode,
          .instances = std::max(1, row.gpus / kGpusPerNode),
          .inter_bytes_per_s = h100 ? 400e9 : 200e9,
          .transport = models::Transport::infiniband,
          .network_adapters = 8};
}

std::string score_row(const Row& row, const std::vector<models::KernelProfile>& profiles,
                      ScoreBuilder& score) {
  const auto workload = models::find_workload(
      "mpt-" + row.model, {.sequence_length = row.sequence_length, .fused_attention = true});
  if (!workload) return "no workload mpt-" + row.model;
  if (row.offload) return "activations offloaded to the host are not modelled";
  const bool fp8 = row.precision.find("fp8") != std::string::npos;
  const sim::StepInput input{
      .workload = *workload,
      .precision = fp8 ? models::Precision::fp8 : models::Precision::bf16,
      .global_batch = row.gpus * row.micro_batch * row.accumulation,
      .optimizer = models::Optimizer::adam,
      .cluster = {.groups = {instances_of(row)}},
      .parallelism =
          models::Parallelism{
              .data = row.gpus,
              .micro_batch = row.micro_batch,
              .recompute = row.checkpointing ? models::Recompute::full : models::Recompute::none,
              .sharding =
                  row.sharding == "FULL_SHARD" ? models::Sharding::parameters : models::Sharding::gradients},
      .profiles = &profiles,
      .check_memory = false};
  const sim::StepBreakdown step = sim::step_time(input);
  if (!step.feasible()) return step.infeasible_reason;
  score.add(static_cast<double>(input.global_batch) * row.sequence_length / row.tokens_per_s, step.time_s);
  return "";
}

}  // namespace

std::vector<Score> score_llmfoundry(const DataDirectory& data, Fit) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return {};
  const std::vector<models::KernelProfile> profiles = models::load_profiles(SPOTMIX_PROFILE_DIR);
  ScoreBuilder score(kTable, "");
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const std::string reason = score_row(row_of(*table, row), profiles, score);
    if (!reason.empty()) score.skip(reason);
  }
  return {score.finish()};
}

}  // namespace spotmix::accuracy
