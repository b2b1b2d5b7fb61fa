// The step as a timeline: a row for the devices of each stage, which all do the same, and one for their
// links.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "models/step/estimator.h"
#include "models/step/seconds.h"

namespace spotmix::models {
namespace {

/// Beyond so many spans the layers within each pass are left out: nobody finds anything among more.
constexpr std::size_t kMostLayerSpans = 20'000;

std::string links_of(const std::string& row) {
  return row + ": links";
}

std::string mebibytes(double bytes) {
  return fmt::format("{:.1f} MiB", bytes / 1048576.0);
}

}  // namespace

/// Ranks are numbered as Megatron-LM does: those of one stage follow one another.
std::string StepEstimator::row_of(int stage, const Parallelism& p) {
  const int count = p.data * p.tensor;
  const std::string devices = count == 1
                                  ? fmt::format("device {}", stage)
                                  : fmt::format("devices {}–{}", stage * count, stage * count + count - 1);
  return p.pipeline == 1 ? devices : fmt::format("stage {}: {}", stage, devices);
}

void StepEstimator::draw_layers(const Question& question, const Span& pass, std::vector<Span>& spans) {
  Stage stage = (*question.stages)[question.place(pass.chunk, static_cast<std::size_t>(pass.device))];
  if (!pass.forward) std::reverse(stage.begin(), stage.end());
  double at_s = in_seconds(pass.start);
  for (const LayerShare& share : stage) {
    const LayerCost& both = layer_cost(share.layer, question);
    const PassCost& cost = pass.forward ? both.forward : both.backward;
    for (int i = 0; i < share.count; ++i) {
      const std::string& name = input_.workload.layers[share.layer].name;
      const double length_s = cost.total_s();
      spans.push_back({pass.row, name, picoseconds(at_s), picoseconds(length_s)});
      if (cost.communication_s > 0) {
        spans.push_back({links_of(pass.row), "collectives of " + name,
                         picoseconds(at_s + length_s - cost.communication_s),
                         picoseconds(cost.communication_s)});
      }
      at_s += length_s;
    }
  }
}

/// Buckets, or what goes through servers, of one stage; its last backward ends at `end_s`.
void StepEstimator::draw_gradients(const Question& question, std::size_t device, double end_s,
                                   std::vector<Span>& spans) {
  const Parallelism& p = question.parallelism;
  if (question.data_group == nullptr) return;
  const std::string row = row_of(static_cast<int>(device), p);
  const Tail tail = gradient_tail(device, question);
  if (tail.exposed_s + tail.slowdown_s > 0)
    spans.push_back(
        {row, "wait for gradients", picoseconds(end_s), picoseconds(tail.exposed_s + tail.slowdown_s)});
  if (p.gradient_sync != GradientSync::all_reduce) {
    const char* name = p.gradient_sync == GradientSync::parameter_server
                           ? "gradients to the servers, weights back"
                           : "weights to the driver and back, share of one step";
    const double start_s = end_s + tail.exposed_s - tail.busy_s;
    spans.push_back({links_of(row), name, picoseconds(std::max(0.0, start_s)), picoseconds(tail.busy_s)});
    return;
  }
  if (tail.rows_s > 0)
    spans.push_back({links_of(row), "rows of the tables",
                     picoseconds(end_s + tail.exposed_s + tail.slowdown_s - tail.rows_s),
                     picoseconds(tail.rows_s)});
  if (p.sharding == Sharding::parameters) return;
  const std::vector<GradientRun> runs = gradient_runs(device, question);
  double backward_s = 0;
  for (const GradientRun& run : runs) backward_s += run.count * run.backward_s;
  const bool sharded = p.sharding != Sharding::none;
  const GradientBytes mixture = mixture_of(device, question);
  for (const BucketTime& bucket : bucket_times(
           gradient_buckets(runs, p), [&](double bytes) { return bucket_s(question, mixture, bytes); })) {
    spans.push_back({links_of(row), (sharded ? "reduce-scatter " : "all-reduce ") + mebibytes(bucket.bytes),
                     picoseconds(end_s - backward_s + bucket.start_s), picoseconds(bucket.length_s)});
  }
}

void StepEstimator::draw(const Question& question, const PipelineRun& run, double update_s,
                         double all_ready_s, std::vector<Span>& spans) {
  const Parallelism& p = question.parallelism;
  std::map<std::string, std::string> rows;
  for (int stage = 0; stage < p.pipeline; ++stage) {
    const std::string plain = fmt::format("stage {}", stage);
    rows[plain] = row_of(stage, p);
    rows[links_of(plain)] = links_of(rows[plain]);
  }
  for (Span& span : spans) span.row = rows[span.row];
  std::size_t layers = 0;
  for (const Stage& stage : *question.stages) {
    for (const LayerShare& share : stage) layers += static_cast<std::size_t>(share.count);
  }
  // Waiting for sharded weights is part of a pass but of none of its layers.
  const bool gathers = p.sharding == Sharding::parameters && question.data_group != nullptr;
  const std::size_t passes = spans.size();
  if (layers * 2 * static_cast<std::size_t>(question.micro_batches) <= kMostLayerSpans && !gathers) {
    for (std::size_t i = 0; i < passes; ++i) {
      const Span pass = spans[i];
      if (pass.device >= 0) draw_layers(question, pass, spans);
    }
  }
  if (gathers) {
    for (std::size_t i = 0; i < passes; ++i) {
      const Span pass = spans[i];
      if (pass.device < 0) continue;
      const Piece& piece = question.pieces[question.place(pass.chunk, static_cast<std::size_t>(pass.device))];
      const double link_s = std::min(in_seconds(pass.length), piece.weights_s * (pass.forward ? 1 : 2) / 3);
      spans.push_back({links_of(pass.row),
                       pass.forward ? "gather weights" : "gather weights, scatter gradients", pass.start,
                       picoseconds(link_s)});
    }
  }
  for (std::size_t device = 0; device < run.end.size(); ++device) {
    draw_gradients(question, device, in_seconds(run.end[device]), spans);
    spans.push_back(
        {row_of(static_cast<int>(device), p), "update", picoseconds(all_ready_s), picoseconds(update_s)});
  }
}

/// The exchange of the embedding that the first and the last stage both hold.
void StepEstimator::draw_tied(const Question& question, double start_s, double length_s,
                              std::vector<Span>& spans) const {
  const Parallelism& p = question.parallelism;
  for (const int stage : {0, p.pipeline - 1}) {
    spans.push_back({links_of(row_of(stage, p)), "all-reduce of tied embeddings " + mebibytes(tied_bytes(p)),
                     picoseconds(start_s), picoseconds(length_s)});
  }
}

void StepEstimator::draw_wait(const Question& question, double end_s, double wait_s,
                              std::vector<Span>& spans) {
  for (int stage = 0; stage < question.parallelism.pipeline; ++stage) {
    spans.push_back({row_of(stage, question.parallelism), "wait for the slowest device", picoseconds(end_s),
                     picoseconds(wait_s)});
  }
}

}  // namespace spotmix::models
