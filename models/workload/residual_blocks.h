// The parts of a ResNet that other networks build on.
#pragma once

#include <vector>

#include "models/workload/convolutional.h"
#include "models/workload/image_chain.h"

namespace spotmix::models {

/// The 7 × 7 convolution and the pooling that every ResNet for ImageNet begins with.
void residual_stem(ImageChain& chain);

struct ResidualStages {
  int stages = 4;
  int last_stride = 2;  ///< Of the last of them.
};

/// The stages after the stem; returns what each makes.
std::vector<Image> residual_stages(ImageChain& chain, const ResNetShape& shape, const ResidualStages& which);

}  // namespace spotmix::models
