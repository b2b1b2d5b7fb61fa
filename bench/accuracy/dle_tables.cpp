// Scores c_dle_training_throughput: NVIDIA's DeepLearningExamples on DGX systems.
//
// A framework's program for a family of workloads has two constants on each architecture
// (models/parallelism/framework_software.cpp).
// Cross-validated: they are fitted without one fold of whole configurations (model, length, GPUs, batch),
// which is then scored.
#include <map>
#include <tuple>

#include "bench/accuracy/dle_rows.h"
#include "bench/accuracy/registry.h"
#include "models/kernels/profile_set.h"

namespace spotmix::accuracy {
namespace {

constexpr const char* kTable = "c_dle_training_throughput";

/// A training program: its framework, its family of workloads and the architecture it runs on.
using Stack = std::tuple<models::Framework, std::string, models::Architecture>;

models::Software software_of(const Stack& stack) {
  const auto& [framework, family, architecture] = stack;
  return models::framework_software(framework, architecture, family);
}

std::map<Stack, StepRows> rows_of(const Table& table, ScoreBuilder& score) {
  std::map<Stack, StepRows> stacks;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    DleQuestion question = dle_question(table, row);
    if (!question.skip_reason.empty()) {
      score.skip(question.skip_reason);
      continue;
    }
    const models::DeviceSpec* device = models::find_device(question.input.cluster.groups.front().device);
    const Stack stack{question.framework, question.input.workload.family, device->architecture};
    question.input.software = software_of(stack);
    StepRows& rows = stacks[stack];
    rows.systems.try_emplace(question.row.system, std::move(question.input));
    rows.rows.push_back(std::move(question.row));
  }
  return stacks;
}

}  // namespace

std::vector<Score> score_dle(const DataDirectory& data, Fit fit) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return {};
  const std::vector<models::KernelProfile> profiles = models::load_profiles(SPOTMIX_PROFILE_DIR);
  ScoreBuilder score(kTable, "");
  for (const auto& [stack, rows] : rows_of(*table, score)) {
    StepModels models(rows, profiles);
    predict_steps(models, rows, fit, software_of(stack), program_constants(std::get<1>(stack)),
                  [&](const StepRow& row, const sim::StepBreakdown& step) {
                    if (!step.feasible()) return score.skip(step.infeasible_reason);
                    score.add(row.measured_s, step.time_s, row.label);
                  });
  }
  return {score.finish()};
}

std::string show_dle_fit(const DataDirectory& data) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return "";
  const std::vector<models::KernelProfile> profiles = models::load_profiles(SPOTMIX_PROFILE_DIR);
  ScoreBuilder unused(kTable, "");
  std::string text;
  for (const auto& [stack, rows] : rows_of(*table, unused)) {
    const models::Software software = software_of(stack);
    text += show_software_fit(std::string(software.name) + ", " + std::get<1>(stack) + " on " +
                                  std::string(models::architecture_name(std::get<2>(stack))) + ", " +
                                  std::to_string(rows.rows.size()) + " rows",
                              rows, profiles, software, program_constants(std::get<1>(stack)));
  }
  return text;
}

}  // namespace spotmix::accuracy
