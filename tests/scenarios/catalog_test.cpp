#include "scenarios/catalog.h"

#include <set>

#include <catch2/catch.hpp>

#include "base/files/files.h"
#include "base/text/text_values.h"
#include "models/hardware/device.h"
#include "models/hardware/topology.h"
#include "scenarios/embedded.h"
#include "scenarios/import.h"

using namespace spotmix;
using namespace spotmix::scenarios;

namespace {

HourlyPrice price_on(const char* instance, const char* region, const char* day) {
  return value_at(on_demand_series(*catalog().find(instance), region), *parse_time(day));
}

}  // namespace

TEST_CASE("The catalogue holds the families that people train on and names their sources") {
  std::set<std::string> families;
  for (const InstanceType& type : catalog().instances) {
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
  CHECK(on_demand_series(*catalog().find("c5.large"), "eu-north-1").empty());
}

TEST_CASE("instances with one name for two accelerators are told apart by memory") {
  CHECK(catalog().find("p3.16xlarge")->device == "V100-SXM2-16GB");
  CHECK(catalog().find("p3dn.24xlarge")->device == "V100-SXM2-32GB");
  CHECK(catalog().find("p4d.24xlarge")->device == "A100-SXM4-40GB");
  CHECK(catalog().find("p4de.24xlarge")->device == "A100-SXM4-80GB");
}

TEST_CASE("bandwidths between accelerators are of one direction") {
  CHECK(catalog().find("p3.16xlarge")->interconnect_gb_per_s == 150);
  CHECK(catalog().find("p5.48xlarge")->interconnect_gb_per_s == 450);
  CHECK(catalog().find("p2.8xlarge")->interconnect_gb_per_s == 15.75);
}

TEST_CASE("Every accelerated instance type has its own slots and adapters") {
  for (const InstanceType& type : catalog().instances) {
    if (type.device.empty()) continue;
    INFO(type.name);
    const auto node = models::find_node(type.name);
    REQUIRE(node);
    CHECK(node->name == type.name);
    CHECK(node->device->name == type.device);
    CHECK(node->devices == type.devices);
    if (const auto network = network_bytes_per_s(type)) CHECK(node->network_bytes_per_s == *network);
  }
}

TEST_CASE("Instances with one L4 or L40S reach EFA from 8xlarge on") {
  for (const char* family : {"g6", "g6e"}) {
    for (const char* size : {".xlarge", ".2xlarge", ".4xlarge"})
      CHECK(models::find_node(std::string(family) + size)->transport == models::Transport::tcp);
    for (const char* size : {".8xlarge", ".16xlarge"})
      CHECK(models::find_node(std::string(family) + size)->transport == models::Transport::efa_1);
  }
  // An L4 has eight lanes of its slot, an L40S all sixteen.
  CHECK(2 * models::find_node("g6.8xlarge")->pcie_bytes_per_s ==
        models::find_node("g6e.8xlarge")->pcie_bytes_per_s);
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
  CHECK(made.value->text == catalog_text());
}

TEST_CASE("a broken catalogue is refused") {
  CHECK_FALSE(read_catalog("test", "{}"));
  CHECK_FALSE(read_catalog("test", "{\"spotmix_catalog\": 2}"));
}
