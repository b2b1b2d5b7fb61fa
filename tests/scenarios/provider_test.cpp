#include "scenarios/provider/provider.h"

#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/files/whole_file.h"
#include "base/text/text_values.h"
#include "models/hardware/device.h"
#include "scenarios/build.h"
#include "scenarios/import.h"
#include "tests/shipped.h"

using namespace spotmix;
using namespace spotmix::scenarios;
using tests::shipped;

namespace {

HourlyPrice price_on(const char* instance, const char* region, const char* day) {
  return value_at(on_demand_series(*shipped().find(instance), region), *parse_time(day));
}

}  // namespace

TEST_CASE("The catalogue holds the families that people train on and names their sources") {
  std::set<std::string> families;
  for (const InstanceType& type : shipped().instances) {
    INFO(type.name);
    families.insert(type.family);
    CHECK(type.vcpu > 0);
    CHECK(type.memory_gib > 0);
    CHECK(type.sources.contains("specification"));
    CHECK((type.devices > 0) == !type.device.empty());
    if (!type.device.empty()) CHECK(models::find_device(type.device) != nullptr);
    for (const auto& [region, prices] : type.on_demand) {
      for (std::size_t i = 0; i < prices.size(); ++i) {
        CHECK(prices[i].price.nano_usd_per_h > 0);
        CHECK_FALSE(prices[i].source.empty());
        if (i > 0) CHECK(prices[i].from > prices[i - 1].from);
      }
    }
  }
  for (const char* family :
       {"c5", "m5", "r5", "i3", "p2", "p3", "p3dn", "p4d", "p4de", "p5", "g4dn", "g5", "g6"}) {
    CHECK(families.contains(family));
  }
}

TEST_CASE("An on-demand price has a date", "[rule 14]") {
  CHECK(price_on("p4d.24xlarge", "us-east-1", "2025-04-28") == usd_per_hour(32.7726));
  CHECK(price_on("p4d.24xlarge", "us-east-1", "2025-07-01") == usd_per_hour(21.957642));
  CHECK(price_on("p5.48xlarge", "us-east-1", "2024-01-01") == usd_per_hour(98.32));
  CHECK(price_on("p5.48xlarge", "us-east-1", "2026-01-01") == usd_per_hour(55.04));
  CHECK(price_on("p3.16xlarge", "us-east-1", "2018-04-20") == usd_per_hour(24.48));
}

TEST_CASE("An unknown price is empty and never zero") {
  CHECK(on_demand_series(*shipped().find("c5.large"), "eu-north-1").empty());
}

TEST_CASE("instances with one name for two accelerators are told apart by memory") {
  CHECK(shipped().find("p3.16xlarge")->device == "V100-SXM2-16GB");
  CHECK(shipped().find("p3dn.24xlarge")->device == "V100-SXM2-32GB");
  CHECK(shipped().find("p4d.24xlarge")->device == "A100-SXM4-40GB");
  CHECK(shipped().find("p4de.24xlarge")->device == "A100-SXM4-80GB");
}

TEST_CASE("bandwidths between accelerators are of one direction") {
  CHECK(shipped().find("p3.16xlarge")->interconnect_gb_per_s == 150);
  CHECK(shipped().find("p5.48xlarge")->interconnect_gb_per_s == 450);
  CHECK(shipped().find("p2.8xlarge")->interconnect_gb_per_s == 15.75);
}

TEST_CASE("Instances with one L4 or L40S reach EFA from 8xlarge on") {
  for (const std::string family : {"g6", "g6e"}) {
    for (const char* size : {".xlarge", ".2xlarge", ".4xlarge"})
      CHECK(node_of(*shipped().find(family + size)).transport == models::Transport::tcp);
    for (const char* size : {".8xlarge", ".16xlarge"})
      CHECK(node_of(*shipped().find(family + size)).transport == models::Transport::efa_1);
  }
}

TEST_CASE("An L4 has half the slot that an L40S has") {
  CHECK(node_of(*shipped().find("g6.8xlarge")).pcie_lanes == 8);
  CHECK(2 * models::make_node(node_of(*shipped().find("g6.8xlarge"))).pcie_bytes_per_s ==
        models::make_node(node_of(*shipped().find("g6e.8xlarge"))).pcie_bytes_per_s);
}

TEST_CASE("Hopper instances have the EFA generation and the adapters that AWS announced") {
  const models::NodeSpec p5 = node_of(*shipped().find("p5.48xlarge"));
  const models::NodeSpec p5en = node_of(*shipped().find("p5en.48xlarge"));
  CHECK(p5.transport == models::Transport::efa_2);
  CHECK(p5.network_adapters == 32);
  CHECK(p5en.transport == models::Transport::efa_3);
  CHECK(p5en.network_adapters == 16);
}

TEST_CASE("A provider of one's own sells what its table says and nothing else") {
  const Result<Provider> own =
      read_provider("own.json", R"({"spotmix_catalog": 1, "prices_until": "2026-01-01",
    "instances": [{"name": "two-t4", "family": "t4", "vcpu": 8, "memory_gib": 32, "device": "T4", "devices": 2,
      "network_baseline_gbit_per_s": 20, "sources": {},
      "on_demand": {"here": [{"from": "2025-01-01", "usd_per_h": "3.00", "source": "an offer"}]}}]})");
  REQUIRE(own);
  const auto scenario_on = [&](const char* instance) {
    return parse_scenario(
        "own.json",
        nlohmann::json{
            {"name", "own"},
            {"workload",
             {{"model", "resnet50"}, {"precision", "fp16"}, {"global_batch", 256}, {"samples", 1e6}}},
            {"market", {{"region", "here"}, {"start", "2025-06-01"}}},
            {"mixes",
             {{{"name", "od"},
               {"policy", "on_demand"},
               {"groups", {{{"instance", instance}, {"purchase", "on_demand"}, {"count", 2}}}}}}}}
            .dump(),
        *own.value);
  };
  const Result<Scenario> scenario = scenario_on("two-t4");
  REQUIRE(scenario);
  const Result<BuiltExperiment> built = build_experiment(*scenario.value, *own.value);
  REQUIRE(built);
  CHECK(models::device_count(built.value->details[0].phases[0].input->cluster) == 4);
  CHECK(value_at(built.value->experiment.market.pools[0].on_demand_price, *parse_time("2025-06-01")) ==
        usd_per_hour(3));
  const Result<BuiltExperiment> foreign = build_experiment(*scenario_on("p3.2xlarge").value, *own.value);
  REQUIRE_FALSE(foreign);
  CHECK(foreign.problems.front().message ==
        "found \"p3.2xlarge\", expected an instance type of the catalogue or of market.pools");
}

TEST_CASE("the region of a zone is found for zones with and without a dash before the letter") {
  CHECK(region_of_zone("us-east-1a") == "us-east-1");
  CHECK(region_of_zone("us-central1-a") == "us-central1");
  CHECK(region_of_zone("us-east-1") == "us-east-1");
}

TEST_CASE("the catalogue that ships is what the importer makes of its sources") {
  const std::filesystem::path data = std::filesystem::path(SPOTMIX_SOURCE_DIR) / ".." / "shared" / "data";
  if (!std::filesystem::exists(data / "catalog.csv")) {
    WARN("../shared/data is not there: the catalogue is not made again");
    return;
  }
  const Result<Imported> made =
      import_files({data / "catalog.csv", data / "od_price_history_us-east-1.csv"}, {});
  REQUIRE(made);
  CHECK(made.value->text == shipped().catalog_text);
}

TEST_CASE("a broken catalogue is refused") {
  CHECK_FALSE(read_provider("test", "{}"));
  CHECK_FALSE(read_provider("test", "{\"spotmix_catalog\": 2}"));
  const auto with_device = [](const char* device) {
    return read_provider("test", nlohmann::json{{"spotmix_catalog", 1},
                                                {"prices_until", "2026-01-01"},
                                                {"instances",
                                                 {{{"name", "a"},
                                                   {"family", "a"},
                                                   {"vcpu", 1},
                                                   {"memory_gib", 1},
                                                   {"device", device},
                                                   {"devices", 1},
                                                   {"on_demand", nlohmann::json::object()},
                                                   {"sources", nlohmann::json::object()}}}}}
                                     .dump());
  };
  CHECK(with_device("T4"));
  CHECK_FALSE(with_device("T44"));
}
