// Our own bf16 product with mma.sync, for every device of compute
// capability 8.0 and later.
//
// A block makes 128 × 256 of the result with 8 warps of 64 × 64. Four stages of 32 k-elements move through
// shared memory with cp.async, three ahead of the arithmetic. Each row of a stage is 64 bytes, four chunks of
// 16; chunk c of row r lies at c ^ (r/2 mod 4), so that the eight rows that one ldmatrix phase reads fall
// into different banks. Blocks are numbered in columns of eight row-blocks, so that those that run together
// share their inputs in the L2.
#include <cstdint>

#include "gpu/cuda/own_product.h"

namespace spotmix::gpu {
namespace {

constexpr int kBlockM = 128, kBlockN = 256, kBlockK = 32, kStages = 4, kThreads = 256;
constexpr int kRowBytes = kBlockK * 2;
constexpr int kStageBytes = (kBlockM + kBlockN) * kRowBytes;
constexpr int kSharedBytes = kStages * kStageBytes;

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
      "{%0, %1, %2, %3};\n"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

/// Starts the copies of one stage: rows of a, then rows of b.
__device__ void start_stage(const ProductOperands& o, std::uint32_t stage, int first_row, int first_column,
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

__device__ void store(const ProductOperands& o, const float (&sums)[kTilesM][kTilesN][4], int row,
                      int column) {
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

__global__ void __launch_bounds__(kThreads, 1) mma_sync_product(ProductOperands o) {
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
    __syncthreads();                 // for all threads, and nobody reads the stage that is
                                     // filled next
    const int next = step + kStages - 1;
    if (next < steps)
      start_stage(o, shared + next % kStages * kStageBytes, first_row, first_column, next * kBlockK);
    close_group();
    multiply_stage(sums, shared + step % kStages * kStageBytes, warp_row, warp_column);
  }
  store(o, sums, first_row + warp_row, first_column + warp_column);
#endif
}

}  // namespace

void launch_mma_sync_product(const ProductOperands& o, cudaStream_t stream) {
  require(cudaFuncSetAttribute(mma_sync_product, cudaFuncAttributeMaxDynamicSharedMemorySize, kSharedBytes),
          "shared memory");
  mma_sync_product<<<(o.m / kBlockM) * (o.n / kBlockN), kThreads, kSharedBytes, stream>>>(o);
  require(cudaGetLastError(), "launching our own product");
}

}  // namespace spotmix::gpu
