#include "models/parallelism/stages.h"

#include <algorithm>

namespace spotmix::models {
namespace {

double training_flop(const Layer& layer) {
  double sum = 0;
  for (const auto* products : {&layer.forward, &layer.input_gradient, &layer.weight_gradient}) {
    for (const MatrixProduct& product : *products) sum += flop(product);
  }
  return sum;
}

std::vector<Stage> deal_out(const Workload& workload, int repeated, int pieces) {
  std::vector<Stage> stages(static_cast<std::size_t>(pieces));
  const auto last = workload.layers.size();
  std::size_t piece = 0;
  const auto share = [&](std::size_t i) {
    return repeated / pieces + (static_cast<int>(i) < repeated % pieces ? 1 : 0);
  };
  int room = share(0);
  for (std::size_t layer = 0; layer < last; ++layer) {
    int left = workload.layers[layer].repeat;
    if (left == 1) {
      stages[piece].push_back({layer, 1});
      continue;
    }
    while (left > 0) {
      if (room == 0) room = share(++piece);
      const int taken = std::min(left, room);
      stages[piece].push_back({layer, taken});
      left -= taken;
      room -= taken;
    }
  }
  return stages;
}

std::vector<Stage> cut_by_flop(const Workload& workload, int pieces) {
  double total = 0;
  for (const Layer& layer : workload.layers) total += layer.repeat * training_flop(layer);
  const auto count = static_cast<std::size_t>(layer_count(workload));
  std::vector<Stage> stages(static_cast<std::size_t>(pieces));
  std::size_t piece = 0;
  std::size_t placed = 0;
  double done = 0;
  for (std::size_t index = 0; index < workload.layers.size(); ++index) {
    const Layer& layer = workload.layers[index];
    for (int repeat = 0; repeat < layer.repeat; ++repeat) {
      const std::size_t pieces_after = stages.size() - piece - 1;
      const double middle = done + training_flop(layer) / 2;
      const bool share_full = middle > total * static_cast<double>(piece + 1) / pieces;
      const bool must_move = count - placed == pieces_after;
      if (!stages[piece].empty() && pieces_after > 0 && (share_full || must_move)) ++piece;
      Stage& stage = stages[piece];
      if (!stage.empty() && stage.back().layer == index) {
        ++stage.back().count;
      } else {
        stage.push_back({index, 1});
      }
      done += training_flop(layer);
      ++placed;
    }
  }
  return stages;
}

}  // namespace

std::vector<Stage> divide_into_stages(const Workload& workload, int pieces) {
  int repeated = 0;
  for (const Layer& layer : workload.layers) repeated += layer.repeat > 1 ? layer.repeat : 0;
  return repeated >= pieces ? deal_out(workload, repeated, pieces) : cut_by_flop(workload, pieces);
}

}  // namespace spotmix::models
