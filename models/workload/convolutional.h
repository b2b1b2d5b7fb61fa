// Convolutional networks for images, from the papers' tables.
#pragma once

#include <string>

#include "models/workload/workload.h"

namespace spotmix::models {

/// ResNet of 18, 34, 50, 101 or 152 layers (He et al. 2015, arXiv 1512.03385, table 1, with the stride on the
/// 3 × 3 convolution as torchvision and NVIDIA train it). `cardinality` groups of `group_width` channels make
/// ResNeXt (Xie et al. 2016, arXiv 1611.05431).
Workload resnet(int depth, int image_size, int cardinality = 1, int group_width = 64);

}  // namespace spotmix::models
