// Requests for fleets in documents of AWS and of the tools that describe its resources.
//
// What a document is follows from its structure, never from a word in its text:
// - AWS's own: the input or the answer of create-auto-scaling-group, describe-auto-scaling-groups,
// create-fleet,
//   describe-fleets, request-spot-fleet and describe-spot-fleet-requests, or a MixedInstancesPolicy alone
// - CloudFormation templates in JSON, with the defaults of their parameters
// - plans and states of Terraform, as `terraform show -json` prints them
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace spotmix::scenarios {

enum class FleetKind : std::uint8_t { auto_scaling_group, ec2_fleet, spot_fleet };

/// One request, under the names that the API of AWS uses.
struct FleetRequest {
  FleetKind kind = FleetKind::auto_scaling_group;
  std::string path{};  ///< Of the request in its document, or the resource's address.
  std::string name{};  ///< That the document gives it; empty if it has none.
  nlohmann::json body{};
};

struct FleetDocument {
  std::vector<FleetRequest> requests{};
  /// What the document is; empty if it is none that a fleet may be in. A document that is recognized may
  /// have no request that can be read.
  std::string kind{};
};

FleetDocument find_fleets(const nlohmann::json& document);

}  // namespace spotmix::scenarios
