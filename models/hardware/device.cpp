#include "models/hardware/device.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "base/units/prefixes.h"

namespace spotmix::models {
namespace {

constexpr double kTera = 1e12;
constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;
constexpr double kMiB = 1024.0 * 1024.0;
constexpr std::optional<double> kNone = std::nullopt;

constexpr double kPcie3 = 15.75 * kGiga;  // x16, 128b/130b coding
constexpr double kPcie4 = 31.5 * kGiga;
constexpr double kPcie5 = 63.0 * kGiga;

/// Peaks in TFLOP/s in the order fp32, tf32, fp16, bf16, fp8; 0 stands for "no unit" in this table only.
constexpr std::array<std::optional<double>, kPrecisionCount> peaks(double fp32, double tf32, double fp16,
                                                                   double bf16, double fp8) {
  const auto tera = [](double value) { return value > 0.0 ? std::optional{value * kTera} : kNone; };
  return {tera(fp32), tera(tf32), tera(fp16), tera(bf16), tera(fp8)};
}

constexpr DeviceSpec gpu(std::string_view name, Architecture architecture, int multiprocessors,
                         double boost_mhz, std::array<std::optional<double>, kPrecisionCount> peak,
                         double memory_gib, double memory_gb_per_s, double l2_mib, int links,
                         double link_gb_per_s, double pcie, std::string_view source) {
  return {name,
          architecture,
          multiprocessors,
          boost_mhz * 1e6,
          peak,
          memory_gib * kGiB,
          memory_gb_per_s * kGiga,
          l2_mib * kMiB,
          links,
          link_gb_per_s * kGiga,
          pcie,
          source};
}

using enum Architecture;

// Unless a row says otherwise the source is NVIDIA's data sheet or architecture white paper of that device.
constexpr std::array kDevices{
    gpu("K80", kepler, 13, 875, peaks(4.37, 0, 0, 0, 0), 12, 240, 1.5, 0, 0, kPcie3,
        "NVIDIA Tesla K80 board specification BD-07317: one of the two GK210"),
    gpu("M40", maxwell, 24, 1114, peaks(6.84, 0, 0, 0, 0), 24, 288, 3, 0, 0, kPcie3,
        "NVIDIA Tesla M40 data sheet"),
    gpu("TitanX", maxwell, 24, 1075, peaks(6.6, 0, 0, 0, 0), 12, 336.5, 3, 0, 0, kPcie3,
        "NVIDIA GeForce GTX Titan X (Maxwell) specification"),
    gpu("GTX-1080Ti", pascal, 28, 1582, peaks(11.3, 0, 0, 0, 0), 11, 484, 2.75, 0, 0, kPcie3,
        "NVIDIA GeForce GTX 1080 Ti specification"),
    gpu("P100-PCIE-16GB", pascal, 56, 1303, peaks(9.3, 0, 18.7, 0, 0), 16, 732, 4, 0, 0, kPcie3,
        "NVIDIA Tesla P100 data sheet"),
    gpu("P100-SXM2-16GB", pascal, 56, 1480, peaks(10.6, 0, 21.2, 0, 0), 16, 732, 4, 4, 20, kPcie3,
        "NVIDIA Pascal P100 white paper WP-08019"),
    gpu("P4", pascal, 20, 1063, peaks(5.5, 0, 0, 0, 0), 8, 192, 2, 0, 0, kPcie3,
        "NVIDIA Tesla P4 data sheet"),
    gpu("TitanX-Pascal", pascal, 28, 1531, peaks(10.97, 0, 0, 0, 0), 12, 480, 3, 0, 0, kPcie3,
        "NVIDIA Titan X (Pascal) specification"),
    gpu("TitanXp", pascal, 30, 1582, peaks(12.15, 0, 0, 0, 0), 12, 547.6, 3, 0, 0, kPcie3,
        "NVIDIA Titan Xp specification"),
    gpu("V100-PCIE-16GB", volta, 80, 1380, peaks(14.0, 0, 112, 0, 0), 16, 900, 6, 0, 0, kPcie3,
        "NVIDIA V100 data sheet"),
    gpu("V100-PCIE-32GB", volta, 80, 1380, peaks(14.0, 0, 112, 0, 0), 32, 900, 6, 0, 0, kPcie3,
        "NVIDIA V100 data sheet"),
    gpu("V100-SXM2-16GB", volta, 80, 1530, peaks(15.7, 0, 125, 0, 0), 16, 900, 6, 6, 25, kPcie3,
        "NVIDIA Volta V100 white paper WP-08608"),
    gpu("V100-SXM2-32GB", volta, 80, 1530, peaks(15.7, 0, 125, 0, 0), 32, 900, 6, 6, 25, kPcie3,
        "NVIDIA V100 data sheet"),
    gpu("V100-SXM3-32GB", volta, 80, 1597, peaks(16.4, 0, 130, 0, 0), 32, 981, 6, 6, 25, kPcie3,
        "NVIDIA DGX-2 and DGX-2H data sheets"),
    gpu("V100S-PCIE-32GB", volta, 80, 1597, peaks(16.4, 0, 130, 0, 0), 32, 1134, 6, 0, 0, kPcie3,
        "NVIDIA V100 data sheet"),
    gpu("T4", turing, 40, 1590, peaks(8.1, 0, 65, 0, 0), 16, 320, 4, 0, 0, kPcie3, "NVIDIA T4 data sheet"),
    gpu("A10", ampere, 72, 1695, peaks(31.2, 62.5, 125, 125, 0), 24, 600, 6, 0, 0, kPcie4,
        "NVIDIA A10 data sheet"),
    gpu("A100-PCIE-40GB", ampere, 108, 1410, peaks(19.5, 156, 312, 312, 0), 40, 1555, 40, 12, 25, kPcie4,
        "NVIDIA A100 data sheet; NVLink only through a bridge between two"),
    gpu("A100-PCIE-80GB", ampere, 108, 1410, peaks(19.5, 156, 312, 312, 0), 80, 1935, 40, 12, 25, kPcie4,
        "NVIDIA A100 data sheet; NVLink only through a bridge between two"),
    gpu("A100-SXM4-40GB", ampere, 108, 1410, peaks(19.5, 156, 312, 312, 0), 40, 1555, 40, 12, 25, kPcie4,
        "NVIDIA A100 data sheet"),
    gpu("A100-SXM4-80GB", ampere, 108, 1410, peaks(19.5, 156, 312, 312, 0), 80, 2039, 40, 12, 25, kPcie4,
        "NVIDIA A100 data sheet"),
    gpu("A10G", ampere, 80, 1710, peaks(35.0, 35.0, 70, 70, 0), 24, 600, 6, 0, 0, kPcie4,
        "NVIDIA A10G data sheet (AWS g5): tensor peaks with fp32 accumulation"),
    gpu("A30", ampere, 56, 1440, peaks(10.3, 82, 165, 165, 0), 24, 933, 24, 0, 0, kPcie4,
        "NVIDIA A30 data sheet"),
    gpu("A40", ampere, 84, 1740, peaks(37.4, 74.8, 149.7, 149.7, 0), 48, 696, 6, 4, 14.0625, kPcie4,
        "NVIDIA A40 data sheet"),
    gpu("RTX-A5000", ampere, 64, 1695, peaks(27.8, 55.6, 111.1, 111.1, 0), 24, 768, 6, 0, 0, kPcie4,
        "NVIDIA RTX A5000 data sheet: dense tensor peaks"),
    gpu("L4", ada, 58, 2040, peaks(30.3, 60, 121, 121, 242.5), 24, 300, 48, 0, 0, kPcie4,
        "NVIDIA L4 data sheet"),
    gpu("L40", ada, 142, 2490, peaks(90.5, 90.5, 181, 181, 362), 48, 864, 96, 0, 0, kPcie4,
        "NVIDIA L40 data sheet"),
    gpu("L40S", ada, 142, 2520, peaks(91.6, 183, 362, 362, 733), 48, 864, 96, 0, 0, kPcie4,
        "NVIDIA L40S data sheet"),
    gpu("GH200", hopper, 132, 1980, peaks(66.9, 494.7, 989.4, 989.4, 1978.9), 96, 4000, 50, 18, 25, kPcie5,
        "NVIDIA GH200 data sheet"),
    gpu("H100-NVL", hopper, 132, 1785, peaks(60, 417.5, 835, 835, 1671), 94, 3938, 50, 12, 25, kPcie5,
        "NVIDIA H100 NVL data sheet; NVLink only through bridges between two"),
    gpu("H100-PCIE-80GB", hopper, 114, 1755, peaks(51.2, 378, 756, 756, 1513), 80, 2039, 50, 12, 25, kPcie5,
        "NVIDIA H100 white paper"),
    gpu("H100-SXM", hopper, 132, 1980, peaks(66.9, 494.7, 989.4, 989.4, 1978.9), 80, 3352, 50, 18, 25, kPcie5,
        "NVIDIA H100 white paper"),
    gpu("H200", hopper, 132, 1980, peaks(66.9, 494.7, 989.4, 989.4, 1978.9), 141, 4800, 50, 18, 25, kPcie5,
        "NVIDIA H200 data sheet"),
    gpu("B200", blackwell, 148, 1965, peaks(75, 1125, 2250, 2250, 4500), 180, 7700, 126, 18, 50, kPcie5,
        "NVIDIA HGX B200 and DGX B200 data sheets"),
    gpu("B300", blackwell, 148, 2032, peaks(75, 1125, 2250, 2250, 4500), 270, 7700, 126, 18, 50, kPcie5,
        "NVIDIA HGX B300 data sheet"),
    gpu("GB200", blackwell, 152, 2062, peaks(80, 1250, 2500, 2500, 5000), 186, 8000, 126, 18, 50, kPcie5,
        "NVIDIA GB200 NVL72 data sheet, per GPU"),
    gpu("GB300", blackwell, 152, 2070, peaks(80, 1250, 2500, 2500, 5000), 279, 8000, 126, 18, 50, kPcie5,
        "NVIDIA GB300 NVL72 data sheet, per GPU"),
};

/// Lower case, letters and digits only, without the vendor's words.
std::string normalized(std::string_view name) {
  std::string result;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  for (const std::string_view word : {"nvidia", "tesla", "geforce", "hbm3"}) {
    if (const auto at = result.find(word); at != std::string::npos) result.erase(at, word.size());
  }
  return result;
}

struct Alias {
  std::string_view normalized_name;
  std::string_view device;
};

// Short forms found in the catalogue, in published tables and in daily use.
constexpr std::array kAliases{
    Alias{"gk210", "K80"},
    Alias{"nvm40", "M40"},
    Alias{"nvtitanx", "TitanX"},
    Alias{"nvtitanxpascal", "TitanX-Pascal"},
    Alias{"nvtitanxp", "TitanXp"},
    Alias{"1080ti", "GTX-1080Ti"},
    Alias{"nv1080ti", "GTX-1080Ti"},
    Alias{"p100", "P100-SXM2-16GB"},
    Alias{"nvp100", "P100-PCIE-16GB"},
    Alias{"p100pcie", "P100-PCIE-16GB"},
    Alias{"v100", "V100-SXM2-16GB"},
    Alias{"nvv100", "V100-SXM2-16GB"},
    Alias{"v10016gb", "V100-SXM2-16GB"},
    Alias{"v10032gb", "V100-SXM2-32GB"},
    Alias{"v100sxm2", "V100-SXM2-16GB"},
    Alias{"v100sxm3", "V100-SXM3-32GB"},
    Alias{"v100pcie", "V100-PCIE-32GB"},
    Alias{"nvt4", "T4"},
    Alias{"a100", "A100-SXM4-40GB"},
    Alias{"a10040gb", "A100-SXM4-40GB"},
    Alias{"a10080gb", "A100-SXM4-80GB"},
    Alias{"a100sxm40gb", "A100-SXM4-40GB"},
    Alias{"a100sxm80gb", "A100-SXM4-80GB"},
    Alias{"a10080gbpcie", "A100-PCIE-80GB"},
    Alias{"a10040gbpcie", "A100-PCIE-40GB"},
    Alias{"h100", "H100-SXM"},
    Alias{"h10080gb", "H100-SXM"},
    Alias{"h100sxm5", "H100-SXM"},
    Alias{"h100sxm80gb", "H100-SXM"},
    Alias{"h100pcie", "H100-PCIE-80GB"},
    Alias{"h200sxm", "H200"},
    Alias{"h200141gb", "H200"},
    Alias{"b200sxm", "B200"},
    Alias{"b300sxm", "B300"},
    Alias{"gh200sxm", "GH200"},
};

struct CpuFamily {
  std::string_view family;
  std::string_view name;
  int cores_per_socket;
  double sustained_clock_hz;   ///< All cores busy with wide vector instructions.
  double fp32_flop_per_cycle;  ///< Per core: two 512-bit fused multiply-add units give 64.
  double socket_memory_bytes_per_s;
  double l2_bytes_per_core;
};

constexpr std::string_view kCpuSource = "processor specification and memory channels, scaled per core";
constexpr std::array kCpuFamilies{
    CpuFamily{"c5", "Xeon-8124M", 18, 3.0e9, 64, 127.9e9, kMiB},
    CpuFamily{"m5", "Xeon-8175M", 24, 2.5e9, 64, 127.9e9, kMiB},
    CpuFamily{"r5", "Xeon-8175M", 24, 2.5e9, 64, 127.9e9, kMiB},
    CpuFamily{"c6i", "Xeon-8375C", 32, 2.9e9, 64, 204.8e9, 1.25 * kMiB},
    CpuFamily{"m6i", "Xeon-8375C", 32, 2.9e9, 64, 204.8e9, 1.25 * kMiB},
    CpuFamily{"r6i", "Xeon-8375C", 32, 2.9e9, 64, 204.8e9, 1.25 * kMiB},
    CpuFamily{"c4", "Xeon-E5-2666v3", 10, 2.6e9, 32, 68.3e9, 0.25 * kMiB},
    CpuFamily{"m4", "Xeon-E5-2676v3", 12, 2.4e9, 32, 68.3e9, 0.25 * kMiB},
    CpuFamily{"r4", "Xeon-E5-2686v4", 18, 2.3e9, 32, 76.8e9, 0.25 * kMiB},
};

struct HostProcessor {
  std::string name;  ///< What `device.name` looks at.
  DeviceSpec device;
};

std::string host_processor_name(std::string_view processor, int cores) {
  return std::string(processor) + ", " + std::to_string(cores) + (cores == 1 ? " core" : " cores");
}

/// Every size of every host processor by its normalized name. Two families may share a processor.
const std::map<std::string, HostProcessor>& host_processors() {
  static const std::map<std::string, HostProcessor> kAll = [] {
    constexpr int kMostCores = 64;
    std::map<std::string, HostProcessor> result;
    for (const CpuFamily& family : kCpuFamilies) {
      for (int cores = 1; cores <= kMostCores; ++cores) {
        const std::string name = host_processor_name(family.name, cores);
        HostProcessor& made = result[normalized(name)];
        made = {name, *cpu_device(family.family, cores)};
        made.device.name = made.name;
      }
    }
    return result;
  }();
  return kAll;
}

}  // namespace

const DeviceSpec* find_host_processor(std::string_view family, int cores) {
  const auto* found = std::ranges::find(kCpuFamilies, family, &CpuFamily::family);
  return found == kCpuFamilies.end() ? nullptr : find_device(host_processor_name(found->name, cores));
}

std::span<const DeviceSpec> devices() {
  return kDevices;
}

const DeviceSpec* find_device(std::string_view name) {
  const std::string wanted = normalized(name);
  for (const DeviceSpec& device : kDevices)
    if (normalized(device.name) == wanted) return &device;
  for (const Alias& alias : kAliases)
    if (alias.normalized_name == wanted) return find_device(alias.device);
  const auto found = host_processors().find(wanted);
  return found == host_processors().end() ? nullptr : &found->second.device;
}

std::vector<std::string> device_names() {
  std::vector<std::string> names;
  for (const DeviceSpec& device : kDevices) names.emplace_back(device.name);
  return names;
}

Precision effective_precision(const DeviceSpec& device, Precision precision) {
  if (device.peak(precision)) return precision;
  if (precision == Precision::fp8 && device.peak(Precision::bf16)) return Precision::bf16;
  return Precision::fp32;
}

std::optional<DeviceSpec> cpu_device(std::string_view family, int cores) {
  const auto* found = std::ranges::find(kCpuFamilies, family, &CpuFamily::family);
  if (found == kCpuFamilies.end()) return std::nullopt;
  const auto share = static_cast<double>(cores);
  const double peak_tera = share * found->sustained_clock_hz * found->fp32_flop_per_cycle / kTera;
  return DeviceSpec{found->name,
                    Architecture::cpu,
                    cores,
                    found->sustained_clock_hz,
                    peaks(peak_tera, 0, 0, 0, 0),
                    0.0,
                    found->socket_memory_bytes_per_s * share / found->cores_per_socket,
                    found->l2_bytes_per_core * share,
                    0,
                    0.0,
                    kPcie3,
                    kCpuSource};
}

}  // namespace spotmix::models
