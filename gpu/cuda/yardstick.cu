// Our own bf16 product on tensor cores, as a yardstick beside cuBLASLt: c (m × n) = a (m × k) · bᵀ, b stored
// n × k.
//
// A block makes 128 × 256 of the result with 8 warps of 64 × 64. Four stages of 32 k-elements move through
// shared memory with cp.async, three ahead of the arithmetic. Each row of a stage is 64 bytes, four chunks of
// 16; chunk c of row r lies at c ^ (r/2 mod 4), so that the eight rows that one ldmatrix phase reads fall
// into different banks. Blocks are numbered in columns of eight row-blocks, so that those that run together
// share their inputs in the L2.
#include <cstdint>

#include <cuda_bf16.h>

#include "gpu/cuda/cublas.h"
#include "gpu/cuda/reference.h"
#include "gpu/cuda/sections.h"

namespace spotmix::gpu {
namespace {

constexpr int kBlockM = 128, kBlockN = 256, kBlockK = 32, kStages = 4, kThreads = 256;
constexpr int kRowBytes = kBlockK * 2;
constexpr int kStageBytes = (kBlockM + kBlockN) * kRowBytes;
constexpr int kSharedBytes = kStages * kStageBytes;

struct Operands {
  const __nv_bfloat16* a;
  const __nv_bfloat16* b;
  __nv_bfloat16* c;
  int m, n, k;
};

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800

constexpr int kWarpM = 64, kWarpN = 64, kWarpsM = kBlockM / kWarpM;
constexpr int kTilesM = kWarpM / 16, kTilesN = kWarpN / 8;
constexpr int kChunks = kRowBytes / 16;
constexpr int kStageBytesA = kBlockM * kRowBytes;
constexpr int kGroup = 8;

__device__ std::uint32_t swizzled(int row, int chunk) {
  return static_cast<std::uint32_t>(row * kRowBytes + ((chunk ^ ((row >> 1) & (kChunks - 1))) << 4));
}

__device__ void copy_chunk(std::uint32_t shared, const void* global) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;\n" ::"r"(shared), "l"(global));
}
__device__ void close_group() {
  asm volatile("cp.async.commit_group;\n" ::);
}
template <int kLeft>
__device__ void wait_for_groups() {
  asm volatile("cp.async.wait_group %0;\n" ::"n"(kLeft));
}

__device__ void load_matrices(std::uint32_t (&registers)[4], std::uint32_t shared) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];\n"
               : "=r"(registers[0]), "=r"(registers[1]), "=r"(registers[2]), "=r"(registers[3])
               : "r"(shared));
}

__device__ void multiply(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%0, %1, %2, "
      "%3};\n"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

/// Starts the copies of one stage: rows of a, then rows of b.
__device__ void start_stage(const Operands& o, std::uint32_t stage, int first_row, int first_column,
                            int first_k) {
#pragma unroll
  for (int i = 0; i < (kBlockM + kBlockN) * kChunks / kThreads; ++i) {
    const int index = i * kThreads + static_cast<int>(threadIdx.x);
    const int row = index / kChunks, chunk = index % kChunks;
    const bool of_a = row < kBlockM;
    const int own_row = of_a ? row : row - kBlockM;
    const __nv_bfloat16* from = of_a ? o.a + static_cast<std::size_t>(first_row + own_row) * o.k
                                     : o.b + static_cast<std::size_t>(first_column + own_row) * o.k;
    copy_chunk(stage + (of_a ? 0 : kStageBytesA) + swizzled(own_row, chunk), from + first_k + chunk * 8);
  }
}

/// The 32 k-elements of one stage, for the warp whose part begins at (warp_row, warp_column).
__device__ void multiply_stage(float (&sums)[kTilesM][kTilesN][4], std::uint32_t stage, int warp_row,
                               int warp_column) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
#pragma unroll
  for (int step = 0; step < kBlockK / 16; ++step) {
    std::uint32_t a[kTilesM][4], b[kTilesN / 2][4];
#pragma unroll
    for (int i = 0; i < kTilesM; ++i)
      load_matrices(a[i], stage + swizzled(warp_row + i * 16 + lane % 16, step * 2 + lane / 16));
#pragma unroll
    for (int j = 0; j < kTilesN / 2; ++j) {
      const int row = warp_column + j * 16 + lane % 8 + lane / 16 * 8;
      load_matrices(b[j], stage + kStageBytesA + swizzled(row, step * 2 + lane / 8 % 2));
    }
#pragma unroll
    for (int i = 0; i < kTilesM; ++i)
#pragma unroll
      for (int j = 0; j < kTilesN; ++j)
        multiply(sums[i][j], a[i], b[j / 2][j % 2 * 2], b[j / 2][j % 2 * 2 + 1]);
  }
}

__device__ void store(const Operands& o, const float (&sums)[kTilesM][kTilesN][4], int row, int column) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
#pragma unroll
  for (int i = 0; i < kTilesM; ++i) {
#pragma unroll
    for (int j = 0; j < kTilesN; ++j) {
#pragma unroll
      for (int half = 0; half < 2; ++half) {
        const std::size_t r = static_cast<std::size_t>(row + i * 16 + lane / 4 + half * 8);
        const int c = column + j * 8 + lane % 4 * 2;
        *reinterpret_cast<__nv_bfloat162*>(o.c + r * o.n + c) =
            __floats2bfloat162_rn(sums[i][j][half * 2], sums[i][j][half * 2 + 1]);
      }
    }
  }
}

#endif

/// Sizes must be multiples of the block's. Needs compute capability 8.0.
__global__ void __launch_bounds__(kThreads, 1) yardstick(Operands o) {
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
  extern __shared__ __align__(128) unsigned char memory[];
  const auto shared = static_cast<std::uint32_t>(__cvta_generic_to_shared(memory));
  const int row_blocks = o.m / kBlockM, column_blocks = o.n / kBlockN;
  const int block = static_cast<int>(blockIdx.x);
  const int group = block / (kGroup * column_blocks), rows_before = group * kGroup;
  const int rows_here = min(kGroup, row_blocks - rows_before);
  const int within = block - rows_before * column_blocks;
  const int first_row = (rows_before + within % rows_here) * kBlockM;
  const int first_column = within / rows_here * kBlockN;
  const int warp = static_cast<int>(threadIdx.x) / 32;
  const int warp_row = warp % kWarpsM * kWarpM, warp_column = warp / kWarpsM * kWarpN;

  float sums[kTilesM][kTilesN][4] = {};
  const int steps = o.k / kBlockK;
#pragma unroll
  for (int stage = 0; stage < kStages - 1; ++stage) {
    if (stage < steps) start_stage(o, shared + stage * kStageBytes, first_row, first_column, stage * kBlockK);
    close_group();
  }
  for (int step = 0; step < steps; ++step) {
    wait_for_groups<kStages - 2>();  // this step's stage has come
    __syncthreads();                 // for all threads, and nobody reads the stage that is filled next
    const int next = step + kStages - 1;
    if (next < steps)
      start_stage(o, shared + next % kStages * kStageBytes, first_row, first_column, next * kBlockK);
    close_group();
    multiply_stage(sums, shared + step % kStages * kStageBytes, warp_row, warp_column);
  }
  store(o, sums, first_row + warp_row, first_column + warp_column);
#endif
}

void launch(const Operands& o, cudaStream_t stream) {
  yardstick<<<(o.m / kBlockM) * (o.n / kBlockN), kThreads, kSharedBytes, stream>>>(o);
  require(cudaGetLastError(), "launching our own product");
}

void require_correct(const CudaShape& shape, const Operands& o, cudaStream_t stream) {
  require(cudaMemsetAsync(o.c, 0xff, static_cast<std::size_t>(o.m) * o.n * 2, stream), "clearing the result");
  launch(o, stream);
  const double error = product_error(shape, CudaPrecision::bf16, CudaPrecision::bf16, o.a, o.b, o.c, stream);
  if (error > error_bound(CudaPrecision::bf16))
    throw std::runtime_error("our own product: wrong result: error " + std::to_string(error) +
                             ", expected at most 0.01");
}

}  // namespace

void measure_yardstick(const CudaRequest& request, CudaResult& result, double budget_s) {
  int device = 0, major = 0;
  require(cudaGetDevice(&device), "cudaGetDevice");
  require(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device), "compute capability");
  if (major < 8) return say(request, "our own product: not measured, it needs compute capability 8.0");
  require(cudaFuncSetAttribute(yardstick, cudaFuncAttributeMaxDynamicSharedMemorySize, kSharedBytes),
          "shared memory");
  constexpr int kSide = 8192;
  constexpr std::size_t kBytes = std::size_t{kSide} * kSide * 2;
  const CudaShape shape{kSide, kSide, kSide, 1, false, true};
  const DeviceMemory a(kBytes), b(kBytes), c(kBytes), workspace(std::size_t{32} << 20);
  const Stream stream;
  fill_random(a.as<void>(), kBytes / 2, CudaPrecision::bf16, stream);
  fill_random(b.as<void>(), kBytes / 2, CudaPrecision::bf16, stream);
  const Operands operands{
      a.as<__nv_bfloat16>(), b.as<__nv_bfloat16>(), c.as<__nv_bfloat16>(), kSide, kSide, kSide};
  require_correct(shape, operands, stream);
  const CublasLt handle;
  const CublasProduct product(handle, shape, CudaPrecision::bf16, workspace);
  if (product.algorithms() == 0)
    throw std::runtime_error("cuBLASLt offers no algorithm for 8192 x 8192 x 8192 in bf16");
  const Times theirs = time_on_device(stream, budget_s / 2, [&](cudaStream_t s) {
    product.enqueue(0, a.as<void>(), b.as<void>(), c.as<void>(), s);
  });
  const Times ours = time_on_device(stream, budget_s / 2, [&](cudaStream_t s) { launch(operands, s); });
  result.matmuls.push_back({shape, CudaPrecision::bf16, "spotmix-yardstick", ours});
  const double flop = 2.0 * kSide * kSide * static_cast<double>(kSide);
  say(request, "our own product at 8192^3 bf16: %.1f TFLOP/s, %.0f %% of cuBLASLt's %.1f",
      flop / ours.median_s / 1e12, 100 * theirs.median_s / ours.median_s, flop / theirs.median_s / 1e12);
}

}  // namespace spotmix::gpu
