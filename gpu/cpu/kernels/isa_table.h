// The instruction sets that the program was built with.
#pragma once

#include "gpu/cpu/kernels/isa_kernels.h"

namespace spotmix::gpu {

extern const IsaKernels kAvx512Kernels;
extern const IsaKernels kAvx2Kernels;
extern const IsaKernels kBaselineKernels;

}  // namespace spotmix::gpu
