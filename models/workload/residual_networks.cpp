#include <algorithm>
#include <array>
#include <cmath>

#include "models/workload/convolutional.h"
#include "models/workload/image_chain.h"
#include "models/workload/residual_blocks.h"

namespace spotmix::models {
namespace {

struct ResNetPlan {
  bool bottleneck;
  std::array<int, 4> blocks;
};

ResNetPlan resnet_plan(int depth) {
  switch (depth) {
    case 18:
      return {false, {2, 2, 2, 2}};
    case 34:
      return {false, {3, 4, 6, 3}};
    case 101:
      return {true, {3, 4, 23, 3}};
    case 152:
      return {true, {3, 8, 36, 3}};
    default:
      return {true, {3, 4, 6, 3}};
  }
}

void basic_block(ImageChain& chain, const std::string& name, int width, int stride) {
  const Image in = chain.image();
  chain.convolve(name + " 3x3 a", {.out_channels = width, .kernel = 3, .stride = stride});
  chain.convolve(name + " 3x3 b", {.out_channels = width, .kernel = 3, .residual_add = true});
  if (stride > 1 || in.channels != width) {
    chain.convolve_beside(name + " shortcut", in,
                          {.out_channels = width, .stride = stride, .activation = false});
  }
}

/// The two small layers that weigh each channel (Hu et al. 2017, arXiv 1709.01507).
void squeeze_and_excite(ImageChain& chain, const std::string& name, int reduced) {
  const Image image = chain.image();
  Layer layer{.name = name + " squeeze"};
  add_weight_product(layer, "squeeze", 1, reduced, image.channels);
  add_weight_product(layer, "excite", 1, image.channels, reduced);
  add_memory_work(layer, {.name = "average",
                          .kind = MemoryKind::pooling,
                          .elements = image.elements(),
                          .forward_passes = 1,
                          .backward_passes = 1});
  add_memory_work(layer, {.name = "scale",
                          .elements = image.elements(),
                          .forward_passes = 2,
                          .backward_passes = 4,
                          .forward_kernels = 3,
                          .backward_kernels = 4});
  layer.parameters = 2.0 * reduced * image.channels + reduced + image.channels;
  layer.activations.replicated.elements = image.elements();
  layer.activations.input_elements = image.elements();
  layer.output_elements = image.elements();
  chain.add(layer);
}

struct Bottleneck {
  int inner, outer, stride, groups;
  bool squeeze;
};

void bottleneck_block(ImageChain& chain, const std::string& name, const Bottleneck& block) {
  const Image in = chain.image();
  chain.convolve(name + " 1x1 in", {.out_channels = block.inner});
  chain.convolve(name + " 3x3",
                 {.out_channels = block.inner, .kernel = 3, .stride = block.stride, .groups = block.groups});
  chain.convolve(name + " 1x1 out", {.out_channels = block.outer, .residual_add = true});
  if (block.squeeze) squeeze_and_excite(chain, name, block.outer / 16);
  if (block.stride > 1 || in.channels != block.outer) {
    chain.convolve_beside(name + " shortcut", in,
                          {.out_channels = block.outer, .stride = block.stride, .activation = false});
  }
}

}  // namespace

void residual_stem(ImageChain& chain) {
  chain.convolve("stem 7x7", {.out_channels = 64, .kernel = 7, .stride = 2});
  chain.pool("stem pool", (chain.image().size + 1) / 2);
}

std::vector<Image> residual_stages(ImageChain& chain, const ResNetShape& shape, const ResidualStages& which) {
  const ResNetPlan plan = resnet_plan(shape.depth);
  std::vector<Image> made;
  for (int stage = 0; stage < which.stages; ++stage) {
    const int width = 64 << stage;
    const int inner = shape.groups > 1 ? (shape.groups * shape.group_width) << stage : width;
    const int first_stride = stage + 1 == which.stages ? which.last_stride : 2;
    for (int block = 0; block < plan.blocks[static_cast<std::size_t>(stage)]; ++block) {
      const int stride = stage > 0 && block == 0 ? first_stride : 1;
      const std::string name = "stage " + std::to_string(stage + 1) + "." + std::to_string(block + 1);
      if (plan.bottleneck) {
        bottleneck_block(chain, name, {inner, 4 * width, stride, shape.groups, shape.squeeze});
      } else {
        basic_block(chain, name, width, stride);
      }
    }
    made.push_back(chain.image());
  }
  return made;
}

Workload resnet(const ResNetShape& shape, int image_size) {
  Workload workload =
      image_workload("resnet" + std::to_string(shape.depth), image_size, "arXiv 1512.03385 table 1");
  ImageChain chain(workload, {image_size, 3});
  residual_stem(chain);
  residual_stages(chain, shape, {});
  chain.pool("average pool", 1);
  chain.classify();
  return workload;
}

Workload resnet_for_small_images(int depth, int image_size) {
  constexpr int kCifarClasses = 10;
  Workload workload = image_workload("resnet" + std::to_string(depth) + "-cifar", image_size,
                                     "arXiv 1512.03385 without the stem's strides, as CIFAR-10 is trained");
  ImageChain chain(workload, {image_size, 3});
  chain.convolve("stem 3x3", {.out_channels = 64, .kernel = 3});
  residual_stages(chain, {.depth = depth}, {});
  chain.pool("average pool", 1);
  chain.classify(kCifarClasses);
  return workload;
}

Workload efficientnet(const EfficientNetShape& shape, int image_size) {
  struct Group {
    int expand, channels, repeats, stride, kernel;
  };
  constexpr std::array<Group, 7> kGroups{{{1, 16, 1, 1, 3},
                                          {6, 24, 2, 2, 3},
                                          {6, 40, 2, 2, 5},
                                          {6, 80, 3, 2, 3},
                                          {6, 112, 3, 1, 5},
                                          {6, 192, 4, 2, 5},
                                          {6, 320, 1, 1, 3}}};
  const auto scaled = [&](int channels) {
    const double exact = channels * shape.width;
    const int rounded = std::max(8, static_cast<int>(exact + 4) / 8 * 8);
    return rounded < 0.9 * exact ? rounded + 8 : rounded;
  };
  Workload workload = image_workload(shape.name, image_size, "arXiv 1905.11946 table 1");
  ImageChain chain(workload, {image_size, 3});
  chain.convolve("stem 3x3", {.out_channels = scaled(32), .kernel = 3, .stride = 2});
  int number = 0;
  for (const Group& group : kGroups) {
    const int repeats = static_cast<int>(std::ceil(group.repeats * shape.depth));
    for (int i = 0; i < repeats; ++i) {
      const std::string block = "block " + std::to_string(++number);
      const Image in = chain.image();
      const int inner = in.channels * group.expand;
      const int stride = i == 0 ? group.stride : 1;
      const int out = scaled(group.channels);
      if (group.expand > 1) chain.convolve(block + " expand", {.out_channels = inner});
      chain.convolve(block + " depthwise",
                     {.out_channels = inner, .kernel = group.kernel, .stride = stride, .groups = inner});
      squeeze_and_excite(chain, block, (shape.wide_squeeze ? inner : in.channels) / 4);
      chain.convolve(
          block + " project",
          {.out_channels = out, .activation = false, .residual_add = stride == 1 && out == in.channels});
    }
  }
  chain.convolve("head 1x1", {.out_channels = scaled(1280)});
  chain.pool("average pool", 1);
  chain.classify();
  return workload;
}

}  // namespace spotmix::models
