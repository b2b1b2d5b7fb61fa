#include "gpu/cpu/kernels/isa_kernels.h"

#include <algorithm>

#include "gpu/cpu/kernels/isa_table.h"
#include "gpu/measure/sampler.h"

namespace spotmix::gpu {

std::vector<const IsaKernels*> supported_kernels() {
  std::vector<const IsaKernels*> result;
#ifdef SPOTMIX_X86_64
  if (kAvx512Kernels.supported()) result.push_back(&kAvx512Kernels);
  if (kAvx2Kernels.supported()) result.push_back(&kAvx2Kernels);
#endif
  result.push_back(&kBaselineKernels);
  return result;
}

double core_peak_flop_per_s(const IsaKernels& kernels, double seconds) {
  constexpr std::int64_t kRounds = 100'000;
  const double start_s = now_s();
  volatile float sink = 0;
  double best = 0;
  do {
    const double before_s = now_s();
    sink = kernels.multiply_adds(kRounds);
    best = std::max(best, kernels.flop_per_round * static_cast<double>(kRounds) / (now_s() - before_s));
  } while (now_s() - start_s < seconds);
  (void)sink;
  return best;
}

}  // namespace spotmix::gpu
