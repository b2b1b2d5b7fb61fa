// What one accelerator (or a share of a host processor) can do at best: the published peaks that every time
// in models/ is bounded by.
//
// Peaks are dense (no structured sparsity) with the accumulation that training uses. A precision that the
// device has no unit for is nullopt, never 0: callers fall back through `usable_peak_flop_per_s`. Bandwidths
// are one direction. Sizes are bytes as the memory is sold (16 GB V100 = 16 GiB), before what the driver
// keeps.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/enums/enums.h"

namespace spotmix::models {

enum class Precision : std::uint8_t { fp32, tf32, fp16, bf16, fp8 };
constexpr auto enum_names(Precision) {
  using enum Precision;
  return enum_table<Precision>(
      {{fp32, "fp32"}, {tf32, "tf32"}, {fp16, "fp16"}, {bf16, "bf16"}, {fp8, "fp8"}});
}
inline constexpr std::size_t kPrecisionCount = kCountOf<Precision>;

/// Bytes of one element in memory: 4, 4, 2, 2, 1.
constexpr double element_bytes(Precision precision) {
  return precision == Precision::fp32 || precision == Precision::tf32 ? 4.0
         : precision == Precision::fp8                                ? 1.0
                                                                      : 2.0;
}

enum class Architecture : std::uint8_t {
  cpu,
  kepler,
  maxwell,
  pascal,
  volta,
  turing,
  ampere,
  ada,
  hopper,
  blackwell
};
constexpr auto enum_names(Architecture) {
  using enum Architecture;
  return enum_table<Architecture>({{cpu, "cpu"},
                                   {kepler, "kepler"},
                                   {maxwell, "maxwell"},
                                   {pascal, "pascal"},
                                   {volta, "volta"},
                                   {turing, "turing"},
                                   {ampere, "ampere"},
                                   {ada, "ada"},
                                   {hopper, "hopper"},
                                   {blackwell, "blackwell"}});
}

struct DeviceSpec {
  std::string_view name;  ///< Unique, e.g. "V100-SXM2-16GB", "A100-SXM4-80GB".
  Architecture architecture;
  int multiprocessors;  ///< Streaming multiprocessors; physical cores for a host processor.
  double boost_clock_hz;
  /// Dense peak per precision, indexed by Precision; nullopt where the device has no unit for it.
  std::array<std::optional<double>, kPrecisionCount> peak_flop_per_s;
  double memory_bytes;
  double memory_bytes_per_s;
  double l2_bytes;
  int nvlink_links;                ///< 0 where there is none.
  double nvlink_link_bytes_per_s;  ///< One link, one direction, signalling rate; 0 where there is none.
  double pcie_bytes_per_s;         ///< Host link as built into the device, one direction, theoretical.
  std::string_view source;

  std::optional<double> peak(Precision precision) const {
    return peak_flop_per_s[static_cast<std::size_t>(precision)];
  }
};

/// All devices, ordered by architecture, then name.
std::span<const DeviceSpec> devices();

/// The device called `name`, or one of its usual short forms ("v100", "a100_80gb", "NVIDIA A100-SXM4-80GB",
/// "Tesla_T4"); nullptr when there is none. Case, '-', '_', ' ', "nvidia" and "tesla" do not matter.
const DeviceSpec* find_device(std::string_view name);

/// The names of `devices()`, for error messages.
std::vector<std::string> device_names();

/// The precision the device computes in when asked for `precision`: itself where there is a unit, otherwise
/// the one that frameworks fall back to (bf16 → fp32 before Ampere, fp16 → fp32 before Pascal, tf32 → fp32,
/// fp8 → bf16).
Precision effective_precision(const DeviceSpec& device, Precision precision);
inline double usable_peak_flop_per_s(const DeviceSpec& device, Precision precision) {
  return device.peak(effective_precision(device, precision)).value();
}

/// `cores` physical cores (two vCPUs each) of the host processor of an EC2 family ("c5", "m5", "r5", "c6i",
/// …); nullopt for a family that is not known. Memory is not part of it: an instance's memory is in the
/// catalogue.
std::optional<DeviceSpec> cpu_device(std::string_view family, int cores);

/// The same as a device that `find_device` knows by its name, "Xeon-8124M, 4 cores"; nullptr for a family or
/// a number of cores (1 to 64) that is not known.
const DeviceSpec* find_host_processor(std::string_view family, int cores);

}  // namespace spotmix::models
