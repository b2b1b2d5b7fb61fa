// Our own bf16 product with Hopper's instructions: wgmma for the arithmetic, the bulk tensor copy engine for
// the tiles.
//
// A block stays on its multiprocessor and makes one 128 × 256 tile of the result after the other. Its first
// warpgroup only copies: one thread asks the copy engine for stages of 64 k-elements, four of which lie in
// shared memory. The two others multiply, 64 × 256 each. A stage's `full` barrier says that its bytes have
// come, its `empty` barrier that all eight multiplying warps are done with it. Tiles are numbered in columns
// of sixteen row-blocks, so that those that run together share their inputs in the L2.
//
// Shared memory holds rows of 128 bytes (64 k-elements) in the 128-byte swizzle, which both the copy engine
// and wgmma know: of the eight 16-byte chunks of row r, chunk c lies at c ^ (r mod 8).
//
// Compiled for sm_90a alone. Section numbers are those of the PTX ISA 8.8.
#include <algorithm>
#include <cstdint>

#include <cuda.h>
#include <cuda/ptx>

#include "gpu/cuda/own_product.h"

namespace spotmix::gpu {
namespace {

namespace ptx = cuda::ptx;

constexpr int kBlockM = 128, kBlockN = 256, kBlockK = 64, kStages = 4;
constexpr int kWarpgroup = 128, kMultiplying = 2, kThreads = (1 + kMultiplying) * kWarpgroup;
constexpr int kRowBytes = kBlockK * 2;
constexpr int kBytesA = kBlockM * kRowBytes, kBytesB = kBlockN * kRowBytes, kStageBytes = kBytesA + kBytesB;
/// The swizzle repeats every eight rows; tiles begin where it does.
constexpr int kPatternBytes = 8 * kRowBytes;
constexpr int kSharedBytes = kStages * kStageBytes + kPatternBytes + 2 * kStages * 8;
constexpr int kGroup = 16;
constexpr int kSums = kBlockN / 2;                 ///< Of one thread: 64 × 256 over 128 threads.
constexpr long long kLongestWait = 4'000'000'000;  ///< Clocks, about two seconds.

static_assert(kBytesA % kPatternBytes == 0 && kBytesB % kPatternBytes == 0);
static_assert(kRowBytes == 128, "one row is one period of the 128-byte swizzle");

struct Barriers {
  std::uint64_t full[kStages];
  std::uint64_t empty[kStages];
};

struct Sizes {
  int m, n, k;
};

// The host's pass and other architectures only see the declaration.
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

/// Which stage comes next and in which phase its barriers are.
struct Place {
  int stage = 0;
  std::uint32_t phase = 0;
  __device__ void advance() {
    if (++stage < kStages) return;
    stage = 0;
    phase ^= 1;
  }
};

struct Tile {
  int row, column;
};

__device__ Tile tile_of(int index, const Sizes& sizes) {
  const int row_blocks = sizes.m / kBlockM, column_blocks = sizes.n / kBlockN;
  const int first_row = index / (kGroup * column_blocks) * kGroup;
  const int rows_here = min(kGroup, row_blocks - first_row);
  const int within = index - first_row * column_blocks;
  return {(first_row + within % rows_here) * kBlockM, within / rows_here * kBlockN};
}

/// mbarrier.try_wait.parity (9.7.13.15.16) waits for the end of the phase of that parity. A wait that never
/// ends would hang the program: the kernel ends itself instead.
__device__ void wait(std::uint64_t* barrier, std::uint32_t parity) {
  if (ptx::mbarrier_try_wait_parity(barrier, parity)) return;
  const long long start = clock64();
  while (!ptx::mbarrier_try_wait_parity(barrier, parity)) {
    if (clock64() - start > kLongestWait) __trap();
  }
}

/// The matrix descriptor of wgmma (9.7.15.5.1.2.2) for rows of k in the 128-byte swizzle:
///   bits 0–13   start address ÷ 16
///   bits 16–29  leading dimension offset ÷ 16: not used for swizzled k-major
///   matrices, 1 bits 32–45  stride offset ÷ 16: from eight rows to the next
///   eight, 1024 bytes bits 49–51  base offset: 0, for the pattern begins at a
///   multiple of 1024 bytes bits 62–63  1: 128-byte swizzle
__device__ std::uint64_t descriptor(std::uint32_t shared_address) {
  constexpr std::uint64_t kStride = static_cast<std::uint64_t>(kPatternBytes >> 4) << 32;
  constexpr std::uint64_t kRest = std::uint64_t{1} << 16 | kStride | std::uint64_t{1} << 62;
  return kRest | (shared_address & 0x3ffffu) >> 4;
}

/// Registers of a product in flight are not the compiler's to move: an edge it sees in both directions.
__device__ void pin(float (&sums)[kSums]) {
#pragma unroll
  for (float& sum : sums) asm volatile("" : "+f"(sum)::"memory");
}

/// wgmma.fence, commit_group and wait_group (9.7.15.7): order registers before a product, close a group of
/// products, wait until at most kLeft groups are in flight.
__device__ void order_registers() {
  asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
}
__device__ void close_group() {
  asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}
template <int kLeft>
__device__ void wait_for_groups() {
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(kLeft) : "memory");
}

#define SPOTMIX_EIGHT(i)                                                                      \
  "+f"(d[i]), "+f"(d[i + 1]), "+f"(d[i + 2]), "+f"(d[i + 3]), "+f"(d[i + 4]), "+f"(d[i + 5]), \
      "+f"(d[i + 6]), "+f"(d[i + 7])

/// wgmma.mma_async (9.7.15.5.2): 64 × 256 sums += 64 × 16 of a times 16 × 256 of b, both k-major (the two
/// last zeros: not transposed), neither negated (the ones). Without `add` the old sums are dropped.
__device__ void multiply(float (&d)[kSums], std::uint64_t a, std::uint64_t b, bool add) {
  asm volatile(
      "{\n"
      ".reg .pred add;\n"
      "setp.ne.b32 add, %130, 0;\n"
      "wgmma.mma_async.sync.aligned.m64n256k16.f32.bf16.bf16 {"
      "%0, %1, %2, %3, %4, %5, %6, %7, "
      "%8, %9, %10, %11, %12, %13, %14, %15, "
      "%16, %17, %18, %19, %20, %21, %22, %23, "
      "%24, %25, %26, %27, %28, %29, %30, %31, "
      "%32, %33, %34, %35, %36, %37, %38, %39, "
      "%40, %41, %42, %43, %44, %45, %46, %47, "
      "%48, %49, %50, %51, %52, %53, %54, %55, "
      "%56, %57, %58, %59, %60, %61, %62, %63, "
      "%64, %65, %66, %67, %68, %69, %70, %71, "
      "%72, %73, %74, %75, %76, %77, %78, %79, "
      "%80, %81, %82, %83, %84, %85, %86, %87, "
      "%88, %89, %90, %91, %92, %93, %94, %95, "
      "%96, %97, %98, %99, %100, %101, %102, %103, "
      "%104, %105, %106, %107, %108, %109, %110, %111, "
      "%112, %113, %114, %115, %116, %117, %118, %119, "
      "%120, %121, %122, %123, %124, %125, %126, %127"
      "}, %128, %129, add, 1, 1, 0, 0;\n"
      "}\n"
      : SPOTMIX_EIGHT(0), SPOTMIX_EIGHT(8), SPOTMIX_EIGHT(16), SPOTMIX_EIGHT(24), SPOTMIX_EIGHT(32),
        SPOTMIX_EIGHT(40), SPOTMIX_EIGHT(48), SPOTMIX_EIGHT(56), SPOTMIX_EIGHT(64), SPOTMIX_EIGHT(72),
        SPOTMIX_EIGHT(80), SPOTMIX_EIGHT(88), SPOTMIX_EIGHT(96), SPOTMIX_EIGHT(104), SPOTMIX_EIGHT(112),
        SPOTMIX_EIGHT(120)
      : "l"(a), "l"(b), "r"(static_cast<int>(add)));
}

#undef SPOTMIX_EIGHT

/// One thread asks for the stages of all tiles of the block. Coordinates are (k, row).
__device__ void copy_tiles(const CUtensorMap& map_a, const CUtensorMap& map_b, const Sizes& sizes,
                           unsigned char* stages, Barriers& barriers) {
  const int tiles = sizes.m / kBlockM * (sizes.n / kBlockN);
  Place place;
  for (int index = static_cast<int>(blockIdx.x); index < tiles; index += static_cast<int>(gridDim.x)) {
    const Tile tile = tile_of(index, sizes);
    for (int k = 0; k < sizes.k; k += kBlockK) {
      wait(&barriers.empty[place.stage],
           place.phase ^ 1);  // at first nobody has to empty it
      std::uint64_t* full = &barriers.full[place.stage];
      ptx::mbarrier_arrive_expect_tx(ptx::sem_release, ptx::scope_cta, ptx::space_shared, full, kStageBytes);
      unsigned char* stage = stages + place.stage * kStageBytes;
      const std::int32_t at_a[2] = {k, tile.row}, at_b[2] = {k, tile.column};
      ptx::cp_async_bulk_tensor(ptx::space_cluster, ptx::space_global, stage, &map_a, at_a, full);
      ptx::cp_async_bulk_tensor(ptx::space_cluster, ptx::space_global, stage + kBytesA, &map_b, at_b, full);
      place.advance();
    }
  }
}

/// The warp has read the stage.
__device__ void release(std::uint64_t* empty) {
  __syncwarp();
  if (threadIdx.x % 32 == 0) ptx::mbarrier_arrive(ptx::sem_release, ptx::scope_cta, ptx::space_shared, empty);
}

/// 64 × 256 of the result over all of k. One group of products is in flight while the next stage's begins.
__device__ void multiply_tile(float (&sums)[kSums], int steps, Place& place, std::uint32_t stages,
                              int first_row, Barriers& barriers) {
  int before = 0;
  pin(sums);
  for (int step = 0; step < steps; ++step) {
    wait(&barriers.full[place.stage], place.phase);
    const std::uint32_t stage = stages + static_cast<std::uint32_t>(place.stage * kStageBytes);
    const std::uint64_t a = descriptor(stage + static_cast<std::uint32_t>(first_row * kRowBytes));
    const std::uint64_t b = descriptor(stage + kBytesA);
    order_registers();
#pragma unroll
    for (int part = 0; part < kBlockK / 16; ++part) {
      const auto offset = static_cast<std::uint64_t>(part * 32 >> 4);  // 16 k-elements along the row
      multiply(sums, a + offset, b + offset, step > 0 || part > 0);
    }
    close_group();
    wait_for_groups<1>();
    if (step > 0) release(&barriers.empty[before]);
    before = place.stage;
    place.advance();
  }
  wait_for_groups<0>();
  pin(sums);
  release(&barriers.empty[before]);
}

/// Where the sums of m64n256 lie (9.7.15.5.1.1, figure of the fragment D): sum i of thread t is row 16 · (t /
/// 32) + (t mod 32) / 4 + 8 · (i / 2 mod 2), column 8 · (i / 4) + 2 · (t mod 4) + i mod 2.
__device__ void store(__nv_bfloat16* c, int columns, const float (&sums)[kSums], int row, int column) {
  const int thread = static_cast<int>(threadIdx.x) % kWarpgroup;
  __nv_bfloat16* to = c + static_cast<std::size_t>(row + thread / 32 * 16 + thread % 32 / 4) * columns +
                      column + thread % 4 * 2;
#pragma unroll
  for (int i = 0; i < kSums; i += 4) {
    *reinterpret_cast<__nv_bfloat162*>(to + i * 2) = __floats2bfloat162_rn(sums[i], sums[i + 1]);
    *reinterpret_cast<__nv_bfloat162*>(to + static_cast<std::size_t>(8) * columns + i * 2) =
        __floats2bfloat162_rn(sums[i + 2], sums[i + 3]);
  }
}

#endif

/// setmaxnreg (9.7.19.5) moves registers from the copying warpgroup to the multiplying ones: 168 for each of
/// 384 threads at the start, then 40 · 128 + 232 · 256 of the same 64,512.
__global__ void __launch_bounds__(kThreads, 1)
    hopper_product(const __grid_constant__ CUtensorMap map_a, const __grid_constant__ CUtensorMap map_b,
                   __nv_bfloat16* c, Sizes sizes) {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
  extern __shared__ unsigned char memory[];
  const auto start = static_cast<std::uint32_t>(__cvta_generic_to_shared(memory));
  const std::uint32_t padding = (kPatternBytes - start % kPatternBytes) % kPatternBytes;
  unsigned char* stages = memory + padding;
  Barriers& barriers = *reinterpret_cast<Barriers*>(stages + kStages * kStageBytes);
  if (threadIdx.x == 0) {
    for (int stage = 0; stage < kStages; ++stage) {
      ptx::mbarrier_init(&barriers.full[stage], 1);
      ptx::mbarrier_init(&barriers.empty[stage], kMultiplying * kWarpgroup / 32);
    }
    ptx::fence_mbarrier_init(ptx::sem_release, ptx::scope_cluster);
    ptx::fence_proxy_async(ptx::space_shared);  // the copy engine sees them too
  }
  __syncthreads();
  const int warpgroup = static_cast<int>(threadIdx.x) / kWarpgroup;
  if (warpgroup == 0) {
    asm volatile("setmaxnreg.dec.sync.aligned.u32 40;");
    if (threadIdx.x == 0) copy_tiles(map_a, map_b, sizes, stages, barriers);
  } else {
    asm volatile("setmaxnreg.inc.sync.aligned.u32 232;");
    const int first_row = (warpgroup - 1) * (kBlockM / kMultiplying);
    const int tiles = sizes.m / kBlockM * (sizes.n / kBlockN);
    Place place;
    for (int index = static_cast<int>(blockIdx.x); index < tiles; index += static_cast<int>(gridDim.x)) {
      const Tile tile = tile_of(index, sizes);
      float sums[kSums];
      multiply_tile(sums, sizes.k / kBlockK, place, start + padding, first_row, barriers);
      store(c, sizes.n, sums, tile.row + first_row, tile.column);
    }
  }
#endif
}

using EncodeTiled = decltype(&cuTensorMapEncodeTiled);

/// The driver's function, asked for at run time: the CUDA part does not link the driver.
EncodeTiled encode_function() {
  void* function = nullptr;
  cudaDriverEntryPointQueryResult found{};
  constexpr unsigned kSince = 12000;
  require(cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &function, kSince, cudaEnableDefault,
                                           &found),
          "asking the driver for cuTensorMapEncodeTiled");
  if (found != cudaDriverEntryPointSuccess || function == nullptr)
    throw std::runtime_error("the driver has no cuTensorMapEncodeTiled");
  return reinterpret_cast<EncodeTiled>(function);
}

/// A matrix of `rows` × `k` bf16 by rows, of which the copy engine brings `box_rows` × 64 at a time.
CUtensorMap map_of(const __nv_bfloat16* matrix, int rows, int k, int box_rows) {
  static const EncodeTiled encode = encode_function();
  CUtensorMap map{};
  const cuuint64_t sizes[2] = {static_cast<cuuint64_t>(k), static_cast<cuuint64_t>(rows)};
  const cuuint64_t row_bytes[1] = {static_cast<cuuint64_t>(k) * 2};
  const cuuint32_t box[2] = {kBlockK, static_cast<cuuint32_t>(box_rows)};
  const cuuint32_t every[2] = {1, 1};
  const CUresult status =
      encode(&map, CU_TENSOR_MAP_DATA_TYPE_BFLOAT16, 2, const_cast<__nv_bfloat16*>(matrix), sizes, row_bytes,
             box, every, CU_TENSOR_MAP_INTERLEAVE_NONE, CU_TENSOR_MAP_SWIZZLE_128B,
             CU_TENSOR_MAP_L2_PROMOTION_L2_256B, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
  if (status != CUDA_SUCCESS)
    throw std::runtime_error("cuTensorMapEncodeTiled: error " + std::to_string(static_cast<int>(status)));
  return map;
}

}  // namespace

bool runs_hopper_product(int major, int minor) {
  return major == 9 && minor == 0;
}

void launch_hopper_product(const ProductOperands& o, cudaStream_t stream) {
  int device = 0, multiprocessors = 0;
  require(cudaGetDevice(&device), "cudaGetDevice");
  require(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, device),
          "multiprocessors");
  require(cudaFuncSetAttribute(hopper_product, cudaFuncAttributeMaxDynamicSharedMemorySize, kSharedBytes),
          "shared memory");
  const CUtensorMap a = map_of(o.a, o.m, o.k, kBlockM), b = map_of(o.b, o.n, o.k, kBlockN);
  const int tiles = o.m / kBlockM * (o.n / kBlockN);
  hopper_product<<<std::min(tiles, multiprocessors), kThreads, kSharedBytes, stream>>>(a, b, o.c,
                                                                                       {o.m, o.n, o.k});
  require(cudaGetLastError(), "launching our own product for Hopper");
}

}  // namespace spotmix::gpu
