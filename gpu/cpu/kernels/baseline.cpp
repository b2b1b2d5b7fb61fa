#define SPOTMIX_ISA baseline
#define SPOTMIX_VECTOR_BYTES 16
#define SPOTMIX_ACCUMULATORS 12
#include "gpu/cpu/kernels/isa_kernels_body.h"
#include "gpu/cpu/kernels/isa_table.h"

namespace spotmix::gpu {

namespace {

bool supported() {
  return true;
}

}  // namespace

const IsaKernels kBaselineKernels{
    "baseline",        supported, baseline::multiply, baseline::multiply_adds, baseline::kFlopPerRound,
    baseline::kLibrary};

}  // namespace spotmix::gpu
