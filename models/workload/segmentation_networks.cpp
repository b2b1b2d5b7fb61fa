#include "models/workload/convolutional.h"
#include "models/workload/image_chain.h"

namespace spotmix::models {
namespace {

struct UNetShape {
  int first_channels = 64;
  int levels = 4;
  int bottom_channels = 1024;
  int classes = 2;
  bool batch_norm = false;
};

void build_unet(Workload& workload, const UNetShape& shape) {
  workload.input_bytes = static_cast<double>(workload.image_size) * workload.image_size;
  ImageChain chain(workload, {workload.image_size, 1});
  const auto convolve_twice = [&](const std::string& name, int channels) {
    for (const char* which : {" a", " b"}) {
      chain.convolve(
          name + which,
          {.out_channels = channels, .kernel = 3, .batch_norm = shape.batch_norm, .bias = !shape.batch_norm});
    }
  };
  for (int level = 0; level < shape.levels; ++level) {
    convolve_twice("down " + std::to_string(level + 1), shape.first_channels << level);
    chain.pool("pool " + std::to_string(level + 1), chain.image().size / 2);
  }
  convolve_twice("bottom", shape.bottom_channels);
  for (int level = shape.levels - 1; level >= 0; --level) {
    const std::string name = "up " + std::to_string(level + 1);
    const int channels = shape.first_channels << level;
    // A 2 × 2 transposed convolution: to each pixel four of half the channels, then joined with the way down.
    const Image in = chain.image();
    chain.convolve(name + " transposed",
                   {.out_channels = 4 * channels, .batch_norm = false, .activation = false});
    chain.set_image({2 * in.size, 2 * channels});
    convolve_twice(name, channels);
  }
  chain.convolve("classes",
                 {.out_channels = shape.classes, .batch_norm = false, .activation = false, .bias = true});
  add_memory_work(workload.layers.back(),
                  loss_work(static_cast<double>(workload.image_size) * workload.image_size, shape.classes));
  workload.layers.back().kind = LayerKind::head;
}

}  // namespace

Workload unet(int image_size) {
  Workload workload = image_workload("unet", image_size, "arXiv 1505.04597 figure 1");
  build_unet(workload, {});
  return workload;
}

Workload unet_industrial(int image_size) {
  Workload workload = image_workload("unet-industrial", image_size,
                                     "arXiv 1505.04597 made small, as NVIDIA trains it on DAGM");
  build_unet(workload,
             {.first_channels = 32, .levels = 3, .bottom_channels = 256, .classes = 1, .batch_norm = true});
  return workload;
}

}  // namespace spotmix::models
