// What traffic between two regions costs where the scenario does not say (docs/rules.md 12).
#pragma once

#include <optional>
#include <string>

namespace spotmix::scenarios {

/// Dollars for a GB that leaves `from` for `to`, two regions of AWS; paid on that side alone. Unknown for
/// regions that have no price, or many, by destination.
std::optional<double> between_regions_usd_per_gb(const std::string& from, const std::string& to);

/// If a region's name has the form of Google's ("us-central1") or Azure's ("eastus2", "westeurope").
bool is_of_another_cloud(const std::string& region);

}  // namespace spotmix::scenarios
