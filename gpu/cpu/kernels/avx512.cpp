#define SPOTMIX_ISA avx512
#define SPOTMIX_VECTOR_BYTES 64
#define SPOTMIX_ACCUMULATORS 16
#include "gpu/cpu/kernels/isa_kernels_body.h"
#include "gpu/cpu/kernels/isa_table.h"

namespace spotmix::gpu {

namespace {

bool supported() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("fma");
}

}  // namespace

const IsaKernels kAvx512Kernels{
    "avx512", supported, avx512::multiply, avx512::multiply_adds, avx512::kFlopPerRound, avx512::kLibrary};

}  // namespace spotmix::gpu
