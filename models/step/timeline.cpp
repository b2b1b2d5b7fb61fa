#include "models/step/timeline.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "models/step/seconds.h"

namespace spotmix::models {
namespace {

/// Beyond this many spans the layers within each pass are left out: they would be indistinguishable.
constexpr std::size_t kMostLayerSpans = 20'000;

std::string links_of(const std::string& row) {
  return row + ": links";
}

std::string mebibytes(double bytes) {
  return fmt::format("{:.1f} MiB", bytes / 1048576.0);
}

class TimelineWriter {
 public:
  explicit TimelineWriter(const FinishedStep& step) : step_(step) {}

  std::vector<Span> write() {
    add_passes();
    if (gathers_weights())
      add_gathered_weights();
    else if (shows_layers())
      add_layers();
    for (std::size_t device = 0; device < step_.run.end.size(); ++device) {
      add_gradients(device);
      add(row_of(device), "update", step_.all_ready_s + step_.tied_s, step_.update_s);
    }
    if (step_.tied_s > 0) add_tied();
    if (step_.wait_s > 0) add_wait();
    return std::move(spans_);
  }

 private:
  const Configuration& configuration() const { return step_.configuration; }
  const Parallelism& parallelism() const { return step_.configuration.parallelism; }

  void add(std::string row, std::string name, double start_s, double length_s) {
    spans_.push_back({std::move(row), std::move(name), picoseconds(start_s), picoseconds(length_s)});
  }

  /// Ranks are numbered as Megatron-LM does: those of one stage follow one another.
  std::string row_of(std::size_t stage) const {
    const Parallelism& p = parallelism();
    const auto count = static_cast<std::size_t>(p.data) * static_cast<std::size_t>(p.tensor);
    const std::string devices = count == 1
                                    ? fmt::format("device {}", stage)
                                    : fmt::format("devices {}–{}", stage * count, stage * count + count - 1);
    return p.pipeline == 1 ? devices : fmt::format("stage {}: {}", stage, devices);
  }

  /// The pipeline knows stages alone: its rows are "stage 0" and "stage 0: links".
  void add_passes() {
    std::map<std::string, std::string> rows;
    for (std::size_t stage = 0; stage < static_cast<std::size_t>(parallelism().pipeline); ++stage) {
      const std::string plain = fmt::format("stage {}", stage);
      rows[plain] = row_of(stage);
      rows[links_of(plain)] = links_of(row_of(stage));
    }
    spans_ = step_.details.passes;
    for (Span& span : spans_) span.row = rows[span.row];
    passes_ = spans_.size();
  }

  /// Waiting for sharded weights is part of a pass but of none of its layers.
  bool gathers_weights() const {
    return parallelism().sharding == Sharding::parameters && configuration().data_group != nullptr;
  }

  bool shows_layers() const {
    std::size_t layers = 0;
    for (const Stage& stage : *configuration().stages) {
      for (const LayerShare& share : stage) layers += static_cast<std::size_t>(share.count);
    }
    return layers * 2 * static_cast<std::size_t>(configuration().micro_batches) <= kMostLayerSpans;
  }

  std::size_t place_of(const Span& pass) const {
    return configuration().place(pass.chunk, static_cast<std::size_t>(pass.device));
  }

  void add_layers() {
    for (std::size_t i = 0; i < passes_; ++i) {
      const Span pass = spans_[i];  // a copy: spans_ grows
      if (pass.device >= 0) add_layers_of(pass);
    }
  }

  void add_layers_of(const Span& pass) {
    Stage stage = (*configuration().stages)[place_of(pass)];
    if (!pass.forward) std::reverse(stage.begin(), stage.end());
    double at_s = in_seconds(pass.start);
    for (const LayerShare& share : stage) {
      const LayerCost& both = (*configuration().layers)[share.layer];
      const PassCost& cost = pass.forward ? both.forward : both.backward;
      const std::string& name = step_.workload->layers[share.layer].name;
      const double length_s = cost.total_s();
      for (int i = 0; i < share.count; ++i) {
        add(pass.row, name, at_s, length_s);
        if (cost.communication_s > 0)
          add(links_of(pass.row), "collectives of " + name, at_s + length_s - cost.communication_s,
              cost.communication_s);
        at_s += length_s;
      }
    }
  }

  void add_gathered_weights() {
    for (std::size_t i = 0; i < passes_; ++i) {
      const Span pass = spans_[i];  // a copy: spans_ grows
      if (pass.device < 0) continue;
      const double weights_s = configuration().pieces[place_of(pass)].weights_s * (pass.forward ? 1 : 2) / 3;
      spans_.push_back({links_of(pass.row),
                        pass.forward ? "gather weights" : "gather weights, scatter gradients", pass.start,
                        picoseconds(std::min(in_seconds(pass.length), weights_s))});
    }
  }

  /// Buckets, or what goes through servers, of one stage after its last backward pass.
  void add_gradients(std::size_t device) {
    if (configuration().data_group == nullptr) return;
    const std::string row = row_of(device);
    const GradientTail& tail = step_.tails[device];
    const double end_s = in_seconds(step_.run.end[device]);
    if (tail.exposed_s + tail.slowdown_s > 0)
      add(row, "wait for gradients", end_s, tail.exposed_s + tail.slowdown_s);
    if (parallelism().gradient_sync != GradientSync::all_reduce) {
      add(links_of(row),
          parallelism().gradient_sync == GradientSync::parameter_server
              ? "gradients to the servers, weights back"
              : "weights to the driver and back, share of one step",
          std::max(0.0, end_s + tail.exposed_s - tail.busy_s), tail.busy_s);
      return;
    }
    if (tail.rows_s > 0)
      add(links_of(row), "rows of the tables", end_s + tail.exposed_s + tail.slowdown_s - tail.rows_s,
          tail.rows_s);
    const char* collective = parallelism().sharding == Sharding::none ? "all-reduce " : "reduce-scatter ";
    const auto& [backward_s, buckets] = step_.details.buckets[device];
    for (const BucketTime& bucket : buckets)
      add(links_of(row), collective + mebibytes(bucket.bytes), end_s - backward_s + bucket.start_s,
          bucket.length_s);
  }

  /// The exchange of the embedding that the first and the last stage both hold.
  void add_tied() {
    for (const std::size_t stage : {std::size_t{0}, static_cast<std::size_t>(parallelism().pipeline) - 1}) {
      add(links_of(row_of(stage)), "all-reduce of tied embeddings " + mebibytes(step_.details.tied_bytes),
          step_.all_ready_s, step_.tied_s);
    }
  }

  void add_wait() {
    for (std::size_t stage = 0; stage < static_cast<std::size_t>(parallelism().pipeline); ++stage) {
      add(row_of(stage), "wait for the slowest device", step_.all_ready_s + step_.tied_s + step_.update_s,
          step_.wait_s);
    }
  }

  const FinishedStep& step_;
  std::vector<Span> spans_;
  std::size_t passes_ = 0;
};

}  // namespace

std::vector<Span> timeline_of(const FinishedStep& step) {
  return TimelineWriter(step).write();
}

}  // namespace spotmix::models
