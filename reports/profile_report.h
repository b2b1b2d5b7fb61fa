// What `spotmix profile diff` and `profile check` print with --format json; docs/cli.md describes the
// documents.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "models/kernels/profile_check.h"

namespace spotmix::reports {

/// The time that a profile gives for a matrix product that was asked for.
struct AskedProduct {
  models::Precision precision = models::Precision::fp32;
  models::MatmulShape shape;
  models::KernelTime time;
};

struct ProfileCheck {
  std::string device;
  double max_error = 0;  ///< Bound of the median error of measured groups.
  std::vector<models::HeldBack> held_back;
  std::vector<models::Reach> reach;
  std::vector<AskedProduct> asked;

  /// Only measured groups are held to the bound.
  bool judged(const models::HeldBack& group) const;
  bool passed(const models::HeldBack& group) const;
  bool passed() const;
};

void write_profile_check_json(const ProfileCheck& check, std::ostream& out);

void write_profile_difference_json(const models::KernelProfile& first, const models::KernelProfile& second,
                                   std::ostream& out);

}  // namespace spotmix::reports
