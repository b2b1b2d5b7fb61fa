#include "models/kernels/profile_set.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <tuple>

#include "models/kernels/profile_io.h"

namespace spotmix::models {
namespace {

/// How far one profile's samples are from a question; smaller is nearer, compared from left to right.
using Distance = std::tuple<int, int, int, double>;

bool on_tensor_cores(const DeviceLimits& limits, Precision precision) {
  const auto peak = [&limits](Precision p) { return limits.peak_flop_per_s[static_cast<std::size_t>(p)]; };
  if (precision == Precision::fp32 || !peak(precision) || !peak(Precision::fp32)) return false;
  constexpr double kBeyondPackedArithmetic = 2.5;  // P100's packed fp16 doubles fp32 without tensor cores
  return *peak(precision) > kBeyondPackedArithmetic * *peak(Precision::fp32) ||
         (precision == Precision::tf32 && *peak(precision) > 1.5 * *peak(Precision::fp32));
}

int class_distance(Precision a, Precision b) {
  if (a == b) return 0;
  const auto half = [](Precision p) { return p == Precision::fp16 || p == Precision::bf16; };
  return half(a) && half(b) ? 1 : 2;
}

int architecture_distance(const KernelProfile& profile, const DeviceSpec& device) {
  constexpr int kUnlistedDevice = 100;
  const DeviceSpec* known = find_device(profile.device);
  const std::optional<Architecture> own =
      known != nullptr ? std::optional(known->architecture) : profile.architecture;
  if (!own) return kUnlistedDevice;
  return std::abs(static_cast<int>(*own) - static_cast<int>(device.architecture));
}

Distance distance_to(const KernelProfile& profile, Precision samples, const DeviceSpec& device,
                     Precision precision) {
  const bool same_units =
      on_tensor_cores(profile.limits, samples) == on_tensor_cores(limits_of(device), precision);
  return {same_units ? 0 : 1, architecture_distance(profile, device), class_distance(samples, precision),
          std::abs(std::log(profile.limits.memory_bytes_per_s / device.memory_bytes_per_s))};
}

struct Candidate {
  const KernelProfile* profile = nullptr;
  Precision precision = Precision::fp32;
  Distance distance;
};

void keep_nearer(Candidate& best, const Candidate& other) {
  if (best.profile == nullptr || other.distance < best.distance) best = other;
}

Candidate nearest_matmul(const std::vector<KernelProfile>& profiles, const DeviceSpec& device,
                         Precision precision) {
  Candidate best;
  for (const KernelProfile& profile : profiles) {
    for (const MatmulSamples& samples : profile.matmul) {
      if (!samples.fit) continue;
      keep_nearer(best,
                  {&profile, samples.precision, distance_to(profile, samples.precision, device, precision)});
    }
  }
  return best;
}

Candidate nearest_memory_op(const std::vector<KernelProfile>& profiles, const DeviceSpec& device, MemoryOp op,
                            Precision precision) {
  Candidate best;
  for (const KernelProfile& profile : profiles) {
    for (const MemoryOpSamples& samples : profile.memory_ops) {
      if (samples.op != op || !samples.fit) continue;
      keep_nearer(best,
                  {&profile, samples.precision, distance_to(profile, samples.precision, device, precision)});
    }
  }
  return best;
}

}  // namespace

std::string profile_file_name(std::string_view device) {
  std::string name;
  for (const char c : device) {
    const auto letter = static_cast<unsigned char>(c);
    name += std::isalnum(letter) != 0 ? static_cast<char>(std::tolower(letter)) : '-';
  }
  return name + ".json";
}

std::vector<KernelProfile> load_profiles(const std::filesystem::path& directory) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  if (error)
    throw std::runtime_error(directory.string() + ": cannot be read, expected a folder of kernel profiles");
  std::sort(files.begin(), files.end());
  std::vector<KernelProfile> profiles;
  for (const auto& file : files) profiles.push_back(load_profile(file));
  return profiles;
}

const KernelProfile* find_profile(const std::vector<KernelProfile>& profiles, std::string_view device) {
  const auto measured = [](const KernelProfile& profile) {
    return std::any_of(profile.matmul.begin(), profile.matmul.end(), [](const MatmulSamples& samples) {
      return samples.provenance.kind == SourceKind::measured;
    });
  };
  const KernelProfile* found = nullptr;
  for (const KernelProfile& profile : profiles) {
    if (profile.matmul.empty() && profile.memory_ops.empty()) continue;
    if (profile.device == device && (found == nullptr || (measured(profile) && !measured(*found))))
      found = &profile;
  }
  return found;
}

MatmulModel matmul_model_for(const std::vector<KernelProfile>& profiles, const DeviceSpec& device,
                             Precision precision) {
  const Precision used = effective_precision(device, precision);
  if (const KernelProfile* own = find_profile(profiles, device.name)) {
    if (auto model = make_matmul_model(*own, {used, "", ""})) return *model;
  }
  const Candidate candidate = nearest_matmul(profiles, device, used);
  if (candidate.profile == nullptr) {
    throw std::runtime_error("no kernel profile has matrix products: " + std::string(device.name) +
                             " cannot be scaled from any");
  }
  const auto model = make_matmul_model(*candidate.profile, {candidate.precision, "", ""});
  return scale_matmul_model(*model, std::string(device.name), limits_of(device), used);
}

MemoryOpModel memory_op_model_for(const std::vector<KernelProfile>& profiles, const DeviceSpec& device,
                                  MemoryOp op, Precision precision) {
  const Precision used = effective_precision(device, precision);
  if (const KernelProfile* own = find_profile(profiles, device.name)) {
    if (auto model = make_memory_op_model(*own, op, used)) return *model;
  }
  const Candidate candidate = nearest_memory_op(profiles, device, op, used);
  if (candidate.profile == nullptr) {
    throw std::runtime_error("no kernel profile has " + std::string(name_of(op)) + ": " +
                             std::string(device.name) + " cannot be scaled from any");
  }
  const auto model = make_memory_op_model(*candidate.profile, op, candidate.precision);
  return scale_memory_op_model(*model, std::string(device.name), limits_of(device), used);
}

}  // namespace spotmix::models
