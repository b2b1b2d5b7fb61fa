#include "models/step/search.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <tuple>

#include "models/memory/fit.h"
#include "models/parallelism/experts.h"
#include "models/parallelism/stages.h"
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

/// The one value that holds, or all that there are.
template <class Value>
std::vector<Value> choices(bool fixed, Value value, std::vector<Value> all) {
  return fixed ? std::vector<Value>{value} : all;
}

class Search {
 public:
  Search(const StepInput& input, const FixedSettings& fixed)
      : input_(input),
        asked_(input.parallelism.value_or(Parallelism{})),
        fixed_(fixed),
        estimator_(input),
        device_count_(device_count(input.cluster)),
        devices_per_node_(topology_of(input.cluster).node.devices) {}

  SearchResult run(std::size_t at_most) {
    for (const int pipeline : divisors(device_count_)) {
      if (pipeline > layer_count(input_.workload)) continue;
      for (const int tensor : divisors(device_count_ / pipeline)) {
        if (tensor_problem(input_.workload, tensor)) continue;
        Parallelism shape = asked_;
        shape.data = device_count_ / pipeline / tensor;
        shape.tensor = tensor;
        shape.pipeline = pipeline;
        if (input_.global_batch < shape.data || !is_asked_for(shape)) continue;
        if (tensor == 1) {
          shape.sequence_parallel = false;
          try_experts(shape);
          continue;
        }
        for (const bool sequence_parallel :
             choices(fixed_.sequence_parallel, asked_.sequence_parallel, {false, true})) {
          shape.sequence_parallel = sequence_parallel;
          try_experts(shape);
        }
      }
    }
    return result(at_most);
  }

 private:
  using Shape = std::tuple<int, int>;  // pipeline, tensor

  bool sums_gradients() const { return asked_.gradient_sync == GradientSync::all_reduce; }

  bool is_asked_for(const Parallelism& shape) const {
    const bool whole = shape.tensor == 1 && shape.pipeline == 1;
    return (!fixed_.data || shape.data == asked_.data) && (!fixed_.tensor || shape.tensor == asked_.tensor) &&
           (!fixed_.pipeline || shape.pipeline == asked_.pipeline) && (whole || sums_gradients());
  }

  void try_experts(Parallelism p) {
    std::vector<int> degrees = expert_degrees(input_.workload, p.data);
    if (!sums_gradients()) degrees = {1};
    for (const int expert : choices(fixed_.expert, asked_.expert, std::move(degrees))) {
      p.expert = expert;
      try_shape(p);
    }
  }

  void try_shape(const Parallelism& shape) {
    const int share = (input_.global_batch + shape.data - 1) / shape.data;
    for (const int micro_batch : choices(fixed_.micro_batch, asked_.micro_batch, micro_batches_of(share))) {
      if (micro_batch > share) continue;
      Parallelism p = shape;
      p.micro_batch = micro_batch;
      p.chunks = 1;
      for (const PipelineSchedule schedule : schedules(p)) {
        p.schedule = schedule;
        if (schedule == PipelineSchedule::interleaved) {
          for (const int chunks : choices(fixed_.chunks, asked_.chunks, {2, 4})) {
            p.chunks = chunks;
            try_sharding(p);
          }
        } else {
          try_sharding(p);
        }
      }
    }
  }

  std::vector<PipelineSchedule> schedules(const Parallelism& p) const {
    using enum PipelineSchedule;
    if (p.pipeline == 1) return {one_forward_one_backward};
    if (fixed_.chunks && asked_.chunks > 1) return {interleaved};
    return choices(fixed_.schedule, asked_.schedule, {one_forward_one_backward, gpipe, interleaved});
  }

  std::vector<Sharding> shardings(const Parallelism& p) const {
    using enum Sharding;
    std::vector<Sharding> all{none};
    if (p.data > 1 && sums_gradients()) all.insert(all.end(), {optimizer, gradients});
    if (all.size() > 1 && p.pipeline == 1) all.push_back(parameters);
    return choices(fixed_.sharding, asked_.sharding, std::move(all));
  }

  void try_sharding(Parallelism p) {
    // The stages' layers say how many pieces there are.
    const auto pieces = static_cast<std::size_t>(pipeline_pieces(p));
    if (!p.stage_layers.empty() && p.stage_layers.size() != pieces) return;
    for (const Sharding sharding : shardings(p)) {
      p.sharding = sharding;
      // More recomputation only costs time: the least that fits is the best.
      for (const Recompute recompute : choices(fixed_.recompute, asked_.recompute,
                                               {Recompute::none, Recompute::selective, Recompute::full})) {
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
    if (least == nullptr) return nothing_was_tried();
    // Of settings that hold, the step itself says which to change.
    if (fixed_ != FixedSettings{}) return estimator_.step(least->parallelism, input_.global_batch);
    StepBreakdown nearest = *least;
    if (nearest.memory_per_device_gib)
      nearest.infeasible_reason = refusal(nearest) + ", divided as " + shape_text(nearest.parallelism) +
                                  "; more devices, or devices with more memory, are needed";
    return nearest;
  }

  /// The fixed settings, with plain ones for the others, say what is in the way.
  StepBreakdown nothing_was_tried() {
    Parallelism p = asked_;
    if (!fixed_.data) p.data = std::max(1, device_count_ / (p.tensor * p.pipeline));
    StepBreakdown step = estimator_.step(p, input_.global_batch);
    if (step.feasible())
      step.infeasible_reason = "no division of " + std::to_string(device_count_) +
                               " devices and a batch of " + std::to_string(input_.global_batch) +
                               " has the settings given";
    return step;
  }

  std::string obstacle_to_data_parallelism() const {
    if (fastest_.contains(Shape{1, 1})) return "";
    if (!is_asked_for({.data = device_count_})) return "";
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
                      lost_by(order[1], order[0], input_.workload, devices_per_node_);
      }
      // What does not fit is worth showing, but not instead of all that does.
      const std::size_t refused = std::min(refused_only(), at_most / 2);
      for (std::size_t i = 1; i < order.size() && result.runners_up.size() + refused < at_most; ++i) {
        result.runners_up.push_back(
            {order[i], lost_by(order[i], order[0], input_.workload, devices_per_node_)});
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
  Parallelism asked_;
  FixedSettings fixed_;
  StepEstimator estimator_;
  int device_count_;
  int devices_per_node_;
  int considered_ = 0;
  std::map<Shape, StepBreakdown> fastest_, refused_;
};

}  // namespace

SearchResult search_parallelism(const StepInput& input, const FixedSettings& fixed, std::size_t at_most) {
  if (std::string problem = cluster_problem(input.cluster); !problem.empty()) {
    SearchResult result;
    result.best.infeasible_reason = problem;
    return result;
  }
  return Search(input, fixed).run(at_most);
}

}  // namespace spotmix::models
