// What `spotmix explain` shows: one training step of each mix and the layers behind it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/results/report.h"

namespace spotmix::reports {

/// One layer. FLOP are those of the matrix products of one sample; times are those of one micro-batch on the
/// device that the step waits for. All are of one repeat.
struct LayerFigures {
  std::string name;
  int repeat = 1;  ///< such layers follow one another
  double parameters = 0;
  double forward_flop = 0;
  double training_flop = 0;  ///< forward and backward
  std::optional<double> forward_s;
  std::optional<double> backward_s;
  std::optional<double> communication_s;  ///< collectives inside the layer, both passes, in the two above

  bool operator==(const LayerFigures&) const = default;
};

/// What communication is made of, hidden or not, in seconds of a step.
struct CommunicationFigures {
  double in_layers_s = 0;        ///< collectives of tensor and expert parallelism
  double weights_s = 0;          ///< sharded weights gathered, their gradients scattered
  double between_stages_s = 0;   ///< activations and their gradients
  double gradients_s = 0;        ///< gradients of data-parallel ranks made one
  double tied_embeddings_s = 0;  ///< gradients of an embedding on the first and the last stage
};

/// Another way to divide the step, and why it lost.
struct RunnerUp {
  ParallelismFigures parallelism;
  std::optional<double> time_s;  ///< unknown where it cannot run
  std::optional<double> memory_per_device_gib;
  std::string why;
};

/// One stretch of training with inputs of its own.
struct PhaseFigures {
  std::string name;
  double samples = 0;
  int global_batch = 0;
  std::optional<int> image_size;
  std::optional<int> sequence_length;
  std::optional<double> step_s;  ///< unknown where it cannot run
};

struct ExplainedMix {
  std::string name;
  std::optional<std::string> infeasible_reason;
  std::optional<StepFigures> step;      ///< with phases: of the one that takes longest
  std::optional<MemoryFigures> memory;  ///< also of a step that does not fit
  std::optional<CommunicationFigures> communication;
  std::string why;    ///< one sentence, where the parallelism was searched for
  std::string rates;  ///< By composition, of a mix of several instance types; empty of others.
  std::vector<RunnerUp> runners_up;
  int considered = 0;  ///< ways to divide the step that were looked at
  std::vector<PhaseFigures> phases;
  std::vector<LayerFigures> layers;
  std::vector<models::Source> sources;  ///< where the figures are from
};

struct Explanation {
  std::string spotmix_version;
  std::string scenario;
  std::vector<std::string> settings;  ///< What --set changed in the scenario's file, "PATH=VALUE" each.
  std::vector<ExplainedMix> mixes;
};

}  // namespace spotmix::reports
