// The kernel profiles that ship, read once for a test program.
#pragma once

#include <filesystem>
#include <vector>

#include "models/kernels/profile_set.h"

namespace spotmix::tests {

inline const std::vector<models::KernelProfile>& shipped() {
  static const std::vector<models::KernelProfile> kProfiles =
      models::load_profiles(std::filesystem::path(SPOTMIX_SOURCE_DIR) / "models/kernels/profiles");
  return kProfiles;
}

}  // namespace spotmix::tests
