#include "gpu/cuda/marks.h"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace spotmix::gpu;

namespace {

const CudaShape kCube{8192, 8192, 8192, 1, false, true};
constexpr double kCubeFlop = 2.0 * 8192 * 8192 * 8192;

Times lasting(double seconds) {
  return {seconds, seconds, seconds, 10};
}

CudaResult good_result() {
  CudaResult result;
  result.copy_bytes_per_s = 4.0e12;
  result.matmuls.push_back({kCube, CudaPrecision::bf16, "cublasLt", lasting(kCubeFlop / 790e12)});
  result.matmuls.push_back({{64, 64, 64}, CudaPrecision::bf16, "cublasLt", lasting(1e-3)});
  result.matmuls.push_back({kCube, CudaPrecision::fp8, "cublasLt", lasting(kCubeFlop / 1500e12)});
  result.yardsticks.push_back(
      {"spotmix-mma-sync", kCube, lasting(kCubeFlop / 400e12), lasting(kCubeFlop / 800e12)});
  result.yardsticks.push_back(
      {"spotmix-wgmma", kCube, lasting(kCubeFlop / 600e12), lasting(kCubeFlop / 800e12)});
  const double bytes = 256.0 * 1024 * 1024;
  result.all_reduces.push_back(
      {"two_shot", "virtual_ranks", "spotmix-kernels", 8, bytes, lasting(23 * bytes / 3.6e12)});
  result.largest_error[0] = 2e-7;
  result.largest_error[3] = 4e-3;
  return result;
}

}  // namespace

TEST_CASE("The marks of a GPU name the fastest product and the better kernels and AllReduce and errors") {
  CHECK(mark_lines(good_result()) ==
        std::vector<std::string>{
            "mark fastest bf16 product: 790.0 TFLOP/s at 8192 x 8192 x 8192 x 1",
            "mark own product: pass: spotmix-wgmma at 8192^3 bf16 has 75.0 % of cuBLASLt's speed (600.0 of "
            "800.0 TFLOP/s), expected at least 70 %",
            "mark two-shot AllReduce: pass: 8 virtual ranks of 256 MiB move 3600 GB/s, 90.0 % of the copy's "
            "4000, expected at least 85 %",
            "mark errors: pass: against fp64 2e-07 in fp32, 0.004 in bf16, expected at most 0.001 and 0.01"});
}

TEST_CASE("A mark that is not met is a miss") {
  CudaResult result = good_result();
  result.yardsticks.pop_back();                                      // 50 % is left
  result.all_reduces[0].times = lasting(23 * 268435456.0 / 3.3e12);  // 82.5 %
  result.largest_error[3] = 0.011;
  const std::vector<std::string> lines = mark_lines(result);
  CHECK(lines.at(1).find("mark own product: miss: spotmix-mma-sync") == 0);
  CHECK(lines.at(2).find("mark two-shot AllReduce: miss:") == 0);
  CHECK(lines.at(3).find("mark errors: miss:") == 0);
}

TEST_CASE("What was not measured is reported as such and not as passed") {
  for (const std::string& line : mark_lines({})) CHECK(line.find(": unmeasured") != std::string::npos);
}
