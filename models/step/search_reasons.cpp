#include "models/step/search_reasons.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "models/parallelism/stages.h"

namespace spotmix::models {
namespace {

/// Shares below which two times are called alike.
constexpr double kAlike = 0.005;

std::string more_time(double share) {
  return share < kAlike ? "less than +1 %" : fmt::format("+{:.0f} %", 100 * share);
}

bool spans_nodes(int ranks, int stride, int devices_per_node) {
  return ranks > 1 && ranks * stride > devices_per_node;
}

/// Where every stage holds the same number of repeated layers, the head or the embedding makes one longer.
std::string uneven_clause(const Workload& workload, const Parallelism& p) {
  const std::vector<int> layers = layers_of_pieces(workload, p);
  const auto [fewest, most] = std::minmax_element(layers.begin(), layers.end());
  if (fewest != layers.end() && *fewest != *most) return "layers do not divide evenly over the stages";
  if (workload.layers.back().kind == LayerKind::head) return "the last stage also holds the head";
  if (workload.layers.front().kind == LayerKind::embedding) return "the first stage also holds the embedding";
  return "layers of different size do not divide evenly over the stages";
}

std::string compute_clause(const Workload& workload, const Parallelism& slower, const Parallelism& faster) {
  if (slower.recompute > faster.recompute) return "activations are computed again so that it fits";
  if (slower.tensor > faster.tensor) return "smaller matrix products run less efficiently";
  if (slower.micro_batch < faster.micro_batch) return "smaller micro-batches run less efficiently";
  if (slower.pipeline > faster.pipeline) return uneven_clause(workload, slower);
  if (slower.data > faster.data) return "every device updates all parameters";
  return "less efficient kernels";
}

std::string in_layers_clause(const Parallelism& slower, int devices_per_node) {
  if (slower.tensor == 1) return "samples travel to their experts or tables and back";
  if (spans_nodes(slower.tensor, 1, devices_per_node)) return "tensor all-reduce crosses nodes";
  return "tensor all-reduce in every layer";
}

std::string gradients_clause(const Parallelism& slower, int devices_per_node) {
  if (spans_nodes(slower.data, slower.tensor, devices_per_node))
    return "gradients are exchanged across nodes";
  return "gradients are exchanged";
}

std::string bubble_clause(const Parallelism& slower) {
  return fmt::format("the bubble of {} pipeline stages", slower.pipeline);
}

}  // namespace

std::string shape_text(const Parallelism& p) {
  std::string text = "data " + std::to_string(p.data);
  if (p.tensor > 1) text += " × tensor " + std::to_string(p.tensor);
  if (p.pipeline > 1) text += " × pipeline " + std::to_string(p.pipeline);
  if (p.expert > 1) text += ", expert " + std::to_string(p.expert);
  return text;
}

std::string lost_by(const StepBreakdown& slower, const StepBreakdown& faster, const Workload& workload,
                    int devices_per_node) {
  const Parallelism& p = slower.parallelism;
  // Only exposed communication costs time; it is charged to its kinds in proportion.
  const auto exposed = [](const StepBreakdown& step, double part_s) {
    const double all_s = step.communication.total_s();
    return all_s > 0 ? step.exposed_communication_s * part_s / all_s : 0;
  };
  const auto lost = [&](double CommunicationParts::*part) {
    return exposed(slower, slower.communication.*part) - exposed(faster, faster.communication.*part);
  };
  const std::array<std::pair<double, std::string>, 7> losses{
      {{slower.compute_s - faster.compute_s, compute_clause(workload, p, faster.parallelism)},
       {lost(&CommunicationParts::in_layers_s), in_layers_clause(p, devices_per_node)},
       {lost(&CommunicationParts::weights_s), "sharded weights are gathered for every pass"},
       {lost(&CommunicationParts::between_stages_s), "activations are sent between stages"},
       {lost(&CommunicationParts::gradients_s), gradients_clause(p, devices_per_node)},
       {lost(&CommunicationParts::tied_embeddings_s),
        "the first and the last stage exchange tied embeddings"},
       {slower.bubble_s - faster.bubble_s, bubble_clause(p)}}};
  const auto* most = std::max_element(losses.begin(), losses.end(),
                                      [](const auto& a, const auto& b) { return a.first < b.first; });
  return more_time(slower.time_s / faster.time_s - 1) + ": " + most->second;
}

std::string won_by(const StepBreakdown& best, int devices_per_node, const std::string& obstacle) {
  const Parallelism& p = best.parallelism;
  if (p.tensor == 1 && p.pipeline == 1 && p.expert > 1)
    return fmt::format(
        "{} ranks share the experts or tables, and only samples on their way there are exchanged "
        "beside gradients",
        p.expert);
  if (p.tensor == 1 && p.pipeline == 1 && p.sharding == Sharding::parameters)
    return "weights and state are divided over the ranks, and gathering weights hides behind the layers";
  if (p.tensor == 1 && p.pipeline == 1 && p.sharding != Sharding::none)
    return "weights fit on every device once the rest of the state is divided, and only gradients are "
           "exchanged";
  if (p.tensor == 1 && p.pipeline == 1)
    return p.data == 1 ? "one device does everything"
                       : "the model fits on every device, and only gradients are exchanged";
  std::string text = obstacle.empty() ? "" : obstacle + ", and ";
  if (p.pipeline > 1 && p.tensor == 1) return text + "stages hand on nothing but activations";
  const bool inside = !spans_nodes(p.tensor, 1, devices_per_node);
  text += inside ? "the all-reduces of its layers stay inside a node" : "its layers are divided across nodes";
  if (p.pipeline > 1) text += ", stages hand on only activations";
  return text;
}

}  // namespace spotmix::models
