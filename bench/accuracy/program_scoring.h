// Scoring rows by the training program behind them: one framework's code for one workload in one class of
// precision on one architecture, whose kernels all take the same multiple of the profiles' time.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "bench/accuracy/step_scoring.h"

namespace spotmix::accuracy {

struct Program {
  std::string stack;  ///< A key of models/stacks.
  std::string workload;
  bool half = false;  ///< In 16 bits.
  models::Architecture architecture = models::Architecture::volta;
  auto operator<=>(const Program&) const = default;
};

Program program_of(const std::string& stack, const models::StepInput& input);
models::Software software_of(const Program& program);

using ProgramRows = std::map<Program, StepRows>;

/// Calls `found` for every row: with the shipped software, or cross-validated with each program's slowdown
/// fitted without what is left out with the row's fold.
void predict_programs(const ProgramRows& programs, Fit fit,
                      const std::function<void(const StepRow&, const models::StepBreakdown&)>& found);

/// One line per program: fitted on all rows, shipped.
std::string show_program_fits(const std::string& title, const ProgramRows& programs);

}  // namespace spotmix::accuracy
