// Convolutional networks for images, from the papers' tables. Sizes are pixels on a side.
#pragma once

#include <string>

#include "models/workload/workload.h"

namespace spotmix::models {

/// ResNet (He et al. 2015, arXiv 1512.03385, table 1, with the stride on the 3 × 3 convolution as torchvision
/// and NVIDIA train it). More than one group makes ResNeXt (Xie et al. 2016, arXiv 1611.05431).
struct ResNetShape {
  int depth = 50;  ///< 18, 34, 50, 101 or 152.
  int groups = 1;
  int group_width = 64;  ///< Channels of one group in the first stage.
  bool squeeze = false;  ///< Squeeze-and-excitation after each bottleneck (arXiv 1709.01507).
};
Workload resnet(const ResNetShape& shape, int image_size);

/// VGG of 11, 16 or 19 layers (Simonyan and Zisserman 2014, arXiv 1409.1556).
Workload vgg(int depth, int image_size);

/// Krizhevsky 2014 (arXiv 1404.5997), one tower.
Workload alexnet(int image_size);

/// Szegedy et al. 2015 (arXiv 1512.00567), without the auxiliary classifier.
Workload inception_v3(int image_size);

/// The same for images of 32 pixels (CIFAR-10): no stride in the stem, 10 classes.
Workload resnet_for_small_images(int depth, int image_size);

/// EfficientNet (Tan and Le 2019, arXiv 1905.11946): B0 scaled in width and depth.
struct EfficientNetShape {
  std::string name;
  double width = 1;
  double depth = 1;
  bool wide_squeeze = false;  ///< Squeezes to a quarter of the expanded channels, as NVIDIA's variant.
};
Workload efficientnet(const EfficientNetShape& shape, int image_size);

/// U-Net (Ronneberger et al. 2015, arXiv 1505.04597) with padded convolutions.
Workload unet(int image_size);

/// The small U-Net that NVIDIA trains to find defects: 32 to 256 channels, batch norm, one class.
Workload unet_industrial(int image_size);

}  // namespace spotmix::models
