#include "models/parallelism/stages.h"

#include <algorithm>
#include <numeric>

namespace spotmix::models {
namespace {

double training_flop(const Layer& layer) {
  double sum = 0;
  for (const auto* products : {&layer.forward, &layer.input_gradient, &layer.weight_gradient}) {
    for (const MatrixProduct& product : *products) sum += flop(product);
  }
  return sum;
}

int repeated_layers(const Workload& workload) {
  int repeated = 0;
  for (const Layer& layer : workload.layers) repeated += layer.repeat > 1 ? layer.repeat : 0;
  return repeated;
}

/// As even as they go, the first pieces taking one more.
std::vector<int> equal_shares(int layers, int pieces) {
  std::vector<int> shares(static_cast<std::size_t>(pieces), layers / pieces);
  for (int i = 0; i < layers % pieces; ++i) ++shares[static_cast<std::size_t>(i)];
  return shares;
}

/// Deals out the layers that repeat, or all; the others stay with those before them, and behind the last one
/// dealt they go to the last piece.
std::vector<Stage> deal_out(const Workload& workload, std::vector<int> shares, bool deal_all) {
  std::vector<Stage> stages(shares.size());
  int to_deal = std::accumulate(shares.begin(), shares.end(), 0);
  std::size_t piece = 0;
  for (std::size_t layer = 0; layer < workload.layers.size(); ++layer) {
    int left = workload.layers[layer].repeat;
    if (left == 1 && !deal_all) {
      stages[to_deal == 0 ? stages.size() - 1 : piece].push_back({layer, 1});
      continue;
    }
    while (left > 0) {
      while (shares[piece] == 0) ++piece;
      const int taken = std::min(left, shares[piece]);
      stages[piece].push_back({layer, taken});
      left -= taken;
      to_deal -= taken;
      shares[piece] -= taken;
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

/// "stage 3", or "chunk 2 of stage 3".
std::string piece_text(std::size_t piece, const Parallelism& p) {
  const auto stages = static_cast<std::size_t>(p.pipeline);
  std::string stage = "stage " + std::to_string(piece % stages + 1);
  if (pipeline_pieces(p) == p.pipeline) return stage;
  return "chunk " + std::to_string(piece / stages + 1) + " of " + stage;
}

}  // namespace

int pipeline_pieces(const Parallelism& p) {
  return p.schedule == PipelineSchedule::interleaved ? p.pipeline * p.chunks : p.pipeline;
}

int dealt_layers(const Workload& workload, int pieces) {
  const int repeated = repeated_layers(workload);
  return repeated >= pieces ? repeated : layer_count(workload);
}

std::vector<Stage> divide_into_stages(const Workload& workload, int pieces) {
  const int repeated = repeated_layers(workload);
  return repeated >= pieces ? deal_out(workload, equal_shares(repeated, pieces), false)
                            : cut_by_flop(workload, pieces);
}

std::vector<Stage> divide_into_pieces(const Workload& workload, const Parallelism& p) {
  const int pieces = pipeline_pieces(p);
  if (p.stage_layers.empty()) return divide_into_stages(workload, pieces);
  return deal_out(workload, p.stage_layers, repeated_layers(workload) < pieces);
}

std::vector<Stage> device_stages(const Workload& workload, const Parallelism& p) {
  if (p.stage_layers.empty()) return divide_into_stages(workload, p.pipeline);
  const std::vector<Stage> pieces = divide_into_pieces(workload, p);
  std::vector<Stage> devices(static_cast<std::size_t>(p.pipeline));
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    Stage& device = devices[i % devices.size()];
    device.insert(device.end(), pieces[i].begin(), pieces[i].end());
  }
  return devices;
}

std::vector<int> layers_of_pieces(const Workload& workload, const Parallelism& p) {
  if (!p.stage_layers.empty()) return p.stage_layers;
  const int pieces = pipeline_pieces(p);
  const int repeated = repeated_layers(workload);
  if (repeated >= pieces) return equal_shares(repeated, pieces);
  std::vector<int> counts;
  for (const Stage& stage : cut_by_flop(workload, pieces)) {
    counts.push_back(std::accumulate(stage.begin(), stage.end(), 0,
                                     [](int sum, const LayerShare& share) { return sum + share.count; }));
  }
  return counts;
}

std::optional<std::string> stage_problem(const Workload& workload, const Parallelism& p) {
  if (p.stage_layers.empty()) return std::nullopt;
  const int pieces = pipeline_pieces(p);
  if (p.stage_layers.size() != static_cast<std::size_t>(pieces)) {
    const bool chunked = pieces != p.pipeline;
    return "found " + std::to_string(p.stage_layers.size()) + " numbers, expected " + std::to_string(pieces) +
           ": one for each stage" + (chunked ? " and each of its chunks, in the order of the layers" : "");
  }
  const int dealt = dealt_layers(workload, pieces);
  const long long sum = std::accumulate(p.stage_layers.begin(), p.stage_layers.end(), 0LL);
  if (sum != dealt) {
    const bool all = dealt == layer_count(workload);
    return "found " + std::to_string(sum) + " layers in all, expected " + std::to_string(dealt) + ": " +
           (all ? "all" : "the repeated") + " layers of " + workload.name;
  }
  const std::vector<Stage> stages = divide_into_pieces(workload, p);
  const auto empty =
      std::find_if(stages.begin(), stages.end(), [](const Stage& stage) { return stage.empty(); });
  if (empty == stages.end()) return std::nullopt;
  return "found no layer for " + piece_text(static_cast<std::size_t>(empty - stages.begin()), p) +
         ", expected at least one in each";
}

}  // namespace spotmix::models
