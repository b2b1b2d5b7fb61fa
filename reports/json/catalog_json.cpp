#include <nlohmann/json.hpp>

#include "reports/catalog_list.h"
#include "reports/json/step_json.h"

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;

Json row_json(const CatalogRow& row) {
  Json price = nullptr;
  if (row.on_demand) price = static_cast<double>(row.on_demand->nano_usd_per_h) / 1e9;
  return {{"instance", row.name},
          {"vcpu", row.vcpu},
          {"memory_gib", row.memory_gib},
          {"device", text_or_null(row.device)},
          {"devices", row.devices},
          {"device_memory_gib", or_null(row.device_memory_gib)},
          {"interconnect_gb_per_s", or_null(row.interconnect_gb_per_s)},
          {"network_gbit_per_s", or_null(row.network_gbit_per_s)},
          {"on_demand_usd_per_h", price},
          {"on_demand_from", text_or_null(row.on_demand_from)},
          {"on_demand_source", text_or_null(row.source)}};
}

}  // namespace

void write_catalog_json(const CatalogList& list, std::ostream& out) {
  Json instances = Json::array();
  for (const CatalogRow& row : list.rows) instances.push_back(row_json(row));
  write_document({{"schema_version", 1}, {"region", list.region}, {"instances", instances}}, out);
}

}  // namespace spotmix::reports
