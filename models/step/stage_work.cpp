#include "models/step/stage_work.h"

#include <algorithm>

#include "models/step/seconds.h"

namespace spotmix::models {
namespace {

/// From piece `boundary` to the next, or back: what its last layer hands on, over the link between their
/// stages.
double transfer_s(std::size_t boundary, StepCosts& costs, const Configuration& configuration) {
  const Parallelism& p = configuration.parallelism;
  const Layer& last = costs.workload().layers[(*configuration.stages)[boundary].back().layer];
  const double bytes =
      last.output_elements * configuration.samples * costs.operations().activation_element_bytes();
  const int stage = static_cast<int>(boundary) % p.pipeline;
  const Communicator& link = costs.stages_link(stage, (stage + 1) % p.pipeline, p);
  // Tensor-parallel ranks hold the same activations: each sends its part, and the receivers gather them.
  double time_s = link.time_s(Collective::send_receive, bytes / p.tensor);
  if (p.tensor > 1 && !p.sequence_parallel)
    time_s += costs.communicator(configuration.groups.tensor).time_s(Collective::all_gather, bytes);
  return time_s;
}

}  // namespace

PipelineWork pipeline_work(StepCosts& costs, const Configuration& configuration) {
  const Parallelism& p = configuration.parallelism;
  PipelineWork work{.schedule = p.schedule,
                    .devices = p.pipeline,
                    .chunks = p.chunks,
                    .micro_batches = configuration.micro_batches};
  const std::vector<PieceTime>& pieces = configuration.pieces;
  work.pieces.reserve(pieces.size());
  for (const PieceTime& piece : pieces)
    work.pieces.push_back({picoseconds(piece.forward_s), picoseconds(piece.backward_s)});
  if (p.pipeline == 1) return work;
  work.transfers.reserve(pieces.size() - 1);
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i)
    work.transfers.push_back(picoseconds(transfer_s(i, costs, configuration)));
  return work;
}

double least_time_s(const Configuration& configuration) {
  const auto devices = static_cast<std::size_t>(configuration.parallelism.pipeline);
  double longest_s = 0;
  for (std::size_t device = 0; device < devices; ++device) {
    double busy_s = 0;
    for (std::size_t piece = device; piece < configuration.pieces.size(); piece += devices)
      busy_s += configuration.pieces[piece].forward_s + configuration.pieces[piece].backward_s;
    longest_s = std::max(longest_s, busy_s);
  }
  return configuration.micro_batches * longest_s;
}

}  // namespace spotmix::models
