#include "models/workload/convolutional.h"

#include <array>
#include <vector>

#include "models/workload/image_chain.h"

namespace spotmix::models {

Workload vgg(int depth, int image_size) {
  const auto convolutions = [&](int stage) {
    if (depth == 11) return stage < 2 ? 1 : 2;
    if (depth == 19) return stage < 2 ? 2 : 4;
    return stage < 2 ? 2 : 3;
  };
  Workload workload = image_workload("vgg" + std::to_string(depth), image_size, "arXiv 1409.1556 table 1");
  ImageChain chain(workload, {image_size, 3});
  constexpr std::array<int, 5> kChannels{64, 128, 256, 512, 512};
  for (int stage = 0; stage < 5; ++stage) {
    for (int i = 0; i < convolutions(stage); ++i) {
      chain.convolve("stage " + std::to_string(stage + 1) + "." + std::to_string(i + 1),
                     {.out_channels = kChannels[static_cast<std::size_t>(stage)],
                      .kernel = 3,
                      .batch_norm = false,
                      .bias = true});
    }
    chain.pool("pool " + std::to_string(stage + 1), chain.image().size / 2);
  }
  if (chain.image().size != 7) chain.pool("adaptive pool", 7);
  chain.connect("connected 1", 4096, true);
  chain.connect("connected 2", 4096, true);
  chain.classify();
  return workload;
}

Workload alexnet(int image_size) {
  Workload workload = image_workload("alexnet", image_size, "arXiv 1404.5997, as torchvision builds it");
  ImageChain chain(workload, {image_size, 3});
  const auto convolve = [&](const std::string& name, int channels, int kernel, int stride) {
    chain.convolve(
        name,
        {.out_channels = channels, .kernel = kernel, .stride = stride, .batch_norm = false, .bias = true});
  };
  const auto halve = [&] { chain.pool("pool", (chain.image().size - 3) / 2 + 1); };
  convolve("convolution 1", 64, 11, 4);
  halve();
  convolve("convolution 2", 192, 5, 1);
  halve();
  convolve("convolution 3", 384, 3, 1);
  convolve("convolution 4", 256, 3, 1);
  convolve("convolution 5", 256, 3, 1);
  halve();
  if (chain.image().size != 6) chain.pool("adaptive pool", 6);
  chain.connect("connected 1", 4096, true);
  chain.connect("connected 2", 4096, true);
  chain.classify();
  return workload;
}

namespace {

/// One path of an Inception block: convolutions one after the other from the block's input.
using Path = std::vector<Convolution>;

Convolution square(int channels, int kernel) {
  return {.out_channels = channels, .kernel = kernel};
}
Convolution across(int channels, int width) {
  return {.out_channels = channels, .kernel = 1, .kernel_width = width};
}
Convolution down(int channels, int width) {
  return {.out_channels = channels, .kernel = width, .kernel_width = 1};
}
Convolution shrink(int channels) {
  return {.out_channels = channels, .kernel = 3, .stride = 2, .same_padding = false};
}

/// Runs every path beside the chain and joins what they make; `passed_channels` come through pooling
/// unchanged.
void inception_block(ImageChain& chain, const std::string& name, const std::vector<Path>& paths,
                     int passed_channels = 0) {
  const Image in = chain.image();
  Image out{in.size, passed_channels};
  int number = 0;
  for (const Path& path : paths) {
    Image image = in;
    for (const Convolution& convolution : path) {
      image = chain.convolve_beside(name + "." + std::to_string(++number), image, convolution);
    }
    out = {image.size, out.channels + image.channels};
  }
  chain.set_image(out);
}

}  // namespace

Workload inception_v3(int image_size) {
  Workload workload =
      image_workload("inception-v3", image_size, "arXiv 1512.00567 table 1, as torchvision builds it");
  ImageChain chain(workload, {image_size, 3});
  const auto unpadded = [&](const std::string& name, int channels, int kernel, int stride) {
    chain.convolve(name,
                   {.out_channels = channels, .kernel = kernel, .stride = stride, .same_padding = false});
  };
  unpadded("stem 1", 32, 3, 2);
  unpadded("stem 2", 32, 3, 1);
  chain.convolve("stem 3", square(64, 3));
  chain.pool("stem pool 1", (chain.image().size - 3) / 2 + 1);
  chain.convolve("stem 4", square(80, 1));
  unpadded("stem 5", 192, 3, 1);
  chain.pool("stem pool 2", (chain.image().size - 3) / 2 + 1);
  for (const int pooled : {32, 64, 64}) {
    inception_block(chain, "inception a" + std::to_string(pooled),
                    {{square(64, 1)},
                     {square(48, 1), square(64, 5)},
                     {square(64, 1), square(96, 3), square(96, 3)},
                     {square(pooled, 1)}});
  }
  inception_block(chain, "reduction a", {{shrink(384)}, {square(64, 1), square(96, 3), shrink(96)}},
                  chain.image().channels);
  for (const int c : {128, 160, 160, 192}) {
    inception_block(chain, "inception b" + std::to_string(c),
                    {{square(192, 1)},
                     {square(c, 1), across(c, 7), down(192, 7)},
                     {square(c, 1), down(c, 7), across(c, 7), down(c, 7), across(192, 7)},
                     {square(192, 1)}});
  }
  inception_block(
      chain, "reduction b",
      {{square(192, 1), shrink(320)}, {square(192, 1), across(192, 7), down(192, 7), shrink(192)}},
      chain.image().channels);
  for (int i = 0; i < 2; ++i) {
    const Image in = chain.image();
    const std::string name = "inception c" + std::to_string(i + 1);
    // Two paths fork after their first convolutions; the forks read the same image.
    inception_block(chain, name, {{square(320, 1)}, {square(192, 1)}});
    const Image middle = chain.convolve_beside(name + " fork a", in, square(384, 1));
    chain.convolve_beside(name + " fork a across", middle, across(384, 3));
    chain.convolve_beside(name + " fork a down", middle, down(384, 3));
    Image deep = chain.convolve_beside(name + " fork b", in, square(448, 1));
    deep = chain.convolve_beside(name + " fork b 3x3", deep, square(384, 3));
    chain.convolve_beside(name + " fork b across", deep, across(384, 3));
    chain.convolve_beside(name + " fork b down", deep, down(384, 3));
    chain.set_image({in.size, 320 + 192 + 4 * 384});
  }
  chain.pool("average pool", 1);
  chain.classify();
  return workload;
}

}  // namespace spotmix::models
