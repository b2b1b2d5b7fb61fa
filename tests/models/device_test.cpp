#include "models/hardware/device.h"

#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "base/text/nearest.h"

using namespace spotmix::models;

TEST_CASE("Every device has a unique name and a source and plausible figures") {
  std::set<std::string> names;
  for (const DeviceSpec& device : devices()) {
    INFO(device.name);
    CHECK(names.emplace(device.name).second);
    CHECK_FALSE(device.source.empty());
    CHECK(device.peak(Precision::fp32).has_value());
    CHECK(device.memory_bytes_per_s > 1e11);
    CHECK(device.memory_bytes > 1e9);
    CHECK((device.nvlink_links > 0) == (device.nvlink_link_bytes_per_s > 0.0));
    // A vector unit does two fp32 operations per core and cycle; no device has more than 128 cores per
    // multiprocessor but Kepler's 192.
    const double cores = device.architecture == Architecture::kepler ? 192 : 128;
    CHECK(*device.peak(Precision::fp32) <= device.multiprocessors * cores * 2 * device.boost_clock_hz * 1.03);
  }
}

TEST_CASE("a device is found by the names that people and published tables use") {
  CHECK(find_device("v100")->name == "V100-SXM2-16GB");
  CHECK(find_device("NVIDIA_A100_80GB_PCIe")->name == "A100-PCIE-80GB");
  CHECK(find_device("Tesla_T4")->name == "T4");
  CHECK(find_device("a100_80gb")->name == "A100-SXM4-80GB");
  CHECK(find_device("NVIDIA_H100_80GB_HBM3")->name == "H100-SXM");
  CHECK(find_device("NV_1080Ti")->name == "GTX-1080Ti");
  CHECK(find_device("Z9000") == nullptr);
  CHECK(spotmix::did_you_mean("H20O", device_names()) == "; did you mean \"H200\"?");
}

TEST_CASE("every short form names a device") {
  for (const char* name :
       {"k80", "p100", "v100", "t4", "a10g", "l4", "l40s", "a100", "h100", "h200", "b200", "gb200",
        "V100-32GB", "A100-80GB", "A100-40GB", "H100-SXM", "A100-PCIE-40GB", "A40", "P4"}) {
    INFO(name);
    CHECK(find_device(name) != nullptr);
  }
}

TEST_CASE("a precision without a unit falls back to one that the device has") {
  CHECK(effective_precision(*find_device("V100"), Precision::bf16) == Precision::fp32);
  CHECK(effective_precision(*find_device("V100"), Precision::fp16) == Precision::fp16);
  CHECK(effective_precision(*find_device("A100"), Precision::fp8) == Precision::bf16);
  CHECK(effective_precision(*find_device("K80"), Precision::fp16) == Precision::fp32);
  CHECK(usable_peak_flop_per_s(*find_device("V100"), Precision::tf32) == 15.7e12);
}

TEST_CASE("a share of a host processor scales with its cores") {
  const auto one = cpu_device("m5", 1);
  const auto four = cpu_device("m5", 4);
  REQUIRE(one);
  CHECK(*four->peak(Precision::fp32) == Approx(4 * *one->peak(Precision::fp32)));
  CHECK(four->memory_bytes_per_s == Approx(4 * one->memory_bytes_per_s));
  CHECK_FALSE(cpu_device("x99", 1));
}
