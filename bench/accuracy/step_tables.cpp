// Scores whole training steps of transformers: g_vtrain_measured_3d_parallel, g_megatron_published and
// g_llmfoundry_fsdp_throughput.
#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <tuple>

#include "bench/accuracy/registry.h"
#include "models/kernels/profile_set.h"
#include "models/workload/transformer.h"
#include "sim/step/estimator.h"

namespace spotmix::accuracy {
namespace {

using models::Parallelism;

int whole(const Table& table, std::size_t row, const char* column) {
  return static_cast<int>(table.number(row, column).value_or(0));
}

models::TransformerShape gpt(int layers, int hidden, int heads, int sequence_length, int vocabulary) {
  return {.name = "gpt",
          .layers = layers,
          .hidden = hidden,
          .heads = heads,
          .vocabulary = vocabulary,
          .positions = sequence_length,
          .sequence_length = sequence_length,
          .source = "the row"};
}

/// One estimator per model and cluster, because it remembers what its layers cost.
class Estimators {
 public:
  explicit Estimators(const std::vector<models::KernelProfile>& profiles) : profiles_(profiles) {}

  sim::StepEstimator& get(const std::string& key, const std::function<sim::StepInput()>& make) {
    auto found = estimators_.find(key);
    if (found == estimators_.end()) {
      sim::StepInput input = make();
      input.profiles = &profiles_;
      input.check_memory = false;
      found = estimators_.emplace(key, sim::StepEstimator(input)).first;
    }
    return found->second;
  }

 private:
  const std::vector<models::KernelProfile>& profiles_;
  std::map<std::string, sim::StepEstimator> estimators_;
};

/// Configurations of one model on one cluster at one batch: what the predicted best one loses against the
/// best one.
class Regret {
 public:
  void add(const std::string& choice, double measured, double predicted) {
    auto& group = groups_[choice];
    group.push_back({predicted, measured});
  }
  std::optional<double> mean() const {
    double sum = 0;
    int count = 0;
    for (const auto& [choice, group] : groups_) {
      if (group.size() < 2) continue;
      double best = group.front().second;
      std::pair<double, double> chosen = group.front();
      for (const auto& configuration : group) {
        best = std::min(best, configuration.second);
        chosen = std::min(chosen, configuration);
      }
      sum += chosen.second / best - 1;
      ++count;
    }
    if (count == 0) return std::nullopt;
    return sum / count;
  }

 private:
  std::map<std::string, std::vector<std::pair<double, double>>> groups_;
};

constexpr double kGbit = 1e9 / 8;
constexpr int kMegatronVocabulary = 51200;

void score_vtrain(const Table& table, Estimators& estimators, std::vector<Score>& scores) {
  ScoreBuilder few("g_vtrain_measured_3d_parallel", "<=8 GPUs"),
      many("g_vtrain_measured_3d_parallel", "many nodes");
  Regret few_regret, many_regret;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const int gpus = whole(table, row, "gpus"), node_size = whole(table, row, "node_size");
    const int hidden = whole(table, row, "hidden"), layers = whole(table, row, "layers");
    ScoreBuilder& score = gpus <= 8 ? few : many;
    const std::string key =
        std::to_string(gpus) + " " + std::to_string(hidden) + " " + std::to_string(layers);
    sim::StepEstimator& estimator = estimators.get("vtrain " + key, [&] {
      const int sequence_length = whole(table, row, "seq_len");
      return sim::StepInput{
          .workload = transformer(
              gpt(layers, hidden, whole(table, row, "heads"), sequence_length, kMegatronVocabulary)),
          .precision = models::Precision::fp16,
          .optimizer = models::Optimizer::adam,
          .software = models::SoftwareKind::megatron,
          .cluster = {
              .groups = {{.device = "A100-SXM4-80GB",
                          .devices_per_instance = std::min(gpus, node_size),
                          .instances = std::max(1, gpus / node_size),
                          .inter_bytes_per_s = table.number(row, "inter_node_gbps").value_or(0) * kGbit,
                          .transport = models::Transport::infiniband}}}};
    });
    const int global_batch = whole(table, row, "global_batch");
    const Parallelism parallelism{.data = whole(table, row, "dp"),
                                  .tensor = whole(table, row, "tp"),
                                  .pipeline = whole(table, row, "pp"),
                                  .micro_batch = whole(table, row, "micro_batch"),
                                  .recompute = table.text(row, "use_checkpoint") == "True"
                                                   ? models::Recompute::full
                                                   : models::Recompute::none,
                                  .overlap = table.text(row, "grad_bucket") == "True"};
    const sim::StepBreakdown step = estimator.step(parallelism, global_batch);
    if (!step.feasible()) {
      score.skip(step.infeasible_reason);
      continue;
    }
    const double measured_s = table.number(row, "measured_iter_ms").value_or(0) * 1e-3;
    score.add(measured_s, step.time_s);
    (gpus <= 8 ? few_regret : many_regret)
        .add(key + " " + std::to_string(global_batch), measured_s, step.time_s);
  }
  scores.push_back(few.finish());
  scores.back().regret = few_regret.mean();
  scores.push_back(many.finish());
  scores.back().regret = many_regret.mean();
}

}  // namespace

std::vector<Score> score_steps(const DataDirectory& data, Fit) {
  const std::vector<models::KernelProfile> profiles = models::load_profiles(SPOTMIX_PROFILE_DIR);
  Estimators estimators(profiles);
  std::vector<Score> scores;
  if (const Table* table = data.find("g_vtrain_measured_3d_parallel"))
    score_vtrain(*table, estimators, scores);
  return scores;
}

}  // namespace spotmix::accuracy
