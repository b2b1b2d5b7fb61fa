#include "reports/focus/regions.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace spotmix::reports::focus {
namespace {

/// AWS's table of regions (docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html).
constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kNames{{
    {"us-east-1", "US East (N. Virginia)"},
    {"us-east-2", "US East (Ohio)"},
    {"us-west-1", "US West (N. California)"},
    {"us-west-2", "US West (Oregon)"},
    {"af-south-1", "Africa (Cape Town)"},
    {"ap-east-1", "Asia Pacific (Hong Kong)"},
    {"ap-south-1", "Asia Pacific (Mumbai)"},
    {"ap-south-2", "Asia Pacific (Hyderabad)"},
    {"ap-northeast-1", "Asia Pacific (Tokyo)"},
    {"ap-northeast-2", "Asia Pacific (Seoul)"},
    {"ap-northeast-3", "Asia Pacific (Osaka)"},
    {"ap-southeast-1", "Asia Pacific (Singapore)"},
    {"ap-southeast-2", "Asia Pacific (Sydney)"},
    {"ap-southeast-3", "Asia Pacific (Jakarta)"},
    {"ca-central-1", "Canada (Central)"},
    {"eu-central-1", "Europe (Frankfurt)"},
    {"eu-central-2", "Europe (Zurich)"},
    {"eu-west-1", "Europe (Ireland)"},
    {"eu-west-2", "Europe (London)"},
    {"eu-west-3", "Europe (Paris)"},
    {"eu-north-1", "Europe (Stockholm)"},
    {"eu-south-1", "Europe (Milan)"},
    {"me-south-1", "Middle East (Bahrain)"},
    {"sa-east-1", "South America (São Paulo)"},
}};

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

}  // namespace

std::string region_of(std::string_view zone) {
  // Words of lower-case letters joined by dashes, then a dash and a number.
  std::size_t words = 0;
  std::size_t at = 0;
  while (at < zone.size() && is_lower(zone[at])) {
    while (at < zone.size() && is_lower(zone[at])) ++at;
    ++words;
    if (at >= zone.size() || zone[at] != '-') return "";
    ++at;
  }
  const std::size_t digits = at;
  while (at < zone.size() && std::isdigit(static_cast<unsigned char>(zone[at])) != 0) ++at;
  const bool ends_well = at == zone.size() || is_lower(zone[at]) || zone[at] == '-';
  return words >= 2 && at > digits && ends_well ? std::string(zone.substr(0, at)) : "";
}

std::string_view region_name(std::string_view region) {
  const auto* found =
      std::find_if(kNames.begin(), kNames.end(), [&](const auto& name) { return name.first == region; });
  return found == kNames.end() ? std::string_view{} : found->second;
}

}  // namespace spotmix::reports::focus
