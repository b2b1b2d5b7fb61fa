// Scores g_vtrain_measured_3d_parallel: iteration times of Megatron-LM over (tensor, data, pipeline,
// micro-batch).
//
// Cross-validated: the constants of the software are fitted without whole combinations of (hidden,
// layers, tensor, pipeline, micro-batch), which are then scored (folds.h).
#include <algorithm>
#include <functional>

#include "bench/accuracy/registry.h"
#include "bench/accuracy/step_scoring.h"
#include "models/kernels/profile_set.h"
#include "models/workload/transformer.h"

namespace spotmix::accuracy {
namespace {

constexpr const char* kTable = "g_vtrain_measured_3d_parallel";
constexpr double kGbit = 1e9 / 8;
constexpr int kVocabulary = 51200;  // GPT-2's, padded
constexpr int kOneNode = 8;

int whole(const Table& table, std::size_t row, const char* column) {
  return static_cast<int>(table.number(row, column).value_or(0));
}

models::StepInput system_of(const Table& table, std::size_t row) {
  const int gpus = whole(table, row, "gpus"), node_size = whole(table, row, "node_size");
  const int sequence_length = whole(table, row, "seq_len");
  return {.workload = models::transformer({.name = "gpt",
                                           .layers = whole(table, row, "layers"),
                                           .hidden = whole(table, row, "hidden"),
                                           .heads = whole(table, row, "heads"),
                                           .vocabulary = kVocabulary,
                                           .positions = sequence_length,
                                           .sequence_length = sequence_length,
                                           .source = "the row"}),
          .precision = models::Precision::fp16,
          .optimizer = models::Optimizer::adam,
          .software = models::software_of("megatron"),
          .cluster = {.groups = {{.node = {.device = "A100-SXM4-80GB",
                                           .devices = std::min(gpus, node_size),
                                           .network_bytes_per_s =
                                               table.number(row, "inter_node_gbps").value_or(0) * kGbit,
                                           .transport = models::Transport::infiniband,
                                           .network_adapters = 4},
                                  .instances = std::max(1, gpus / node_size)}}}};
}

/// Rows without a time are left to `skip`, with the number of their devices.
StepRows rows_of(const Table& table, const std::function<void(int gpus)>& skip) {
  StepRows all;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto text = [&](const char* column) { return table.text(row, column) + " "; };
    StepRow step{
        .system = text("gpus") + text("hidden") + text("layers") + text("heads") + text("seq_len"),
        .choice = {},
        .fold_key = text("hidden") + text("layers") + text("tp") + text("pp") + text("micro_batch"),
        .parallelism = {.data = whole(table, row, "dp"),
                        .tensor = whole(table, row, "tp"),
                        .pipeline = whole(table, row, "pp"),
                        .micro_batch = whole(table, row, "micro_batch"),
                        .recompute = table.text(row, "use_checkpoint") == "True" ? models::Recompute::full
                                                                                 : models::Recompute::none,
                        .overlap = table.text(row, "grad_bucket") == "True"},
        .global_batch = whole(table, row, "global_batch"),
        .measured_s = table.number(row, "measured_iter_ms").value_or(0) * 1e-3};
    if (!(step.measured_s > 0)) {
      skip(whole(table, row, "gpus"));
      continue;
    }
    // Runs over many nodes are few; without more weight one node's rows alone would set the constants.
    if (models::devices(step.parallelism) > kOneNode) step.weight = 3;
    step.choice = step.system + text("global_batch");
    if (!all.systems.contains(step.system)) all.systems.emplace(step.system, system_of(table, row));
    step.label = text("gpus") + "tensor " + text("tp") + "data " + text("dp") + "pipeline " + text("pp") +
                 "hidden " + text("hidden") + "micro-batch " + text("micro_batch") + "batch " +
                 table.text(row, "global_batch");
    all.rows.push_back(std::move(step));
  }
  return all;
}

const std::vector<FittedConstant> kConstants{
    {"checkpoint_dispatch_s", &models::Software::checkpoint_dispatch_s},
    {"rank_delay_s", &models::Software::rank_delay_s},
    {"micro_batch_s", &models::Software::micro_batch_s},
    {"update_s", &models::Software::update_s},
    {"collective_slowdown", &models::Software::collective_slowdown},
    {"network_slowdown", &models::Software::network_slowdown},
    {"gradient_slowdown", &models::Software::gradient_slowdown},
    {"vocabulary_slowdown", &models::Software::vocabulary_slowdown},
};

}  // namespace

std::vector<Score> score_vtrain(const DataDirectory& data, Fit fit) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return {};
  const std::vector<models::KernelProfile> profiles = models::load_profiles(SPOTMIX_PROFILE_DIR);
  ScoreBuilder few(kTable, "<=8 GPUs"), many(kTable, "many nodes");
  const StepRows rows =
      rows_of(*table, [&](int gpus) { (gpus <= kOneNode ? few : many).skip("the row has no time"); });
  StepModels models(rows, profiles);
  Regret few_regret, many_regret;
  predict_steps(models, rows, fit, models::software_of("megatron"), kConstants,
                [&](const StepRow& row, const models::StepBreakdown& step) {
                  const bool one_node = models::devices(row.parallelism) <= kOneNode;
                  if (!step.feasible()) return (one_node ? few : many).skip(step.infeasible_reason);
                  (one_node ? few : many).add(row.measured_s, step.time_s, row.label);
                  (one_node ? few_regret : many_regret).add(row.choice, row.measured_s, step.time_s);
                });
  std::vector<Score> scores{few.finish(), many.finish()};
  scores[0].regret = few_regret.mean();
  scores[1].regret = many_regret.mean();
  return scores;
}

std::string show_vtrain_fit(const DataDirectory& data) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return "";
  return show_software_fit("Megatron-LM on vTrain's measurements", rows_of(*table, [](int) {}),
                           models::load_profiles(SPOTMIX_PROFILE_DIR), models::software_of("megatron"),
                           kConstants);
}

}  // namespace spotmix::accuracy
