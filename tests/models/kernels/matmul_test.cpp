#include "models/kernels/matmul.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include "base/statistics/quantile.h"
#include "tests/models/shipped_profiles.h"

using namespace spotmix::models;
using spotmix::tests::shipped;

namespace {

std::vector<MatmulShape> shapes_of_training() {
  std::vector<MatmulShape> shapes;
  for (const std::int64_t m : {1, 7, 128, 1000, 4096, 65536}) {
    for (const std::int64_t n : {16, 768, 3000, 12288}) {
      for (const std::int64_t k : {32, 1024, 50257}) {
        for (const std::int64_t batch : {1, 96}) shapes.push_back({m, n, k, batch});
      }
    }
  }
  return shapes;
}

}  // namespace

TEST_CASE("No matrix product is faster than its arithmetic at peak or its bytes at full bandwidth") {
  for (const DeviceSpec& device : devices()) {
    for (const Precision precision : {Precision::fp32, Precision::fp16, Precision::bf16, Precision::fp8}) {
      const MatmulModel model = matmul_model_for(shipped(), device, precision);
      const Precision used = effective_precision(device, precision);
      for (const MatmulShape& shape : shapes_of_training()) {
        const double limit_s = matmul_limit_s(limits_of(device), shape, used);
        const double time_s = matmul_time_s(model, shape);
        if (!(time_s >= limit_s)) FAIL(device.name << ' ' << shape.m << 'x' << shape.n << 'x' << shape.k);
        if (!std::isfinite(time_s)) FAIL(device.name << " has no finite time");
      }
    }
  }
  SUCCEED();
}

TEST_CASE("A model reproduces the samples it was made from") {
  for (const KernelProfile& profile : shipped()) {
    for (const MatmulSamples& samples : profile.matmul) {
      const auto model = make_matmul_model(
          profile, {samples.precision, samples.provenance.library, samples.provenance.source});
      REQUIRE(model.has_value());
      std::vector<double> errors;
      for (std::size_t i = 0; i < samples.shapes.size(); ++i) {
        errors.push_back(std::abs(matmul_time_s(*model, samples.shapes[i]) / samples.median_s[i] - 1.0));
      }
      const double middle = spotmix::upper_median(errors);
      INFO(profile.device << ' ' << samples.provenance.library);
      CHECK(middle < 0.10);
      CHECK(middle <= samples.fit->left_out_median_error * 1.05 + 0.005);
    }
  }
}

TEST_CASE("Eight times the work takes clearly longer and not much more than eight times") {
  for (const char* device : {"A100-SXM4-80GB", "H100-SXM", "H200", "B200", "V100-SXM2-16GB", "T4"}) {
    const MatmulModel model = matmul_model_for(shipped(), *find_device(device), Precision::fp16);
    double before = matmul_time_s(model, {512, 512, 512});
    for (std::int64_t size = 1024; size <= 8192; size *= 2) {
      const double after = matmul_time_s(model, {size, size, size});
      INFO(device << ' ' << size);
      CHECK(after > 1.2 * before);
      CHECK(after < 11.0 * before);
      before = after;
    }
  }
}

TEST_CASE("A time knows whether it was published or scaled and how far its samples are") {
  const MatmulModel published = matmul_model_for(shipped(), *find_device("A100-SXM4-80GB"), Precision::bf16);
  const KernelTime near = matmul_time(published, {4096, 4096, 4096});
  CHECK(near.source == SourceKind::published);
  CHECK_FALSE(near.extrapolated);
  CHECK(matmul_time(published, {4000000, 3, 7}).extrapolated);

  for (const char* device : {"K80", "A10G", "A100-SXM4-40GB"}) {
    const MatmulModel scaled = matmul_model_for(shipped(), *find_device(device), Precision::fp32);
    CHECK(matmul_time(scaled, {4096, 4096, 4096}).source == SourceKind::scaled);
    CHECK(describe(scaled).find("scaled from ") == 0);
  }
  const auto cpu = cpu_device("c5", 18);
  REQUIRE(cpu.has_value());
  CHECK(matmul_time(matmul_model_for(shipped(), *cpu, Precision::fp32), {512, 512, 512}).source ==
        SourceKind::scaled);
}

TEST_CASE("A device with more of everything is never slower when scaled from the same samples") {
  const MatmulModel v100 = matmul_model_for(shipped(), *find_device("V100-PCIE-32GB"), Precision::fp32);
  DeviceLimits faster = limits_of(*find_device("V100-PCIE-32GB"));
  const MatmulModel same = scale_matmul_model(v100, "same", faster, Precision::fp32);
  faster.memory_bytes_per_s *= 2.0;
  for (auto& peak : faster.peak_flop_per_s) {
    if (peak) *peak *= 2.0;
  }
  const MatmulModel twice = scale_matmul_model(v100, "twice", faster, Precision::fp32);
  for (const MatmulShape& shape : shapes_of_training()) {
    CHECK(matmul_time_s(twice, shape) <= matmul_time_s(same, shape) * 1.02);
  }
}

TEST_CASE(
    "Scaling to a relative of the same generation is off by a tenth so a scaled time is a fair estimate") {
  struct Relatives {
    const char* from;
    const char* to;
    Precision precision;
    const char* source;
  };
  for (const Relatives& pair : {Relatives{"H100-SXM", "H200", Precision::bf16, "aiconfigurator:sgl"},
                                Relatives{"H200", "H100-SXM", Precision::bf16, "aiconfigurator:sgl"},
                                Relatives{"A100-SXM4-80GB", "A40", Precision::fp16, "vidur"},
                                Relatives{"TitanX", "M40", Precision::fp32, "DeepBench"}}) {
    const KernelProfile& from = *find_profile(shipped(), pair.from);
    const KernelProfile& to = *find_profile(shipped(), pair.to);
    const MatmulModel scaled = scale_matmul_model(*make_matmul_model(from, {pair.precision, "", pair.source}),
                                                  to.device, to.limits, pair.precision);
    std::vector<double> errors;
    for (const MatmulSamples& samples : to.matmul) {
      if (samples.provenance.source != pair.source || samples.precision != pair.precision) continue;
      for (std::size_t i = 0; i < samples.shapes.size(); ++i) {
        errors.push_back(std::abs(matmul_time_s(scaled, samples.shapes[i]) / samples.median_s[i] - 1.0));
      }
    }
    REQUIRE(errors.size() > 50);
    const double middle = spotmix::upper_median(errors);
    INFO(pair.from << " to " << pair.to);
    CHECK(middle < 0.10);
  }
}
