#define SPOTMIX_ISA avx2
#define SPOTMIX_VECTOR_BYTES 32
#define SPOTMIX_ACCUMULATORS 12
#include "gpu/cpu/kernels/isa_kernels_body.h"
#include "gpu/cpu/kernels/isa_table.h"

namespace spotmix::gpu {

namespace {

bool supported() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

}  // namespace

const IsaKernels kAvx2Kernels{
    "avx2", supported, avx2::multiply, avx2::multiply_adds, avx2::kFlopPerRound, avx2::kLibrary};

}  // namespace spotmix::gpu
