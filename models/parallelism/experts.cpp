#include "models/parallelism/experts.h"

#include <algorithm>

namespace spotmix::models {
namespace {

/// Experts of a layer that has any; 0 where none has.
int expert_count(const Workload& workload) {
  for (const Layer& layer : workload.layers) {
    for (const MatrixProduct& product : layer.forward) {
      if (product.from_experts) return static_cast<int>(product.batch);
    }
  }
  return 0;
}

bool has_tables(const Workload& workload) {
  return std::any_of(workload.layers.begin(), workload.layers.end(),
                     [](const Layer& layer) { return layer.sparse_parameters > 0; });
}

}  // namespace

std::optional<std::string> expert_problem(const Workload& workload, int expert) {
  if (expert == 1) return std::nullopt;
  const int experts = expert_count(workload);
  if (experts == 0 && has_tables(workload)) return std::nullopt;
  if (experts == 0)
    return workload.name + " has no experts to share among " + std::to_string(expert) + " ranks";
  if (experts % expert == 0) return std::nullopt;
  return "expert " + std::to_string(expert) + " does not divide the " + std::to_string(experts) + " experts";
}

std::vector<int> expert_degrees(const Workload& workload, int data) {
  std::vector<int> degrees;
  for (int expert = 1; expert <= data; ++expert) {
    if (data % expert == 0 && !expert_problem(workload, expert)) degrees.push_back(expert);
  }
  return degrees;
}

}  // namespace spotmix::models
