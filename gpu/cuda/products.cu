#include <algorithm>

#include "gpu/cuda/cublas.h"
#include "gpu/cuda/reference.h"
#include "gpu/cuda/sections.h"

namespace spotmix::gpu {
namespace {

constexpr std::size_t kWorkspaceBytes = std::size_t{32} << 20;  // what frameworks give on Hopper
constexpr std::size_t kChecked = 256;                           ///< Elements of each result.
constexpr const char* kNames[kCudaPrecisions] = {"fp32", "tf32", "fp16", "bf16", "fp8"};

struct Bytes {
  std::size_t a, b, c;
};

Bytes bytes_of(const CudaShape& s, CudaPrecision precision) {
  const auto elements = [&](std::int64_t rows, std::int64_t columns) {
    return static_cast<std::size_t>(s.batch * rows * columns);
  };
  const auto aligned = [](std::size_t bytes) { return (bytes + 255) / 256 * 256; };
  const std::size_t element = element_bytes(precision);
  const std::size_t result = precision == CudaPrecision::fp8 ? 2 : element;
  return {aligned(elements(s.m, s.k) * element), aligned(elements(s.k, s.n) * element),
          elements(s.m, s.n) * result};
}

double flop_of(const CudaShape& s) {
  return 2.0 * static_cast<double>(s.batch) * static_cast<double>(s.m) * static_cast<double>(s.n) *
         static_cast<double>(s.k);
}

/// fp8 products want the first matrix by rows, the second transposed, and sizes that are multiples of 16.
bool possible(const CudaShape& s, CudaPrecision precision) {
  if (precision != CudaPrecision::fp8) return true;
  return !s.a_transposed && s.b_transposed && s.m % 16 == 0 && s.n % 16 == 0 && s.k % 16 == 0;
}

bool has_precision(CudaPrecision precision, int major, int minor) {
  if (precision == CudaPrecision::fp8) return major > 8 || (major == 8 && minor == 9);
  if (precision == CudaPrecision::tf32 || precision == CudaPrecision::bf16) return major >= 8;
  return true;
}

/// All shapes of one precision, from buffers of its own.
class PrecisionRun {
 public:
  PrecisionRun(const CudaRequest& request, CudaResult& result, CudaPrecision precision)
      : request_(request),
        result_(result),
        precision_(precision),
        inputs_(input_bytes()),
        results_(result_bytes()),
        workspace_(kWorkspaceBytes),
        flush_(result.l2_bytes),
        check_(kChecked) {
    fill_random(inputs_.as<void>(), inputs_.bytes() / element_bytes(precision), precision, stream_);
    require(cudaStreamSynchronize(stream_), "filling with random numbers");
  }

  void measure(double budget_s) {
    const double end_s = wall_s() + budget_s;
    std::size_t left = request_.shapes.size();
    double best = 0;
    for (const CudaShape& shape : request_.shapes) {
      const double share_s = (end_s - wall_s()) / static_cast<double>(left--);
      if (share_s <= 0) {
        ++out_of_time_;
      } else if (possible(shape, precision_)) {
        best = std::max(best, measure_shape(shape, share_s));
      } else {
        ++not_offered_;
      }
    }
    say(request_,
        "%s: %zu of %zu shapes, the best at %.1f TFLOP/s; left out: %zu for time, %zu that cuBLASLt does not "
        "offer, %zu that came out wrong",
        kNames[static_cast<int>(precision_)], timed_, request_.shapes.size(), best / 1e12, out_of_time_,
        not_offered_, wrong_);
  }

 private:
  std::size_t input_bytes() const {
    auto most = static_cast<std::size_t>(4 * result_.l2_bytes);
    for (const CudaShape& s : request_.shapes)
      most = std::max(most, bytes_of(s, precision_).a + bytes_of(s, precision_).b);
    return most;
  }
  std::size_t result_bytes() const {
    auto most = static_cast<std::size_t>(2 * result_.l2_bytes);
    for (const CudaShape& s : request_.shapes) most = std::max(most, bytes_of(s, precision_).c);
    return most;
  }

  /// FLOP per second of the best algorithm; 0 when cuBLASLt has none that is right.
  double measure_shape(const CudaShape& shape, double budget_s) {
    const CublasProduct product(handle_, shape, precision_, workspace_);
    if (product.algorithms() == 0) {
      ++not_offered_;
      return 0;
    }
    const Bytes bytes = bytes_of(shape, precision_);
    Rotation inputs(inputs_, bytes.a + bytes.b), results(results_, bytes.c);
    const auto enqueue = [&](int algorithm) {
      return [&, algorithm](cudaStream_t stream) {
        const std::size_t at = inputs.next();
        product.enqueue(algorithm, inputs_.as<void>(at), inputs_.as<void>(at + bytes.a),
                        results_.as<void>(results.next()), stream);
      };
    };
    Times fastest;
    const double end_s = wall_s() + budget_s;
    for (int algorithm = 0; algorithm < product.algorithms() && (algorithm == 0 || wall_s() < end_s);
         ++algorithm) {
      if (!is_correct(shape, product, algorithm)) continue;
      // Half of the time goes to the first choice, which is what a framework would run.
      const double share_s = algorithm == 0 ? budget_s / 2 : budget_s / 2 / product.algorithms();
      const Times times = time_on_device(stream_, share_s, enqueue(algorithm), &flush_);
      if (algorithm == 0) result_.matmuls.push_back({shape, precision_, cublas_name(), times});
      if (fastest.count == 0 || times.median_s < fastest.median_s) fastest = times;
    }
    if (fastest.count == 0) {
      ++wrong_;
      return 0;
    }
    ++timed_;
    result_.matmuls.push_back({shape, precision_, cublas_name() + "-best", fastest});
    return flop_of(shape) / fastest.median_s;
  }

  bool is_correct(const CudaShape& shape, const CublasProduct& product, int algorithm) {
    const Bytes bytes = bytes_of(shape, precision_);
    require(cudaMemsetAsync(results_.as<void>(), 0xff, bytes.c, stream_),
            "clearing the result");  // NaN everywhere
    product.enqueue(algorithm, inputs_.as<void>(), inputs_.as<void>(bytes.a), results_.as<void>(), stream_);
    const CudaPrecision stored = precision_ == CudaPrecision::fp8 ? CudaPrecision::bf16 : precision_;
    const double error = check_.error(shape, precision_, stored, inputs_.as<void>(),
                                      inputs_.as<void>(bytes.a), results_.as<void>(), stream_);
    if (error <= error_bound(precision_)) {
      double& largest = result_.largest_error[static_cast<int>(precision_)];
      largest = std::max(largest, error);
      return true;
    }
    say(request_,
        "%s, algorithm %d: wrong result for %lld x %lld x %lld in %s: error %.3g, expected at most %.3g; not "
        "timed",
        cublas_name().c_str(), algorithm, static_cast<long long>(shape.m), static_cast<long long>(shape.n),
        static_cast<long long>(shape.k), kNames[static_cast<int>(precision_)], error,
        error_bound(precision_));
    return false;
  }

  const CudaRequest& request_;
  CudaResult& result_;
  CudaPrecision precision_;
  CublasLt handle_;
  Stream stream_;
  DeviceMemory inputs_, results_, workspace_;
  CacheFlush flush_;
  ProductCheck check_;
  std::size_t timed_ = 0, out_of_time_ = 0, not_offered_ = 0, wrong_ = 0;
};

}  // namespace

void measure_products(const CudaRequest& request, CudaResult& result, double budget_s) {
  int device = 0, major = 0, minor = 0;
  require(cudaGetDevice(&device), "cudaGetDevice");
  require(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device), "compute capability");
  require(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device), "compute capability");
  constexpr double kShares[kCudaPrecisions] = {0.15, 0.2, 0.2, 0.3, 0.15};
  for (int i = 0; i < kCudaPrecisions; ++i) {
    const auto precision = static_cast<CudaPrecision>(i);
    if (!has_precision(precision, major, minor)) continue;
    PrecisionRun(request, result, precision).measure(kShares[i] * budget_s);
  }
}

}  // namespace spotmix::gpu
