#include "scenarios/experiment/kernel_profiles.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "models/kernels/matmul.h"
#include "models/kernels/profile_io.h"
#include "models/kernels/shipped_profiles.h"

namespace spotmix::scenarios {
namespace {

models::KernelProfile fitted(models::KernelProfile profile) {
  const bool all = std::all_of(profile.matmul.begin(), profile.matmul.end(),
                               [](const models::MatmulSamples& samples) { return samples.fit.has_value(); });
  if (!all) models::fit_matmul(profile);
  return profile;
}

}  // namespace

Result<models::KernelProfiles> kernel_profiles_of(const Scenario& scenario, bool on_processors) {
  std::vector<models::KernelProfile> profiles;
  for (const std::string& name : scenario.workload.kernel_profiles) {
    const std::filesystem::path named(name);
    const std::filesystem::path file = named.is_absolute() ? named : scenario.file.parent_path() / named;
    try {
      profiles.push_back(fitted(models::load_profile(file)));
    } catch (const std::runtime_error& error) {
      return Problem{scenario.file.string(), "workload.kernel_profiles", error.what()};
    }
    if (profiles.back().matmul.empty() && profiles.back().collectives.empty()) {
      return Problem{scenario.file.string(), "workload.kernel_profiles",
                     file.string() + ": found neither matrix products nor collectives, expected some"};
    }
  }
  const models::KernelProfiles& shipped =
      on_processors ? models::processor_profiles() : models::published_profiles();
  if (profiles.empty()) return shipped;
  const bool products = std::any_of(profiles.begin(), profiles.end(),
                                    [](const models::KernelProfile& one) { return !one.matmul.empty(); });
  if (!products) profiles.insert(profiles.end(), shipped->begin(), shipped->end());
  return models::KernelProfiles(
      std::make_shared<const std::vector<models::KernelProfile>>(std::move(profiles)));
}

}  // namespace spotmix::scenarios
