#include "models/workload/library.h"

#include <algorithm>
#include <functional>
#include <map>

#include "models/workload/convolutional.h"
#include "models/workload/detection.h"
#include "models/workload/published_transformers.h"
#include "models/workload/recurrent.h"
#include "models/workload/tabular.h"
#include "models/workload/transformer.h"
#include "models/workload/volumetric.h"

namespace spotmix::models {
namespace {

using Maker = std::function<Workload(const WorkloadInputs&)>;
using Makers = std::map<std::string, Maker, std::less<>>;

constexpr int kImageNetSize = 224;

Maker image_network(const std::function<Workload(int)>& make, int usual_size = kImageNetSize) {
  return [=](const WorkloadInputs& inputs) { return make(inputs.image_size.value_or(usual_size)); };
}

Maker transformer_network(TransformerShape shape) {
  return [shape = std::move(shape)](const WorkloadInputs& inputs) {
    TransformerShape asked = shape;
    asked.sequence_length = inputs.sequence_length.value_or(shape.sequence_length);
    if (asked.positions > 0) asked.positions = std::max(asked.positions, asked.sequence_length);
    if (shape.encoder_sequence_length > 0 && inputs.sequence_length)
      asked.encoder_sequence_length = *inputs.sequence_length;
    asked.fused_attention = inputs.fused_attention;
    return transformer(asked);
  };
}

void add_convolutional(Makers& makers) {
  for (const int depth : {18, 34, 50, 101, 152}) {
    makers["resnet" + std::to_string(depth)] =
        image_network([=](int size) { return resnet({.depth = depth}, size); });
  }
  const ResNetShape resnext{.depth = 101, .groups = 32, .group_width = 4};
  makers["resnext101-32x4d"] = image_network([=](int size) { return resnet(resnext, size); });
  makers["se-resnext101-32x4d"] = image_network([=](int size) {
    ResNetShape squeezed = resnext;
    squeezed.squeeze = true;
    return resnet(squeezed, size);
  });
  for (const int depth : {11, 16, 19}) {
    makers["vgg" + std::to_string(depth)] = image_network([=](int size) { return vgg(depth, size); });
  }
  makers["alexnet"] = image_network(alexnet);
  makers["inception-v3"] = image_network(inception_v3, 299);
  for (const bool wide : {false, true}) {
    const std::string prefix = wide ? "efficientnet-widese-b" : "efficientnet-b";
    makers[prefix + "0"] = image_network(
        [=](int size) { return efficientnet({.name = prefix + "0", .wide_squeeze = wide}, size); });
    makers[prefix + "4"] = image_network(
        [=](int size) {
          return efficientnet({.name = prefix + "4", .width = 1.4, .depth = 1.8, .wide_squeeze = wide}, size);
        },
        380);
  }
  for (const int depth : {18, 34, 50}) {
    makers["resnet" + std::to_string(depth) + "-cifar"] =
        image_network([=](int size) { return resnet_for_small_images(depth, size); }, 32);
  }
  makers["unet"] = image_network(unet, 512);
  makers["unet-industrial"] = image_network(unet_industrial, 512);
  makers["ssd300-resnet50"] = image_network(ssd_resnet50, 300);
  makers["ssd320-resnet50-fpn"] = image_network(ssd_resnet50_pyramid, 320);
  makers["mask-rcnn"] = image_network(mask_rcnn, 1057);  // as many pixels as 832 x 1344
  for (const int dimensions : {2, 3}) {
    makers["nnunet-" + std::to_string(dimensions) + "d"] = [=](const WorkloadInputs&) {
      return nnunet(dimensions);
    };
  }
  makers["vnet"] = [](const WorkloadInputs&) { return vnet(); };
}

void add_transformers(Makers& makers) {
  for (TransformerShape& shape : published_transformers()) {
    const std::string name = shape.name;
    makers[name] = transformer_network(std::move(shape));
  }
}

void add_others(Makers& makers) {
  makers["gnmt"] = [](const WorkloadInputs& inputs) { return gnmt(inputs.sequence_length.value_or(50)); };
  makers["lstm"] = [](const WorkloadInputs& inputs) {
    return lstm_language_model(650, 33278, inputs.sequence_length.value_or(35));
  };
  // PyTorch's word-language-model example: two layers of 200 on WikiText-2.
  makers["lstm-wikitext2"] = [](const WorkloadInputs& inputs) {
    return lstm_language_model(200, 33278, inputs.sequence_length.value_or(35));
  };
  // A denoising autoencoder over MovieLens-20M's films, as the recoder library trains it.
  makers["autoencoder-movielens"] = [](const WorkloadInputs&) {
    return multilayer_perceptron("autoencoder-movielens", 20108, {200}, 20108);
  };
  makers["dlrm"] = [](const WorkloadInputs&) { return dlrm(); };
  makers["ncf"] = [](const WorkloadInputs&) { return neural_collaborative_filtering(); };
  makers["wide-and-deep"] = [](const WorkloadInputs&) { return wide_and_deep(); };
  makers["mlp"] = [](const WorkloadInputs&) { return multilayer_perceptron("mlp", 784, {512, 512}, 10); };
  makers["linear-regression"] = [](const WorkloadInputs&) {
    return regression("linear-regression", 1000, 1);
  };
  makers["logistic-regression"] = [](const WorkloadInputs&) {
    return regression("logistic-regression", 1000, 2);
  };
}

Makers make_makers() {
  Makers makers;
  add_convolutional(makers);
  add_transformers(makers);
  add_others(makers);
  return makers;
}

const Makers& makers() {
  static const Makers kAll = make_makers();
  return kAll;
}

}  // namespace

std::optional<Workload> find_workload(std::string_view name, const WorkloadInputs& inputs) {
  const auto found = makers().find(name);
  if (found == makers().end()) return std::nullopt;
  Workload workload = found->second(inputs);
  workload.name = found->first;
  return workload;
}

std::vector<std::string> workload_names() {
  std::vector<std::string> names;
  for (const auto& [name, maker] : makers()) names.push_back(name);
  return names;
}

}  // namespace spotmix::models
