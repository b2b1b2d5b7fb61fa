#include "models/step/search.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <tuple>

#include "models/memory/fit.h"
#include "models/parallelism/experts.h"
#include "models/step/cluster.h"
#include "models/step/estimator.h"
#include "models/step/search_reasons.h"

namespace spotmix::models {
namespace {

std::vector<int> divisors(int value) {
  std::vector<int> all;
  for (int i = 1; i <= value; ++i) {
    if (value % i == 0) all.push_back(i);
  }
  return all;
}

/// The whole share, then what divides it and the powers of two below it: large ones are quickly looked at,
/// and what they take spares a look at most of the small ones.
std::vector<int> micro_batches_of(int share) {
  std::vector<int> sizes = divisors(share);
  for (int size = 1; size < share; size *= 2) sizes.push_back(size);
  std::sort(sizes.begin(), sizes.end(), std::greater<>());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  return sizes;
}

class Search {
 public:
  explicit Search(const StepInput& input)
      : input_(input),
        estimator_(input),
        device_count_(device_count(input.cluster)),
        devices_per_node_(topology_of(input.cluster).node.devices) {}

  SearchResult run(std::size_t at_most) {
    Parallelism asked = input_.parallelism.value_or(Parallelism{});
    asked.stage_layers.clear();
    for (const int pipeline : divisors(device_count_)) {
      if (pipeline > layer_count(input_.workload)) continue;
      for (const int tensor : divisors(device_count_ / pipeline)) {
        if (tensor_problem(input_.workload, tensor)) continue;
        Parallelism shape = asked;
        shape.data = device_count_ / pipeline / tensor;
        shape.tensor = tensor;
        shape.pipeline = pipeline;
        if (input_.global_batch < shape.data) continue;
        for (const bool sequence_parallel : {false, true}) {
          shape.sequence_parallel = sequence_parallel;
          if (tensor > 1 || !sequence_parallel) try_experts(shape);
        }
      }
    }
    return result(at_most);
  }

 private:
  using Shape = std::tuple<int, int>;  // pipeline, tensor

  void try_experts(Parallelism p) {
    for (const int expert : expert_degrees(input_.workload, p.data)) {
      p.expert = expert;
      try_shape(p);
    }
  }

  void try_shape(const Parallelism& shape) {
    const int share = (input_.global_batch + shape.data - 1) / shape.data;
    for (const int micro_batch : micro_batches_of(share)) {
      Parallelism p = shape;
      p.micro_batch = micro_batch;
      p.schedule = PipelineSchedule::one_forward_one_backward;
      try_sharding(p);
      if (p.pipeline == 1) continue;
      p.schedule = PipelineSchedule::gpipe;
      try_sharding(p);
      p.schedule = PipelineSchedule::interleaved;
      for (p.chunks = 2; p.chunks <= 4; p.chunks *= 2) try_sharding(p);
    }
  }

  void try_sharding(Parallelism p) {
    for (const Sharding sharding :
         {Sharding::none, Sharding::optimizer, Sharding::gradients, Sharding::parameters}) {
      if (sharding != Sharding::none && p.data == 1) break;
      if (sharding == Sharding::parameters && p.pipeline > 1) break;
      p.sharding = sharding;
      // More recomputation only costs time: the least that fits is the best.
      for (const Recompute recompute : {Recompute::none, Recompute::selective, Recompute::full}) {
        p.recompute = recompute;
        if (try_one(p)) break;
      }
    }
  }

  bool try_one(const Parallelism& p) {
    ++considered_;
    const Shape shape{p.pipeline, p.tensor};
    const auto best = fastest_.find(shape);
    StepBreakdown step = estimator_.step_unless_slower(
        p, input_.global_batch, best == fastest_.end() ? INFINITY : best->second.time_s);
    if (!step.feasible()) {
      const auto [found, is_new] = refused_.try_emplace(shape, step);
      const bool fits_better =
          step.memory_per_device_gib && (!found->second.memory_per_device_gib ||
                                         *step.memory_per_device_gib < *found->second.memory_per_device_gib);
      if (!is_new && fits_better) found->second = step;
      return false;
    }
    const auto [found, is_new] = fastest_.try_emplace(shape, step);
    if (!is_new && step.time_s < found->second.time_s) found->second = step;
    return true;
  }

  std::size_t refused_only() const {
    return static_cast<std::size_t>(std::count_if(refused_.begin(), refused_.end(), [&](const auto& entry) {
      return !fastest_.contains(entry.first);
    }));
  }

  /// Of the configuration of a shape that comes nearest to fitting.
  static std::string refusal(const StepBreakdown& nearest) {
    if (!nearest.memory_per_device_gib) return nearest.infeasible_reason;
    return "does not fit: needs at least " + gib_text(nearest.memory.total_bytes()) + " of " +
           gib_text(nearest.memory_limit_bytes);
  }

  /// Nothing can run: the configuration that needs least memory says how much is missing.
  StepBreakdown nothing_runs() {
    const StepBreakdown* least = nullptr;
    for (const auto& [shape, step] : refused_) {
      const auto need = [](const StepBreakdown& s) { return s.memory_per_device_gib.value_or(INFINITY); };
      if (least == nullptr || need(step) < need(*least)) least = &step;
    }
    if (least == nullptr) return estimator_.step({.data = device_count_}, input_.global_batch);
    StepBreakdown nearest = *least;
    if (nearest.memory_per_device_gib)
      nearest.infeasible_reason = refusal(nearest) + ", divided as " + shape_text(nearest.parallelism) +
                                  "; more devices, or devices with more memory, are needed";
    return nearest;
  }

  std::string obstacle_to_data_parallelism() const {
    if (fastest_.contains(Shape{1, 1})) return "";
    if (input_.global_batch >= device_count_) return "the model does not fit undivided";
    return "a batch of " + std::to_string(input_.global_batch) + " is too small for " +
           std::to_string(device_count_) + " data-parallel ranks";
  }

  SearchResult result(std::size_t at_most) {
    SearchResult result;
    result.considered = considered_;
    std::vector<StepBreakdown> order;
    for (const auto& [shape, step] : fastest_) order.push_back(step);
    std::stable_sort(order.begin(), order.end(),
                     [](const StepBreakdown& a, const StepBreakdown& b) { return a.time_s < b.time_s; });
    if (order.empty()) {
      result.best = nothing_runs();
    } else {
      result.best = order.front();
      result.why = shape_text(order[0].parallelism) +
                   " wins: " + won_by(order[0], devices_per_node_, obstacle_to_data_parallelism());
      if (order.size() > 1) {
        result.why += "; the next best, " + shape_text(order[1].parallelism) + ", takes " +
                      lost_by(order[1], order[0], devices_per_node_);
      }
      // What does not fit is worth showing, but not instead of all that does.
      const std::size_t refused = std::min(refused_only(), at_most / 2);
      for (std::size_t i = 1; i < order.size() && result.runners_up.size() + refused < at_most; ++i) {
        result.runners_up.push_back({order[i], lost_by(order[i], order[0], devices_per_node_)});
      }
    }
    result.best.sources = estimator_.sources();
    for (const auto& [shape, step] : refused_) {
      if (!fastest_.contains(shape) && result.runners_up.size() < at_most)
        result.runners_up.push_back({step, refusal(step)});
    }
    return result;
  }

  const StepInput& input_;
  StepEstimator estimator_;
  int device_count_;
  int devices_per_node_;
  int considered_ = 0;
  std::map<Shape, StepBreakdown> fastest_, refused_;
};

}  // namespace

SearchResult search_parallelism(const StepInput& input, std::size_t at_most) {
  if (std::string problem = cluster_problem(input.cluster); !problem.empty()) {
    SearchResult result;
    result.best.infeasible_reason = problem;
    return result;
  }
  return Search(input).run(at_most);
}

}  // namespace spotmix::models
