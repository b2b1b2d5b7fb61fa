#include "scenarios/importers/fleet_documents.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string_view>
#include <utility>

#include "base/json/json_text.h"

namespace spotmix::scenarios {
namespace {

using nlohmann::json;
using enum FleetKind;

bool has(const json& value, const char* key) {
  return value.is_object() && value.contains(key);
}

bool holds_object(const json& value, const char* key) {
  return has(value, key) && value[key].is_object();
}

bool holds_list(const json& value, const char* key) {
  return has(value, key) && value[key].is_array();
}

std::optional<FleetKind> kind_of(const json& value) {
  const bool templates = holds_list(value, "LaunchTemplateConfigs");
  if (templates && has(value, "TargetCapacitySpecification")) return ec2_fleet;
  if ((templates || holds_list(value, "LaunchSpecifications")) && has(value, "TargetCapacity"))
    return spot_fleet;
  const bool policy = has(value, "InstancesDistribution") ||
                      (holds_object(value, "LaunchTemplate") && has(value["LaunchTemplate"], "Overrides"));
  if (policy || has(value, "MixedInstancesPolicy")) return auto_scaling_group;
  return std::nullopt;
}

std::string text_of(const json& value, const char* key) {
  return has(value, key) && value[key].is_string() ? value[key].get<std::string>() : "";
}

/// The tag "Name", or what AWS calls the request.
std::string name_of_request(const json& request) {
  for (const char* key : {"Tags", "TagSpecifications"}) {
    if (!holds_list(request, key)) continue;
    for (const json& item : request[key]) {
      const json tags = holds_list(item, "Tags") ? item["Tags"] : json::array({item});
      for (const json& tag : tags) {
        if (text_of(tag, "Key") == "Name") return text_of(tag, "Value");
      }
    }
  }
  for (const char* key : {"AutoScalingGroupName", "FleetId", "SpotFleetRequestId"}) {
    if (std::string name = text_of(request, key); !name.empty()) return name;
  }
  return "";
}

/// A block of Terraform is a list of one object; these are lists in AWS's API as well.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kTerraformLists{
    {{"override", "Overrides"},
     {"overrides", "Overrides"},
     {"launch_template_config", "LaunchTemplateConfigs"},
     {"launch_specification", "LaunchSpecifications"},
     {"availability_zones", "AvailabilityZones"}}};

/// "spot_max_price" → "SpotMaxPrice".
std::string pascal_case(std::string_view snake) {
  std::string pascal;
  bool begins_word = true;
  for (const char c : snake) {
    if (c != '_') pascal += begins_word ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    begins_word = c == '_';
  }
  return pascal;
}

/// Terraform's values under AWS's names.
json as_aws(const json& values) {
  if (values.is_array()) {
    json list = json::array();
    for (const json& value : values) list.push_back(as_aws(value));
    return list;
  }
  if (!values.is_object()) return values;
  json named = json::object();
  for (const auto& [key, value] : values.items()) {
    if (value.is_null() || (value.is_array() && value.empty())) continue;
    const std::string_view snake = key;
    const auto* const list = std::find_if(kTerraformLists.begin(), kTerraformLists.end(),
                                          [&](const auto& entry) { return entry.first == snake; });
    const bool block =
        list == kTerraformLists.end() && value.is_array() && value.size() == 1 && value.front().is_object();
    named[list == kTerraformLists.end() ? pascal_case(key) : std::string(list->second)] =
        as_aws(block ? value.front() : value);
  }
  return named;
}

/// A reference becomes the default of its parameter, wherever that is known.
json resolved(const json& value, const json& parameters) {
  if (has(value, "Ref") && value.size() == 1 && value["Ref"].is_string()) {
    const std::string parameter = value["Ref"].get<std::string>();
    if (has(parameters, parameter.c_str()) && has(parameters[parameter], "Default"))
      return parameters[parameter]["Default"];
  }
  if (!value.is_structured()) return value;
  json copy = value;
  for (json& child : copy) child = resolved(child, parameters);
  return copy;
}

class Finder {
 public:
  FleetDocument find(const json& document) {
    if (holds_object(document, "Resources")) {
      read_cloud_formation(document);
    } else if (has(document, "format_version") &&
               (has(document, "planned_values") || has(document, "values"))) {
      read_terraform(document);
    } else {
      read_aws(document);
    }
    if (found_.kind.empty()) name_other(document);
    return std::move(found_);
  }

 private:
  void add(FleetKind kind, std::string path, std::string name, json body) {
    found_.requests.push_back({kind, std::move(path), std::move(name), std::move(body)});
  }

  void read_aws(const json& document) {
    struct Answer {
      const char* list;
      const char* kind;
    };
    constexpr std::array<Answer, 3> kAnswers{{{"AutoScalingGroups", "Auto Scaling groups"},
                                              {"Fleets", "EC2 Fleets"},
                                              {"SpotFleetRequestConfigs", "Spot Fleet requests"}}};
    for (const Answer& answer : kAnswers) {
      if (!holds_list(document, answer.list)) continue;
      found_.kind = answer.kind;
      read_list(document[answer.list], answer.list);
    }
    if (!found_.kind.empty()) return;
    if (document.is_array()) {
      read_list(document, "");
    } else {
      read_request(document, "");
    }
    if (!found_.requests.empty()) found_.kind = "requests for fleets";
  }

  void read_list(const json& list, const std::string& path) {
    for (std::size_t i = 0; i < list.size(); ++i) read_request(list[i], item_path(path, i));
  }

  void read_request(const json& value, const std::string& path) {
    if (holds_object(value, "SpotFleetRequestConfig")) {
      json body = value["SpotFleetRequestConfig"];
      if (kind_of(body) == spot_fleet)
        add(spot_fleet, key_path(path, "SpotFleetRequestConfig"), name_of_request(value), std::move(body));
    } else if (const auto kind = kind_of(value)) {
      add(*kind, path, name_of_request(value), value);
    }
  }

  /// Groups without a policy buy one instance type on demand: nothing that a mix would need to be told.
  void read_cloud_formation(const json& document) {
    found_.kind = "a CloudFormation template";
    const json parameters = document.value("Parameters", json::object());
    for (const auto& [name, resource] : document["Resources"].items()) {
      if (!holds_object(resource, "Properties")) continue;
      json body = resolved(resource["Properties"], parameters);
      std::string path = key_path(key_path("Resources", name), "Properties");
      if (holds_object(body, "SpotFleetRequestConfigData")) {
        body = json(body["SpotFleetRequestConfigData"]);
        path = key_path(path, "SpotFleetRequestConfigData");
      }
      const auto kind = kind_of(body);
      if (!kind) continue;
      const std::string given = name_of_request(body);
      add(*kind, path, given.empty() ? name : given, std::move(body));
    }
  }

  void read_terraform(const json& document) {
    found_.kind = "a plan or state of Terraform";
    for (const char* key : {"planned_values", "values"}) {
      if (holds_object(document, key) && holds_object(document[key], "root_module"))
        read_module(document[key]["root_module"]);
    }
  }

  void read_module(const json& module) {
    if (holds_list(module, "resources")) {
      for (const json& resource : module["resources"]) {
        if (!holds_object(resource, "values")) continue;
        json body = as_aws(resource["values"]);
        const auto kind = kind_of(body);
        if (!kind) continue;
        const std::string address = text_of(resource, "address");
        const std::string given = text_of(holds_object(body, "Tags") ? body["Tags"] : body, "Name");
        add(*kind, address, given.empty() ? address : given, std::move(body));
      }
    }
    if (!holds_list(module, "child_modules")) return;
    for (const json& child : module["child_modules"]) read_module(child);
  }

  /// What else may hold instances to buy, or is taken for it.
  void name_other(const json& document) {
    struct Other {
      std::array<const char*, 2> keys;
      const char* kind;
    };
    constexpr std::array<Other, 9> kOthers{
        {{{"apiVersion", "kind"}, "an object of Kubernetes"},
         {{"InstanceFleets", nullptr}, "instance fleets of EMR"},
         {{"InstanceFleetType", "InstanceTypeConfigs"}, "an instance fleet of EMR"},
         {{"computeEnvironments", nullptr}, "compute environments of AWS Batch"},
         {{"LaunchSpecification", nullptr}, "a request for single spot instances"},
         {{"SpotInstanceRequests", nullptr}, "requests for single spot instances"},
         {{"LaunchTemplateData", nullptr}, "a launch template"},
         {{"LaunchTemplateVersions", nullptr}, "launch templates"},
         {{"terraform_version", "lineage"},
          "a state file of Terraform itself, which `terraform show -json` turns into one that is read"}}};
    for (const Other& other : kOthers) {
      if (has(document, other.keys[0]) && (other.keys[1] == nullptr || has(document, other.keys[1])))
        found_.kind = other.kind;
    }
  }

  FleetDocument found_;
};

}  // namespace

FleetDocument find_fleets(const json& document) {
  return Finder().find(document);
}

}  // namespace spotmix::scenarios
