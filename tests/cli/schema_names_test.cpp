#include <fstream>
#include <map>
#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "models/kernels/profile.h"
#include "models/parallelism/parallelism.h"
#include "models/provenance/source.h"
#include "models/stacks/stack.h"
#include "models/workload/layer_list.h"
#include "scenarios/scenario.h"
#include "sim/market/market.h"

namespace spotmix {
namespace {

using nlohmann::json;
using Names = std::vector<std::string>;
using NamesByPath = std::map<std::string, Names>;

/// The lists of texts under "enum", by their path in the schema without "properties"; null is left out.
void collect(const json& node, const std::string& path, NamesByPath& found) {
  if (node.is_object() && node.contains("enum") && node["enum"].is_array()) {
    for (const json& name : node["enum"]) {
      if (name.is_string()) found[path].push_back(name);
    }
  }
  if (!node.is_structured()) return;
  for (const auto& [key, child] : node.items()) {
    std::string below = path;
    if (key != "properties") below.append("/").append(key);
    collect(child, below, found);
  }
}

NamesByPath names_in_schema(const std::string& file) {
  std::ifstream in(SPOTMIX_SOURCE_DIR "/" + file);
  REQUIRE(in);
  NamesByPath found;
  collect(json::parse(in), "", found);
  return found;
}

Names joined(Names first, const Names& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

TEST_CASE("The schema of scenarios has the names that the program reads") {
  const Names checkpoint_words = joined({"continuous", "none"}, names_of<scenarios::IntervalRule>());
  CHECK(parse_enum<sim::CheckpointSpec::Kind>(checkpoint_words[0]));
  CHECK(parse_enum<sim::CheckpointSpec::Kind>(checkpoint_words[1]));
  const NamesByPath known{
      {"/definitions/advisor_band", names_of<scenarios::AdvisorBand>()},
      {"/definitions/gang/kind", names_of<sim::GangKind>()},
      {"/definitions/group/allocation", names_of<sim::Allocation>()},
      {"/definitions/group/purchase", names_of<sim::Purchase>()},
      {"/definitions/group/role", names_of<scenarios::GroupRole>()},
      {"/definitions/hardware/link", names_of<models::Interconnect>()},
      {"/definitions/layer/kind", names_of<models::LayerForm>()},
      {"/definitions/market/billing/reserved_view", names_of<sim::ReservedView>()},
      {"/definitions/market/billing/spot_price", names_of<sim::SpotPriceRule>()},
      {"/definitions/market/regime", names_of<sim::Regime>()},
      {"/definitions/parallelism/gradient_sync/kind", names_of<models::GradientSync>()},
      {"/definitions/parallelism/recompute", names_of<models::Recompute>()},
      {"/definitions/parallelism/schedule", names_of<models::PipelineSchedule>()},
      {"/definitions/parallelism/sharding", names_of<models::Sharding>()},
      {"/definitions/recovery/checkpoint/interval_min/oneOf/1", checkpoint_words},
      {"/definitions/recovery/checkpoint/store", names_of<scenarios::CheckpointStore>()},
      {"/definitions/workload/optimizer", names_of<models::Optimizer>()},
      {"/definitions/workload/precision", names_of<models::Precision>()},
      // Words that are not an enum of the program: one of two manners, or a key of a table.
      {"/definitions/gang/batch", {"kept", "scaled"}},
      {"/definitions/group/reservation/payment", {"all_upfront", "partial_upfront", "no_upfront"}},
      {"/definitions/hardware/transport", {"tcp", "efa", "infiniband"}},
      {"/definitions/hazard/spot_advisor_system", {"linux", "windows"}},
      {"/definitions/market/operating_system/name", {"rhel", "suse"}},
      {"/definitions/market/quotas/items/family_class",
       {"standard", "dl", "f", "g", "hpc", "inf", "p", "trn", "u", "x"}},
      {"/definitions/workload/shares", {"equal", "proportional"}},
      {"/definitions/workload/step_error", {"known", "none"}}};
  NamesByPath found = names_in_schema("scenarios/scenario.schema.json");
  const auto software = found.extract("/definitions/workload/software");
  for (const std::string& name : software.mapped()) {
    CAPTURE(name);
    CHECK(models::find_stack(name) != nullptr);
  }
  CHECK(found == known);
}

TEST_CASE("The schema of kernel profiles has the names that the program reads") {
  Names kinds;
  for (const models::SourceKind kind : values_of<models::SourceKind>()) {
    if (is_of_samples(kind)) kinds.emplace_back(name_of(kind));
  }
  const NamesByPath known{{"/architecture", names_of<models::Architecture>()},
                          {"/definitions/kind", kinds},
                          {"/definitions/layout", names_of<models::MatrixLayout>()},
                          {"/definitions/memory_op/op", names_of<models::MemoryOp>()},
                          {"/definitions/precision", names_of<models::Precision>()}};
  CHECK(names_in_schema("models/kernels/kernel_profile.schema.json") == known);
}

TEST_CASE("The schema of results has the names that the program writes") {
  const std::string step = "/definitions/step/parallelism/";
  const NamesByPath known{{"/definitions/source/kind", names_of<models::SourceKind>()},
                          {step + "gradient_sync/kind", names_of<models::GradientSync>()},
                          {step + "recompute", names_of<models::Recompute>()},
                          {step + "schedule", names_of<models::PipelineSchedule>()},
                          {step + "sharding", names_of<models::Sharding>()}};
  CHECK(names_in_schema("reports/json/result.schema.json") == known);
}

}  // namespace
}  // namespace spotmix
