// The Spot Advisor's bands: for each region, operating system and instance type, how often AWS interrupted
// spot instances in the month before (docs/rules.md 20).
//
// Read from AWS's own spot-advisor-data.json, or from the file that `spotmix import` makes of it; both may be
// packed. The program ships an excerpt: the catalog's instance types.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/enums/enums.h"
#include "base/result/problem.h"

namespace spotmix::scenarios {

/// The share of instances that is interrupted in a month lies within a band.
enum class AdvisorBand : std::uint8_t { below_5, from_5_to_10, from_10_to_15, from_15_to_20, above_20 };
constexpr auto enum_names(AdvisorBand) {
  using enum AdvisorBand;
  return enum_table<AdvisorBand>({{below_5, "<5%"},
                                  {from_5_to_10, "5-10%"},
                                  {from_10_to_15, "10-15%"},
                                  {from_15_to_20, "15-20%"},
                                  {above_20, ">20%"}});
}

using BandsByInstance = std::map<std::string, AdvisorBand>;

struct SpotAdvisor {
  std::string source;
  std::string licence;
  /// By region, then by operating system: "linux" or "windows".
  std::map<std::string, std::map<std::string, BandsByInstance>> regions;
};

bool is_spot_advisor(const std::string& text);

/// Every broken entry is reported.
Result<SpotAdvisor> parse_spot_advisor(const std::string& file, const std::string& text);
Result<SpotAdvisor> read_spot_advisor(const std::filesystem::path& path);

std::string spot_advisor_to_text(const SpotAdvisor& advisor);

}  // namespace spotmix::scenarios
