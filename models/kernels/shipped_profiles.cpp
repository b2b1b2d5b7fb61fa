#include "models/kernels/shipped_profiles.h"

#include <string_view>

#include "base/json/sequence.h"
#include "models/kernels/profile_io.h"

namespace spotmix::models {

std::string_view accelerator_profiles_text();  // a JSON text sequence
std::string_view processor_profile_text();

namespace {

std::vector<KernelProfile> parse_published() {
  std::vector<KernelProfile> profiles;
  for (const std::string_view text : texts_of_sequence(accelerator_profiles_text()))
    profiles.push_back(parse_profile(text, "the program's own kernel profiles"));
  return profiles;
}

}  // namespace

const KernelProfiles& published_profiles() {
  static const auto kProfiles = std::make_shared<const std::vector<KernelProfile>>(parse_published());
  return kProfiles;
}

const KernelProfiles& processor_profiles() {
  static const auto kProfiles = std::make_shared<const std::vector<KernelProfile>>(
      1, parse_profile(processor_profile_text(), "the program's own kernel profile"));
  return kProfiles;
}

std::string shipped_profiles_text() {
  return std::string(accelerator_profiles_text()) + std::string(processor_profile_text());
}

}  // namespace spotmix::models
