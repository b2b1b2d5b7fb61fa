#include "models/workload/layer_list.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/json/json_text.h"
#include "models/workload/layers.h"
#include "models/workload/recurrent.h"
#include "models/workload/transformer.h"

namespace spotmix::models {
namespace {

constexpr int kUsualImageSize = 224;
constexpr int kUsualSequenceLength = 512;
constexpr double kMostElements = 1e9;  // of an image that is made one vector

/// What one layer hands to the next, per sample.
struct Flow {
  std::optional<Image> image;
  std::optional<int> tokens;  ///< of a sequence
  int width = 0;              ///< of each vector; 0: nothing came before
};

class Refused {
 public:
  Refused(std::string key, std::string message) : key(std::move(key)), message(std::move(message)) {}
  std::string key, message;
};

class Builder {
 public:
  Builder(const LayerList& list, const ListInputs& inputs) : inputs_(inputs) {
    workload_.name = list.name;
    workload_.source = "the scenario's list of layers";
    workload_.family = "perceptron";
    workload_.sample_name = "row";
    channels_ = list.channels;
  }

  void add(const ListedLayer& layer, std::size_t index) {
    const LayerForm form = needed("kind", layer.form);
    if (layer.repeat > kMostLayers - layers_) {
      throw Refused("repeat", "found " + std::to_string(layer.repeat) + ", expected at most " +
                                  std::to_string(kMostLayers - layers_) + ": a model has at most " +
                                  std::to_string(kMostLayers) + " layers");
    }
    layers_ += layer.repeat;
    const std::string name =
        layer.name.empty() ? std::string(name_of(form)) + " " + std::to_string(index + 1) : layer.name;
    switch (form) {
      case LayerForm::convolution:
        return add_convolutions(layer, name);
      case LayerForm::pooling:
        return add_poolings(layer, name);
      case LayerForm::linear:
        return add_linears(layer, name);
      case LayerForm::embedding:
        return add_embedding(layer, name);
      case LayerForm::transformer:
        return add_transformer(layer, name);
      case LayerForm::lstm:
        return add_lstms(layer, name);
      case LayerForm::head:
        return add_head(layer, name);
      case LayerForm::elementwise:
        return add_elementwise(layer, name);
    }
  }

  Workload take() { return std::move(workload_); }

 private:
  void first_of(const char* family, const char* sample) {
    if (!workload_.layers.empty()) return;
    workload_.family = family;
    workload_.sample_name = sample;
  }

  Image& image() {
    if (workload_.layers.empty() && !flow_.image) {
      const int size = inputs_.image_size.value_or(kUsualImageSize);
      flow_.image = Image{size, channels_};
      workload_.image_size = size;
      workload_.input_bytes = static_cast<double>(channels_) * size * size;
      first_of("convolution", "image");
    }
    if (!flow_.image)
      throw Refused("kind", "found a layer of images after one that makes none, expected another");
    return *flow_.image;
  }

  int tokens() {
    if (!flow_.tokens) {
      if (flow_.width > 0 || flow_.image)
        throw Refused("kind", "found a layer of sequences after one that makes none, expected another");
      flow_.tokens = inputs_.sequence_length.value_or(kUsualSequenceLength);
      workload_.sequence_length = *flow_.tokens;
      workload_.input_bytes = 8.0 * *flow_.tokens;
    }
    return *flow_.tokens;
  }

  template <class Number>
  static Number needed(const char* key, const std::optional<Number>& given) {
    if (!given) throw Refused(key, "found nothing, expected a number");
    return *given;
  }

  void must_match(const char* key, int found) const {
    if (flow_.width == 0 || flow_.width == found) return;
    throw Refused(key, "found " + std::to_string(found) + ", expected " + std::to_string(flow_.width) +
                           ", which the layer before hands over");
  }

  void add_convolutions(const ListedLayer& layer, const std::string& name) {
    Image& in = image();
    const Convolution convolution{.out_channels = needed("out_channels", layer.out_channels),
                                  .kernel = needed("kernel", layer.kernel),
                                  .stride = layer.stride.value_or(1),
                                  .groups = layer.groups.value_or(1),
                                  .batch_norm = layer.batch_norm.value_or(true),
                                  .activation = layer.activation.value_or(true),
                                  .residual_add = layer.shortcut.value_or(false),
                                  .bias = !layer.batch_norm.value_or(true)};
    for (int i = 0; i < layer.repeat; ++i) {
      if (in.channels % convolution.groups != 0 || convolution.out_channels % convolution.groups != 0) {
        throw Refused("groups", "found " + std::to_string(convolution.groups) +
                                    ", expected a number that divides the " + std::to_string(in.channels) +
                                    " channels in and the " + std::to_string(convolution.out_channels) +
                                    " out");
      }
      workload_.layers.push_back(
          convolution_layer(numbered(name, layer, i), in, convolution, workload_.layers.empty()));
      in = output_of(in, convolution);
    }
  }

  void add_poolings(const ListedLayer& layer, const std::string& name) {
    Image& in = image();
    const int out_size = needed("out_size", layer.out_size);
    if (out_size > in.size) {
      throw Refused("out_size", "found " + std::to_string(out_size) +
                                    ", expected at most the image's size there, " + std::to_string(in.size));
    }
    workload_.layers.push_back(pooling_layer(name, in, out_size));
    in.size = out_size;
  }

  static int width_of(const Image& image) {
    if (image.elements() > kMostElements) {
      throw Refused("kind", "found a layer after an image of " + std::to_string(image.size) + " × " +
                                std::to_string(image.size) + " pixels in " + std::to_string(image.channels) +
                                " channels, expected a smaller image");
    }
    return static_cast<int>(image.elements());
  }

  void add_linears(const ListedLayer& layer, const std::string& name) {
    int width = flow_.width;
    if (flow_.image) width = width_of(*flow_.image);
    if (width > 0 && layer.in && *layer.in != width) {
      flow_.width = width;
      must_match("in", *layer.in);
    }
    if (width == 0) {
      if (!layer.in)
        throw Refused("in", "found nothing, expected a whole number: nothing comes before this layer");
      width = *layer.in;
      if (workload_.layers.empty()) workload_.input_bytes = 4.0 * width;
    }
    const int out = needed("out", layer.out);
    const int rows = layer.rows.value_or(flow_.tokens.value_or(1));
    for (int i = 0; i < layer.repeat; ++i) {
      workload_.layers.push_back(
          linear_layer(numbered(name, layer, i), rows, width, out, layer.activation.value_or(false)));
      width = out;
    }
    flow_ = {std::nullopt, flow_.tokens, width};
  }

  TransformerShape shape_of(const ListedLayer& layer) {
    return {.layers = 1,
            .hidden = layer.hidden.value_or(flow_.width),
            .heads = layer.heads.value_or(1),
            .key_value_heads = layer.key_value_heads.value_or(0),
            .feed_forward = layer.feed_forward.value_or(0),
            .gated = layer.gated.value_or(false),
            .experts = layer.experts.value_or(0),
            .experts_per_token = layer.experts_per_token.value_or(1),
            .vocabulary = layer.vocabulary.value_or(0),
            .sequence_length = tokens(),
            .tied_embedding = layer.tied.value_or(false),
            .causal = layer.causal.value_or(true),
            .fused_attention = inputs_.fused_attention};
  }

  void add_embedding(const ListedLayer& layer, const std::string& name) {
    first_of("transformer", "sequence");
    const int hidden = needed("hidden", layer.hidden);
    needed("vocabulary", layer.vocabulary);
    if (flow_.width > 0)
      throw Refused("kind", "found an embedding after other layers, expected it to be the first");
    Layer embedding = transformer(shape_of(layer)).layers.front();
    embedding.name = name;
    workload_.layers.push_back(std::move(embedding));
    flow_.width = hidden;
  }

  void add_transformer(const ListedLayer& layer, const std::string& name) {
    first_of("transformer", "sequence");
    needed("hidden", layer.hidden);
    needed("heads", layer.heads);
    const TransformerShape shape = shape_of(layer);
    must_match("hidden", shape.hidden);
    if (shape.hidden % shape.heads != 0) {
      throw Refused("heads", "found " + std::to_string(shape.heads) +
                                 ", expected a number that divides hidden, " + std::to_string(shape.hidden));
    }
    if (shape.key_value_heads > 0 && shape.heads % shape.key_value_heads != 0) {
      throw Refused("key_value_heads", "found " + std::to_string(shape.key_value_heads) +
                                           ", expected a number that divides the heads, " +
                                           std::to_string(shape.heads));
    }
    if (shape.experts_per_token > std::max(1, shape.experts)) {
      throw Refused("experts_per_token", "found " + std::to_string(shape.experts_per_token) +
                                             ", expected at most the experts, " +
                                             std::to_string(shape.experts));
    }
    Layer made = transformer_layer(shape, *flow_.tokens, false, 0);
    made.name = name;
    made.repeat = layer.repeat;
    workload_.layers.push_back(std::move(made));
    flow_.width = shape.hidden;
  }

  void add_lstms(const ListedLayer& layer, const std::string& name) {
    first_of("recurrent", "sequence");
    const int steps = tokens();
    if (layer.in) must_match("in", *layer.in);
    int width = flow_.width > 0 ? flow_.width : layer.in.value_or(0);
    if (width == 0)
      throw Refused("in", "found nothing, expected a whole number: nothing comes before this layer");
    const int hidden = needed("hidden", layer.hidden);
    for (int i = 0; i < layer.repeat; ++i) {
      workload_.layers.push_back(lstm_layer(numbered(name, layer, i), steps, width, hidden));
      width = hidden;
    }
    flow_.width = width;
  }

  void add_head(const ListedLayer& layer, const std::string& name) {
    if (flow_.width == 0 || !flow_.tokens)
      throw Refused("kind", "found a head without a sequence before it, expected layers of sequences first");
    const int vocabulary = needed("vocabulary", layer.vocabulary);
    Layer head = transformer(shape_of(layer)).layers.back();
    head.name = name;
    workload_.layers.push_back(std::move(head));
    flow_.width = vocabulary;
  }

  void add_elementwise(const ListedLayer& layer, const std::string& name) {
    Layer made{.name = name, .repeat = layer.repeat};
    const double elements = needed("elements", layer.elements);
    const double forward = layer.forward_passes.value_or(2);
    add_memory_work(made, {.name = name,
                           .elements = elements,
                           .forward_passes = forward,
                           .backward_passes = layer.backward_passes.value_or(forward)});
    made.activations.replicated.elements = elements;
    made.activations.input_elements = elements;
    made.output_elements = elements;
    workload_.layers.push_back(std::move(made));
  }

  static std::string numbered(const std::string& name, const ListedLayer& layer, int i) {
    return layer.repeat == 1 ? name : name + "." + std::to_string(i + 1);
  }

  const ListInputs& inputs_;
  int channels_ = 3;
  int layers_ = 0;
  Workload workload_;
  Flow flow_;
};

[[maybe_unused]] bool layer_sizes_are_positive(const ListedLayer& layer) {
  const auto sizes = {layer.out_channels, layer.kernel,     layer.stride, layer.groups,
                      layer.out_size,     layer.in,         layer.out,    layer.rows,
                      layer.hidden,       layer.vocabulary, layer.heads,  layer.key_value_heads,
                      layer.feed_forward};
  return std::all_of(sizes.begin(), sizes.end(),
                     [](std::optional<int> size) { return size.value_or(1) > 0; });
}

}  // namespace

FormKeys keys_of(LayerForm form) {
  switch (form) {
    case LayerForm::convolution:
      return {{"out_channels", "kernel"}, {"stride", "groups", "batch_norm", "activation", "shortcut"}};
    case LayerForm::pooling:
      return {{"out_size"}, {}};
    case LayerForm::linear:
      return {{"out"}, {"in", "rows", "activation"}};
    case LayerForm::embedding:
      return {{"vocabulary", "hidden"}, {}};
    case LayerForm::transformer:
      return {{"hidden", "heads"},
              {"key_value_heads", "feed_forward", "gated", "experts", "experts_per_token", "causal"}};
    case LayerForm::lstm:
      return {{"hidden"}, {"in"}};
    case LayerForm::head:
      return {{"vocabulary"}, {"tied"}};
    case LayerForm::elementwise:
      return {{"elements"}, {"forward_passes", "backward_passes"}};
  }
  return {};
}

Result<Workload> workload_of(const LayerList& list, const ListInputs& inputs) {
  assert(inputs.image_size.value_or(1) > 0 && inputs.sequence_length.value_or(1) > 0);
  assert(std::all_of(list.layers.begin(), list.layers.end(), layer_sizes_are_positive));
  Builder builder(list, inputs);
  for (std::size_t i = 0; i < list.layers.size(); ++i) {
    try {
      builder.add(list.layers[i], i);
    } catch (const Refused& refused) {
      return Problem{"", key_path(item_path("", i), refused.key), refused.message};
    }
  }
  return builder.take();
}

}  // namespace spotmix::models
