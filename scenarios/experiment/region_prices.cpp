#include "scenarios/experiment/region_prices.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace spotmix::scenarios {
namespace {

struct Origin {
  std::string_view region;
  double usd_per_gb;
};

// Amazon EC2's list prices of data transfer out to other AWS regions, 2025, which depend on the region of
// origin.
constexpr std::array<Origin, 25> kOrigins{{
    {"us-east-1", 0.02},       {"us-east-2", 0.02},    {"us-west-1", 0.02},      {"us-west-2", 0.02},
    {"ca-central-1", 0.02},    {"eu-central-1", 0.02}, {"eu-central-2", 0.02},   {"eu-north-1", 0.02},
    {"eu-south-1", 0.02},      {"eu-south-2", 0.02},   {"eu-west-1", 0.02},      {"eu-west-2", 0.02},
    {"eu-west-3", 0.02},       {"ap-east-1", 0.09},    {"ap-northeast-1", 0.09}, {"ap-northeast-2", 0.08},
    {"ap-northeast-3", 0.09},  {"ap-south-1", 0.086},  {"ap-south-2", 0.086},    {"ap-southeast-1", 0.09},
    {"ap-southeast-2", 0.098}, {"sa-east-1", 0.138},   {"af-south-1", 0.147},    {"me-south-1", 0.1105},
    {"me-central-1", 0.085},
}};

// The two that are near each other.
constexpr double kBetweenOhioAndVirginia = 0.01;

const Origin* find(const std::string& region) {
  const auto* found = std::find_if(kOrigins.begin(), kOrigins.end(),
                                   [&](const Origin& origin) { return origin.region == region; });
  return found == kOrigins.end() ? nullptr : &*found;
}

}  // namespace

bool is_of_another_cloud(const std::string& region) {
  constexpr std::array<std::string_view, 5> kGoogle{"us-", "europe-", "asia-", "northamerica-",
                                                    "southamerica-"};
  constexpr std::array<std::string_view, 2> kGoogleToo{"australia-", "me-"};
  constexpr std::array<std::string_view, 10> kAzure{
      "eastus",        "westus",     "centralus",   "northcentralus", "southcentralus",
      "westcentralus", "westeurope", "northeurope", "uksouth",        "eastasia"};
  const auto begins = [&](std::string_view prefix) { return region.starts_with(prefix); };
  if (std::any_of(kAzure.begin(), kAzure.end(), begins)) return true;
  // Google writes the number to the compass point, "us-central1"; AWS sets it off, "us-east-1".
  const bool numbered = region.size() > 1 && std::isdigit(static_cast<unsigned char>(region.back())) != 0 &&
                        std::isalpha(static_cast<unsigned char>(region[region.size() - 2])) != 0;
  return numbered && (std::any_of(kGoogle.begin(), kGoogle.end(), begins) ||
                      std::any_of(kGoogleToo.begin(), kGoogleToo.end(), begins));
}

std::optional<double> between_regions_usd_per_gb(const std::string& from, const std::string& to) {
  const auto is = [&](const char* a, const char* b) { return from == a && to == b; };
  if (is("us-east-1", "us-east-2") || is("us-east-2", "us-east-1")) return kBetweenOhioAndVirginia;
  const Origin* origin = find(from);
  // Destinations outside this list have prices of their own.
  return origin == nullptr || find(to) == nullptr ? std::nullopt : std::optional(origin->usd_per_gb);
}

}  // namespace spotmix::scenarios
