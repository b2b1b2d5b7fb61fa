// Matrix products of this processor: timed cold (data in memory, not in a cache), checked against fp64.
//
// fp32 only: that is what frameworks compute in on a processor without matrix units.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gpu/cpu/kernels/isa_kernels.h"
#include "gpu/cpu/thread_team.h"
#include "gpu/measure/sampler.h"
#include "gpu/measure/statistics.h"
#include "models/kernels/profile.h"

namespace spotmix::gpu {

/// One library: `multiply` does a whole (batched) product; matrices of a batch lie one after the other.
struct MatmulLibrary {
  std::string name;  ///< "eigen-3.4.0-avx512", "openblas-0.3.21".
  std::function<void(const models::MatmulShape&, const float* a, const float* b, float* c)> multiply;
};

/// Eigen on `team`: the longer side of the result is cut into one strip per member.
MatmulLibrary eigen_library(const IsaKernels& kernels, ThreadTeam& team);

/// OpenBLAS with `threads` threads; without a `multiply` when the program was built without it.
MatmulLibrary openblas_library(int threads);

/// Random data longer than the last-level cache, from which each run takes the next piece.
class RotatingData {
 public:
  /// `elements` in all; values uniform in [−1, 1).
  explicit RotatingData(std::size_t elements);
  /// The next `elements`, from the start again when the end is reached. Throws std::invalid_argument when
  /// there are not as many.
  float* next(std::size_t elements);

 private:
  std::vector<float> values_;
  std::size_t position_ = 0;
};

struct TimedShape {
  models::MatmulShape shape;
  Times times;
};

/// Greatest error of `checks` elements of the product, in units of √k (the spread of a sum of k products of
/// numbers in [−1, 1)). Elements are spread over the result, its corners included.
double product_error(const models::MatmulShape& shape, const float* a, const float* b, const float* c,
                     int checks);

struct ProductPlan {
  std::size_t last_level_cache_bytes = 0;
  double budget_s = 0;
  Clock clock = now_s;  ///< own_processor_time_s where all work is done by the calling thread.
};

/// Times the shapes in their order, several times over, giving each its equal share of what is left of the
/// budget; shapes that were not reached when it is spent are left out. Throws std::runtime_error when a
/// result is wrong by more than 1e-3: a wrong kernel is never timed.
std::vector<TimedShape> time_products(const MatmulLibrary& library,
                                      const std::vector<models::MatmulShape>& shapes,
                                      const ProductPlan& plan);

}  // namespace spotmix::gpu
