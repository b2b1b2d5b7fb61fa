#include "scenarios/experiment/kernel_profiles.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "models/kernels/matmul.h"
#include "models/kernels/profile_io.h"
#include "scenarios/embedded.h"

namespace spotmix::scenarios {
namespace {

models::KernelProfile fitted(models::KernelProfile profile) {
  const bool all = std::all_of(profile.matmul.begin(), profile.matmul.end(),
                               [](const models::MatmulSamples& samples) { return samples.fit.has_value(); });
  if (!all) models::fit_matmul(profile);
  return profile;
}

/// Each text of the program's sequence starts with a record separator.
std::vector<models::KernelProfile> parse_published() {
  constexpr char kRecordSeparator = 0x1e;
  std::vector<models::KernelProfile> profiles;
  std::string_view rest = published_profiles_text();
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view text = rest.substr(0, rest.find(kRecordSeparator));
    profiles.push_back(models::parse_profile(text, "the program's own kernel profiles"));
    rest.remove_prefix(text.size());
  }
  return profiles;
}

const KernelProfiles& published_profiles() {
  static const auto kProfiles = std::make_shared<const std::vector<models::KernelProfile>>(parse_published());
  return kProfiles;
}

const KernelProfiles& processor_profiles() {
  static const auto kProfiles = std::make_shared<const std::vector<models::KernelProfile>>(
      1, models::parse_profile(processor_profile_text(), "the program's own kernel profile"));
  return kProfiles;
}

}  // namespace

Result<KernelProfiles> kernel_profiles_of(const Scenario& scenario, bool on_processors) {
  std::vector<models::KernelProfile> profiles;
  for (const std::string& name : scenario.workload.kernel_profiles) {
    const std::filesystem::path named(name);
    const std::filesystem::path file = named.is_absolute() ? named : scenario.file.parent_path() / named;
    try {
      profiles.push_back(fitted(models::load_profile(file)));
    } catch (const std::runtime_error& error) {
      return Problem{scenario.file.string(), "workload.kernel_profiles", error.what()};
    }
    if (profiles.back().matmul.empty()) {
      return Problem{scenario.file.string(), "workload.kernel_profiles",
                     file.string() + ": found no matrix products, expected some"};
    }
  }
  if (profiles.empty()) return on_processors ? processor_profiles() : published_profiles();
  return KernelProfiles(std::make_shared<const std::vector<models::KernelProfile>>(std::move(profiles)));
}

}  // namespace spotmix::scenarios
