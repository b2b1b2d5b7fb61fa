// Networks that find objects in images: a ResNet-50 backbone with heads on several of its feature maps.
#pragma once

#include "models/workload/workload.h"

namespace spotmix::models {

/// SSD (Liu et al. 2015, arXiv 1512.02325) on ResNet-50 up to its third stage, without that stage's stride,
/// as MLPerf and NVIDIA train it on COCO: 300 pixels, 81 classes.
Workload ssd_resnet50(int image_size);

/// RetinaNet-like SSD (Lin et al. 2017, arXiv 1708.02002) on ResNet-50 and a feature pyramid: 320 pixels, 90
/// classes, 6 boxes a place, heads of four shared convolutions.
Workload ssd_resnet50_pyramid(int image_size);

/// Mask R-CNN (He et al. 2017, arXiv 1703.06870) with ResNet-50 and a feature pyramid: images of about 832 by
/// 1344 pixels (`image_size` is the side of a square of equal area), 512 regions trained on, 128 masks.
Workload mask_rcnn(int image_size);

}  // namespace spotmix::models
