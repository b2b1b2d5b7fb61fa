// Workloads by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/workload/workload.h"

namespace spotmix::models {

/// What the caller may choose about a named workload; what is absent takes the value its paper trains with.
struct WorkloadInputs {
  std::optional<int> image_size{};       ///< Pixels on a side, positive.
  std::optional<int> sequence_length{};  ///< Tokens per sample, positive.
  bool fused_attention = false;          ///< Transformers: one attention kernel that never writes the scores.
};

/// The workload called `name` ("resnet50", "bert-large", …); nothing if there is none.
std::optional<Workload> find_workload(std::string_view name, const WorkloadInputs& inputs = {});

/// Every name, in alphabetical order.
std::vector<std::string> workload_names();

}  // namespace spotmix::models
