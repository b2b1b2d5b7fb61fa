// Which workload an example of NVIDIA's DeepLearningExamples trains, and in what its throughput is counted.
#pragma once

#include <optional>
#include <string>

#include "models/parallelism/parallelism.h"
#include "models/workload/workload.h"

namespace spotmix::accuracy {

struct DleName {
  std::string model;      ///< "LanguageModeling/BERT", …
  std::string framework;  ///< "PyTorch", …
  std::string section;    ///< Headings above the table.
  std::string row_text;   ///< The row as published, cells separated by '|'.
  int sequence_length = 0;
};

struct DleModel {
  models::Workload workload{};
  models::Optimizer optimizer = models::Optimizer::momentum;
  double samples_per_unit = 1;  ///< Samples in one of what the throughput counts.
  double units_per_batch = 1;   ///< What the batch counts per sample: tokens of a sentence pair.
  bool global_batch = false;    ///< The batch is that of all GPUs.
  bool expert_tables = false;   ///< Lookup tables are divided over the GPUs.
};

/// Nothing where the family is not modelled.
std::optional<DleModel> dle_model(const DleName& name);

}  // namespace spotmix::accuracy
