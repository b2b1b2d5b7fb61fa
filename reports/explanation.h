// What `spotmix explain` shows: one training step of each mix and the layers behind it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/report.h"

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

  bool operator==(const LayerFigures&) const = default;
};

struct ExplainedMix {
  std::string name;
  std::optional<std::string> infeasible_reason;
  std::optional<StepFigures> step;
  std::vector<LayerFigures> layers;
  std::vector<models::Source> sources;  ///< where the figures are from
};

struct Explanation {
  std::string spotmix_version;
  std::string scenario;
  std::vector<ExplainedMix> mixes;
};

}  // namespace spotmix::reports
