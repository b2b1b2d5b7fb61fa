// Scores c_dle_training_throughput: NVIDIA's DeepLearningExamples on DGX systems.
//
// Cross-validated: each program's slowdown is fitted without two fifths of its configurations (length, GPUs,
// batch), of which one is then scored.
#include "bench/accuracy/dle_rows.h"
#include "bench/accuracy/program_scoring.h"
#include "bench/accuracy/registry.h"

namespace spotmix::accuracy {
namespace {

constexpr const char* kTable = "c_dle_training_throughput";

ProgramRows rows_of(const Table& table, ScoreBuilder& score) {
  ProgramRows programs;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    DleQuestion question = dle_question(table, row);
    if (!question.skip_reason.empty()) {
      score.skip(question.skip_reason);
      continue;
    }
    const Program program = program_of(question.stack, question.input);
    question.input.software = software_of(program);
    StepRows& rows = programs[program];
    rows.systems.try_emplace(question.row.system, std::move(question.input));
    rows.rows.push_back(std::move(question.row));
  }
  return programs;
}

}  // namespace

std::vector<Score> score_dle(const DataDirectory& data, Fit fit) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return {};
  ScoreBuilder score(kTable, "");
  predict_programs(rows_of(*table, score), fit, [&](const StepRow& row, const models::StepBreakdown& step) {
    if (!step.feasible()) return score.skip(step.infeasible_reason);
    score.add(row.measured_s, step.time_s, row.label);
  });
  return {score.finish()};
}

std::string show_dle_fit(const DataDirectory& data) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return "";
  ScoreBuilder unused(kTable, "");
  return show_program_fits("DeepLearningExamples", rows_of(*table, unused));
}

}  // namespace spotmix::accuracy
