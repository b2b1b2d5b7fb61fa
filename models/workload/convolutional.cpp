#include "models/workload/convolutional.h"

#include <array>

#include "models/workload/layers.h"

namespace spotmix::models {
namespace {

constexpr int kImageNetClasses = 1000;

/// A chain of layers that knows the image it has come to.
class ImageChain {
 public:
  ImageChain(Workload& workload, Image image) : workload_(workload), image_(image) {}

  Image image() const { return image_; }

  void convolve(const std::string& name, const Convolution& convolution) {
    workload_.layers.push_back(convolution_layer(name, image_, convolution, workload_.layers.empty()));
    image_ = output_of(image_, convolution);
  }

  /// A convolution beside the chain, such as a projected shortcut from `in`.
  void convolve_beside(const std::string& name, Image in, const Convolution& convolution) {
    workload_.layers.push_back(convolution_layer(name, in, convolution));
  }

  void pool(const std::string& name, int out_size) {
    workload_.layers.push_back(pooling_layer(name, image_, out_size));
    image_.size = out_size;
  }

  void classify(int classes) {
    Layer layer = linear_layer("classifier", 1, image_.elements(), classes, false);
    layer.kind = LayerKind::head;
    add_memory_work(layer, loss_work(1, classes));
    workload_.layers.push_back(layer);
  }

 private:
  Workload& workload_;
  Image image_;
};

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

void bottleneck_block(ImageChain& chain, const std::string& name, int inner, int outer, int stride,
                      int groups) {
  const Image in = chain.image();
  chain.convolve(name + " 1x1 in", {.out_channels = inner});
  chain.convolve(name + " 3x3", {.out_channels = inner, .kernel = 3, .stride = stride, .groups = groups});
  chain.convolve(name + " 1x1 out", {.out_channels = outer, .residual_add = true});
  if (stride > 1 || in.channels != outer) {
    chain.convolve_beside(name + " shortcut", in,
                          {.out_channels = outer, .stride = stride, .activation = false});
  }
}

}  // namespace

Workload resnet(int depth, int image_size, int cardinality, int group_width) {
  const ResNetPlan plan = resnet_plan(depth);
  Workload workload{.family = "convolution",
                    .sample_name = "image",
                    .image_size = image_size,
                    .source = "arXiv 1512.03385 table 1"};
  workload.name = cardinality > 1 ? "resnext" + std::to_string(depth) : "resnet" + std::to_string(depth);
  workload.input_bytes = 3.0 * image_size * image_size;
  ImageChain chain(workload, {image_size, 3});
  chain.convolve("stem 7x7", {.out_channels = 64, .kernel = 7, .stride = 2});
  chain.pool("stem pool", (chain.image().size + 1) / 2);
  for (int stage = 0; stage < 4; ++stage) {
    const int width = 64 << stage;
    const int inner = cardinality > 1 ? cardinality * group_width << stage : width;
    for (int block = 0; block < plan.blocks[static_cast<std::size_t>(stage)]; ++block) {
      const int stride = stage > 0 && block == 0 ? 2 : 1;
      const std::string name = "stage " + std::to_string(stage + 1) + "." + std::to_string(block + 1);
      if (plan.bottleneck) {
        bottleneck_block(chain, name, inner, 4 * width, stride, cardinality);
      } else {
        basic_block(chain, name, width, stride);
      }
    }
  }
  chain.pool("average pool", 1);
  chain.classify(kImageNetClasses);
  return workload;
}

}  // namespace spotmix::models
