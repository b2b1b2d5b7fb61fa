#include "models/workload/detection.h"

#include <array>
#include <vector>

#include "models/workload/image_chain.h"
#include "models/workload/residual_blocks.h"

namespace spotmix::models {
namespace {

constexpr int kCocoClasses = 81;
constexpr int kPyramidChannels = 256;

struct Head {
  Image map;
  int boxes;  ///< Per place.
};

/// Offsets and class scores of every box.
void predict_boxes(ImageChain& chain, const std::string& name, const Head& head, int classes) {
  chain.convolve_beside(
      name + " offsets", head.map,
      {.out_channels = 4 * head.boxes, .kernel = 3, .batch_norm = false, .activation = false, .bias = true});
  chain.convolve_beside(name + " scores", head.map,
                        {.out_channels = classes * head.boxes,
                         .kernel = 3,
                         .batch_norm = false,
                         .activation = false,
                         .bias = true});
}

void close_with_loss(Workload& workload, double boxes, int classes) {
  Layer loss{.name = "loss", .kind = LayerKind::head};
  add_memory_work(loss, loss_work(boxes, classes));
  loss.activations.replicated.elements = 2 * boxes * classes;
  loss.output_elements = boxes;
  workload.layers.push_back(loss);
}

/// The pyramid over the last three stages, from the coarsest on, with `extra` further halvings.
std::vector<Image> feature_pyramid(ImageChain& chain, const std::vector<Image>& stages, int extra) {
  std::vector<Image> levels;
  for (const Image& stage : stages) {
    const std::string name = "pyramid " + std::to_string(stage.size);
    const Image lateral = chain.convolve_beside(name + " lateral", stage,
                                                {.out_channels = kPyramidChannels,
                                                 .batch_norm = false,
                                                 .activation = false,
                                                 .residual_add = true,
                                                 .bias = true});
    levels.push_back(chain.convolve_beside(name + " smooth", lateral,
                                           {.out_channels = kPyramidChannels,
                                            .kernel = 3,
                                            .batch_norm = false,
                                            .activation = false,
                                            .bias = true}));
  }
  Image last = levels.back();
  for (int i = 0; i < extra; ++i) {
    last = chain.convolve_beside(
        "pyramid down " + std::to_string(i + 1), last,
        {.out_channels = kPyramidChannels, .kernel = 3, .stride = 2, .batch_norm = false, .bias = true});
    levels.push_back(last);
  }
  return levels;
}

/// What follows the regions that were cut out: `regions` small images of `size` pixels per sample.
Layer over_regions(Layer layer, double regions) {
  for (auto* products : {&layer.forward, &layer.input_gradient, &layer.weight_gradient}) {
    for (MatrixProduct& product : *products) (product.grows == Grows::m ? product.m : product.k) *= regions;
  }
  for (MemoryWork& work : layer.memory_work) work.elements *= regions;
  layer.activations.replicated.elements *= regions;
  layer.activations.input_elements *= regions;
  layer.output_elements *= regions;
  return layer;
}

}  // namespace

Workload ssd_resnet50(int image_size) {
  Workload workload = image_workload("ssd300-resnet50", image_size,
                                     "arXiv 1512.02325; ResNet-50 backbone as MLPerf v0.7 trains it");
  ImageChain chain(workload, {image_size, 3});
  residual_stem(chain);
  residual_stages(chain, {.depth = 50}, {.stages = 3, .last_stride = 1});
  constexpr std::array<int, 6> kBoxes{4, 6, 6, 6, 4, 4};
  std::vector<Head> heads{{chain.image(), kBoxes[0]}};
  struct Extra {
    int inner, outer, stride;
    bool padded;
  };
  constexpr std::array<Extra, 5> kExtras{{{256, 512, 2, true},
                                          {256, 512, 2, true},
                                          {128, 256, 2, true},
                                          {128, 256, 1, false},
                                          {128, 256, 1, false}}};
  for (std::size_t i = 0; i < kExtras.size(); ++i) {
    const std::string name = "extra " + std::to_string(i + 1);
    chain.convolve(name + " 1x1", {.out_channels = kExtras[i].inner});
    chain.convolve(name + " 3x3", {.out_channels = kExtras[i].outer,
                                   .kernel = 3,
                                   .stride = kExtras[i].stride,
                                   .same_padding = kExtras[i].padded});
    heads.push_back({chain.image(), kBoxes[i + 1]});
  }
  double boxes = 0;
  for (const Head& head : heads) {
    predict_boxes(chain, "head " + std::to_string(head.map.size), head, kCocoClasses);
    boxes += static_cast<double>(head.map.size) * head.map.size * head.boxes;
  }
  close_with_loss(workload, boxes, kCocoClasses);
  return workload;
}

Workload ssd_resnet50_pyramid(int image_size) {
  constexpr int kBoxes = 6, kClasses = 90, kShared = 4;
  Workload workload = image_workload("ssd320-resnet50-fpn", image_size,
                                     "arXiv 1708.02002; TensorFlow's object detection as NVIDIA trains it");
  ImageChain chain(workload, {image_size, 3});
  residual_stem(chain);
  const std::vector<Image> stages = residual_stages(chain, {.depth = 50}, {});
  double boxes = 0;
  for (const Image& level : feature_pyramid(chain, {stages[1], stages[2], stages[3]}, 2)) {
    const std::string name = "head " + std::to_string(level.size);
    for (const char* which : {" box", " class"}) {
      for (int i = 0; i < kShared; ++i)
        chain.convolve_beside(name + which + std::to_string(i + 1), level,
                              {.out_channels = kPyramidChannels, .kernel = 3});
    }
    predict_boxes(chain, name, {level, kBoxes}, kClasses);
    boxes += static_cast<double>(level.size) * level.size * kBoxes;
  }
  // The heads' weights are the same on every level: of the five copies one is real.
  for (Layer& layer : workload.layers) {
    if (layer.name.starts_with("head ") && !layer.name.starts_with("head " + std::to_string(stages[1].size)))
      layer.parameters = 0;
  }
  close_with_loss(workload, boxes, kClasses);
  return workload;
}

Workload mask_rcnn(int image_size) {
  constexpr int kRegions = 512, kMasks = 128, kBoxSize = 7, kMaskSize = 14, kHidden = 1024;
  Workload workload =
      image_workload("mask-rcnn", image_size, "arXiv 1703.06870 with arXiv 1612.03144's pyramid, on COCO");
  ImageChain chain(workload, {image_size, 3});
  residual_stem(chain);
  const std::vector<Image> stages = residual_stages(chain, {.depth = 50}, {});
  double places = 0;
  bool first = true;  // all levels share the weights of the first
  for (const Image& level : feature_pyramid(chain, stages, 1)) {
    const std::string name = "proposals " + std::to_string(level.size);
    const std::size_t before = workload.layers.size();
    const Image hidden = chain.convolve_beside(
        name, level, {.out_channels = kPyramidChannels, .kernel = 3, .batch_norm = false, .bias = true});
    chain.convolve_beside(name + " boxes", hidden,
                          {.out_channels = 15, .batch_norm = false, .activation = false, .bias = true});
    for (std::size_t i = before; !first && i < workload.layers.size(); ++i) workload.layers[i].parameters = 0;
    first = false;
    places += static_cast<double>(level.size) * level.size * 3;
  }
  const Image box{kBoxSize, kPyramidChannels};
  chain.add(linear_layer("box head 1", kRegions, box.elements(), kHidden, true));
  chain.add(linear_layer("box head 2", kRegions, kHidden, kHidden, true));
  chain.add(linear_layer("box classes", kRegions, kHidden, 5 * kCocoClasses, false));
  Image mask{kMaskSize, kPyramidChannels};
  for (int i = 0; i < 4; ++i)
    chain.add(over_regions(
        convolution_layer("mask head " + std::to_string(i + 1), mask,
                          {.out_channels = kPyramidChannels, .kernel = 3, .batch_norm = false, .bias = true}),
        kMasks));
  chain.add(over_regions(
      convolution_layer("mask transposed", mask,
                        {.out_channels = 4 * kPyramidChannels, .batch_norm = false, .bias = true}),
      kMasks));
  mask.size *= 2;
  chain.add(over_regions(
      convolution_layer(
          "mask classes", mask,
          {.out_channels = kCocoClasses, .batch_norm = false, .activation = false, .bias = true}),
      kMasks));
  close_with_loss(workload, places / 1000 + kRegions, kCocoClasses);
  return workload;
}

}  // namespace spotmix::models
