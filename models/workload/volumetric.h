// Segmentation networks for medical images of two or three dimensions.
#pragma once

#include "models/workload/workload.h"

namespace spotmix::models {

/// nnU-Net (Isensee et al. 2018, arXiv 1809.10486) as NVIDIA trains it on brain tumours: patches of 128³
/// voxels or 192 × 160 pixels with four channels, instance norm, channels from 32 doubled to at most 320 (512
/// flat).
Workload nnunet(int dimensions);

/// V-Net (Milletari et al. 2016, arXiv 1606.04797) with 3³ convolutions on patches of 32³ voxels, as NVIDIA
/// trains it on the hippocampus: 16 channels doubled three times.
Workload vnet();

}  // namespace spotmix::models
