// Rows of c_dle_training_throughput as questions to the step estimator.
//
// NVIDIA's DeepLearningExamples write their tables freely: the variant may stand in the first cell of the
// row's text, two batch sizes in one cell (one per precision), GPUs as nodes of a system. What a row leaves
// open is taken from the repository's own training scripts where they leave no choice (sequence lengths of
// the language models, crop sizes), and is a reason to skip otherwise.
#pragma once

#include <string>

#include "bench/accuracy/step_scoring.h"
#include "bench/accuracy/table.h"

namespace spotmix::accuracy {

struct DleQuestion {
  std::string skip_reason{};      ///< Empty where the rest is meaningful.
  std::string stack = "pytorch";  ///< A key of models/stacks.
  StepRow row{};
  models::StepInput input{};
};

DleQuestion dle_question(const Table& table, std::size_t row);

}  // namespace spotmix::accuracy
