// A model written down as a list of layers, each in one of a few forms, and the workload it makes.
//
// The list is a chain: a layer takes what the one before hands over, an image of so many pixels and channels,
// a sequence of vectors, or one vector. Forms and what they need:
// - convolution: out_channels, kernel; stride, groups, batch_norm, activation, shortcut
// - pooling: out_size (pixels on a side)
// - linear: out; in and rows where nothing comes before; activation
// - embedding: vocabulary, hidden (turns a sequence of tokens into vectors)
// - transformer: hidden, heads; key_value_heads, feed_forward, gated, experts, experts_per_token, causal
// - lstm: hidden; in where nothing comes before
// - head: vocabulary (a product with every word, and the loss); tied
// - elementwise: elements, forward_passes, backward_passes (memory-bound work of one sample)
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/enums/enums.h"
#include "base/result/problem.h"
#include "models/workload/workload.h"

namespace spotmix::models {

enum class LayerForm { convolution, pooling, linear, embedding, transformer, lstm, head, elementwise };
constexpr auto enum_names(LayerForm) {
  using enum LayerForm;
  return enum_table<LayerForm>({{convolution, "convolution"},
                                {pooling, "pooling"},
                                {linear, "linear"},
                                {embedding, "embedding"},
                                {transformer, "transformer"},
                                {lstm, "lstm"},
                                {head, "head"},
                                {elementwise, "elementwise"}});
}

struct ListedLayer {
  std::optional<LayerForm> form{};
  std::string name{};  ///< Empty: the form's, with its place.
  int repeat = 1;      ///< So many in a row, each taking what the one before hands over.
  std::optional<int> out_channels{}, kernel{}, stride{}, groups{};
  std::optional<int> out_size{};
  std::optional<int> in{}, out{}, rows{};
  std::optional<int> vocabulary{}, hidden{}, heads{}, key_value_heads{}, feed_forward{};
  std::optional<int> experts{}, experts_per_token{};
  std::optional<double> elements{}, forward_passes{}, backward_passes{};
  std::optional<bool> batch_norm{}, activation{}, shortcut{}, gated{}, causal{}, tied{};
  std::vector<std::string> keys{};  ///< That were given, for checks.
};

/// Layers that a model may have, counting repeats: ten times the deepest that was ever trained.
inline constexpr int kMostLayers = 10'000;

struct LayerList {
  std::string name = "layers";
  int channels = 3;  ///< Of the images that the first layer takes.
  std::vector<ListedLayer> layers{};
};

/// The keys that a form has beside `kind`, `name` and `repeat`, those it cannot do without first.
struct FormKeys {
  std::vector<std::string> required{}, optional{};
};
FormKeys keys_of(LayerForm form);

struct ListInputs {
  std::optional<int> image_size{};
  std::optional<int> sequence_length{};
  bool fused_attention = false;
};

/// The workload, or the first layer that cannot be, by its path from the list ("[2].kind"). Sizes must be
/// positive where they are given.
Result<Workload> workload_of(const LayerList& list, const ListInputs& inputs);

}  // namespace spotmix::models
