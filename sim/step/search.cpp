#include "sim/step/search.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "models/memory/fit.h"
#include "sim/step/cluster.h"
#include "sim/step/estimator.h"

namespace spotmix::sim {
namespace {

using models::Parallelism;
using models::PipelineSchedule;
using models::Recompute;
using models::Sharding;

std::vector<int> divisors(int value) {
  std::vector<int> all;
  for (int i = 1; i <= value; ++i) {
    if (value % i == 0) all.push_back(i);
  }
  return all;
}

std::string shape_text(const Parallelism& p) {
  std::string text = "data " + std::to_string(p.data);
  if (p.tensor > 1) text += " x tensor " + std::to_string(p.tensor);
  if (p.pipeline > 1) text += " x pipeline " + std::to_string(p.pipeline);
  return text;
}

std::string percent_text(double share) {
  if (share < 0.01) return "less than 1 %";
  return fmt::format("{:.0f} %", 100 * share);
}

/// Where `slower` loses most against `faster`.
std::string reason_of(const StepBreakdown& slower, const StepBreakdown& faster) {
  struct Part {
    double lost_s;
    const char* what;
  };
  const std::array<Part, 3> parts{
      {{slower.compute_s - faster.compute_s, slower.parallelism.recompute > faster.parallelism.recompute
                                                 ? "computing activations again to fit into memory"
                                                 : "less efficient kernels and work that is not divided"},
       {slower.exposed_communication_s - faster.exposed_communication_s,
        slower.parallelism.tensor > faster.parallelism.tensor ? "collectives inside every layer"
        : slower.parallelism.data > faster.parallelism.data   ? "exchanging gradients"
                                                              : "communication"},
       {slower.bubble_s - faster.bubble_s, "the pipeline's bubble"}}};
  const auto* most = std::max_element(parts.begin(), parts.end(),
                                      [](const Part& a, const Part& b) { return a.lost_s < b.lost_s; });
  return percent_text(slower.time_s / faster.time_s - 1) + " slower, mostly by " + most->what;
}

class Search {
 public:
  explicit Search(const StepInput& input)
      : input_(input), estimator_(input), device_count_(device_count(input.cluster)) {}

  SearchResult run(std::size_t at_most) {
    for (const int pipeline : divisors(device_count_)) {
      if (pipeline > models::layer_count(input_.workload)) continue;
      for (const int tensor : divisors(device_count_ / pipeline)) {
        if (!models::tensor_problem(input_.workload, tensor))
          try_shape({.data = device_count_ / pipeline / tensor, .tensor = tensor, .pipeline = pipeline});
      }
    }
    return result(at_most);
  }

 private:
  using Shape = std::tuple<int, int>;  // pipeline, tensor

  void try_shape(const Parallelism& shape) {
    if (input_.global_batch < shape.data) return;
    const int share = (input_.global_batch + shape.data - 1) / shape.data;
    for (int micro_batch = 1; micro_batch < 2 * share; micro_batch *= 2) {
      Parallelism p = shape;
      p.micro_batch = std::min(micro_batch, share);
      p.sequence_parallel = p.tensor > 1;
      try_sharding(p);
      if (p.pipeline == 1) continue;
      p.schedule = PipelineSchedule::interleaved;
      p.chunks = 2;
      try_sharding(p);
    }
  }

  void try_sharding(Parallelism p) {
    for (const Sharding sharding : {Sharding::none, Sharding::optimizer, Sharding::parameters}) {
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
    StepBreakdown step = estimator_.step(p, input_.global_batch);
    const Shape shape{p.pipeline, p.tensor};
    if (!step.feasible()) {
      refused_.try_emplace(shape, step);
      return false;
    }
    const auto [found, is_new] = fastest_.try_emplace(shape, step);
    if (!is_new && step.time_s < found->second.time_s) found->second = step;
    return true;
  }

  SearchResult result(std::size_t at_most) {
    SearchResult result;
    result.considered = considered_;
    std::vector<StepBreakdown> order;
    for (const auto& [shape, step] : fastest_) order.push_back(step);
    std::stable_sort(order.begin(), order.end(),
                     [](const StepBreakdown& a, const StepBreakdown& b) { return a.time_s < b.time_s; });
    if (order.empty()) {
      result.best = refused_.empty() ? estimator_.step({.data = device_count_}, input_.global_batch)
                                     : refused_.begin()->second;
      return result;
    }
    result.best = order.front();
    result.best.sources = estimator_.sources();
    if (order.size() > 1) {
      result.why = shape_text(order[0].parallelism) + " wins: " + shape_text(order[1].parallelism) + " is " +
                   reason_of(order[1], order[0]);
    }
    for (std::size_t i = 1; i < order.size() && result.runners_up.size() < at_most; ++i) {
      result.runners_up.push_back({order[i], reason_of(order[i], order[0])});
    }
    for (const auto& [shape, step] : refused_) {
      if (!fastest_.contains(shape) && result.runners_up.size() < at_most)
        result.runners_up.push_back({step, step.infeasible_reason});
    }
    return result;
  }

  const StepInput& input_;
  StepEstimator estimator_;
  int device_count_;
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

}  // namespace spotmix::sim
