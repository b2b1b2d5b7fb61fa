// Scores g_vtrain_measured_3d_parallel: iteration times of Megatron-LM over (tensor, data, pipeline,
// micro-batch).
//
// Cross-validated: the constants of the software are fitted without one fold of whole (hidden, tensor,
// micro-batch) combinations, which is then scored.
#include <algorithm>

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

sim::StepInput system_of(const Table& table, std::size_t row) {
  const int gpus = whole(table, row, "gpus"), node_size = whole(table, row, "node_size");
  const int sequence_length = whole(table, row, "seq_len");
  return {
      .workload = models::transformer({.name = "gpt",
                                       .layers = whole(table, row, "layers"),
                                       .hidden = whole(table, row, "hidden"),
                                       .heads = whole(table, row, "heads"),
                                       .vocabulary = kVocabulary,
                                       .positions = sequence_length,
                                       .sequence_length = sequence_length,
                                       .source = "the row"}),
      .precision = models::Precision::fp16,
      .optimizer = models::Optimizer::adam,
      .software = models::megatron_software(),
      .cluster = {.groups = {{.device = "A100-SXM4-80GB",
                              .devices_per_instance = std::min(gpus, node_size),
                              .instances = std::max(1, gpus / node_size),
                              .inter_bytes_per_s = table.number(row, "inter_node_gbps").value_or(0) * kGbit,
                              .transport = models::Transport::infiniband,
                              .network_adapters = 4}}}};
}

StepRows rows_of(const Table& table) {
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
    step.choice = step.system + text("global_batch");
    if (!all.systems.contains(step.system)) all.systems.emplace(step.system, system_of(table, row));
    all.rows.push_back(std::move(step));
  }
  return all;
}

const std::vector<FittedConstant> kConstants{
    {"checkpoint_dispatch_s", &models::Software::checkpoint_dispatch_s},
    {"rank_delay_s", &models::Software::rank_delay_s},
    {"micro_batch_s", &models::Software::micro_batch_s},
    {"update_s", &models::Software::update_s},
    {"kernel_slowdown", &models::Software::kernel_slowdown},
    {"vocabulary_slowdown", &models::Software::vocabulary_slowdown},
};

class VtrainScores {
 public:
  void add(StepModels& models, const StepRow& row) {
    const bool one_node = models::devices(row.parallelism) <= kOneNode;
    ScoreBuilder& score = one_node ? few_ : many_;
    const sim::StepBreakdown step = models.step(row);
    if (!step.feasible()) return score.skip(step.infeasible_reason);
    score.add(row.measured_s, step.time_s);
    (one_node ? few_regret_ : many_regret_).add(row.choice, row.measured_s, step.time_s);
  }
  void finish(std::vector<Score>& scores) const {
    scores.push_back(few_.finish());
    scores.back().regret = few_regret_.mean();
    scores.push_back(many_.finish());
    scores.back().regret = many_regret_.mean();
  }

 private:
  ScoreBuilder few_{kTable, "<=8 GPUs"}, many_{kTable, "many nodes"};
  Regret few_regret_, many_regret_;
};

}  // namespace

std::vector<Score> score_vtrain(const DataDirectory& data, Fit fit) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return {};
  const std::vector<models::KernelProfile> profiles = models::load_profiles(SPOTMIX_PROFILE_DIR);
  const StepRows rows = rows_of(*table);
  StepModels models(rows, profiles);
  VtrainScores scores;
  if (fit == Fit::shipped) {
    for (const StepRow& row : rows.rows) scores.add(models, row);
  } else {
    for (unsigned fold = 0; fold < kStepFolds; ++fold) {
      std::vector<std::size_t> use;
      for (std::size_t i = 0; i < rows.rows.size(); ++i) {
        if (step_fold(rows.rows[i].fold_key) != fold) use.push_back(i);
      }
      models.set_software(fit_software(models, rows, use, models::megatron_software(), kConstants));
      for (const StepRow& row : rows.rows) {
        if (step_fold(row.fold_key) == fold) scores.add(models, row);
      }
    }
  }
  std::vector<Score> result;
  scores.finish(result);
  return result;
}

std::string show_vtrain_fit(const DataDirectory& data) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return "";
  const std::vector<models::KernelProfile> profiles = models::load_profiles(SPOTMIX_PROFILE_DIR);
  const StepRows rows = rows_of(*table);
  StepModels models(rows, profiles);
  std::vector<std::size_t> use(rows.rows.size());
  for (std::size_t i = 0; i < use.size(); ++i) use[i] = i;
  const models::Software shipped = models::megatron_software();
  const models::Software fitted = fit_software(models, rows, use, shipped, kConstants);
  std::string text = "Megatron-LM on " + std::string(kTable) + ": fitted, shipped\n";
  for (const FittedConstant& constant : kConstants) {
    text += std::string("  ") + constant.name + " " + std::to_string(fitted.*constant.value) + " " +
            std::to_string(shipped.*constant.value) + "\n";
  }
  return text;
}

}  // namespace spotmix::accuracy
