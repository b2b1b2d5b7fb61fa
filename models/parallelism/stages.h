// Which layers each piece of a pipeline holds: a piece is a stage, or under the interleaved schedule one of
// the chunks of a stage.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/parallelism/parallelism.h"
#include "models/workload/workload.h"

namespace spotmix::models {

/// `count` repeats of workload.layers[layer].
struct LayerShare {
  std::size_t layer = 0;
  int count = 1;
};

using Stage = std::vector<LayerShare>;

/// Pieces that the settings cut a model into: stages × chunks.
int pipeline_pieces(const Parallelism& parallelism);

/// Layers that are dealt out over `pieces` pieces: those that repeat (a transformer's), or every layer where
/// fewer than that repeat.
int dealt_layers(const Workload& workload, int pieces);

/// Cuts the layers into `pieces` consecutive stages. Transformer layers (and other repeated layers) are dealt
/// out evenly, the first pieces taking one more where they do not divide; what precedes them goes to the
/// first piece and what follows to the last, as Megatron-LM does. A chain without repeated layers is cut
/// where the FLOP come nearest to equal shares. `pieces` is at most layer_count(workload).
std::vector<Stage> divide_into_stages(const Workload& workload, int pieces);

/// The same, or with as many dealt layers in each piece as stage_layers says. Without stage_problem.
std::vector<Stage> divide_into_pieces(const Workload& workload, const Parallelism& parallelism);

/// What each device of the pipeline holds: all of its pieces.
std::vector<Stage> device_stages(const Workload& workload, const Parallelism& parallelism);

/// How many of the dealt layers each piece holds: stage_layers, or what stands for it where that is empty.
std::vector<int> layers_of_pieces(const Workload& workload, const Parallelism& parallelism);

/// Why stage_layers cannot cut the model: not one number for each piece, too many or too few layers, a piece
/// without any. Nothing where it can, or is empty.
[[nodiscard]] std::optional<std::string> stage_problem(const Workload& workload,
                                                       const Parallelism& parallelism);

}  // namespace spotmix::models
