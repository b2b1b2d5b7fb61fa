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

Json model_json(const ModelRow& row) {
  return {{"model", row.name},
          {"family", row.family},
          {"parameters", row.parameters},
          {"sample", row.sample},
          {"sequence_length", or_null(row.sequence_length)},
          {"image_size", or_null(row.image_size)},
          {"source", row.source}};
}

}  // namespace

void write_models_json(const std::vector<ModelRow>& models, std::ostream& out) {
  Json list = Json::array();
  for (const ModelRow& row : models) list.push_back(model_json(row));
  write_document({{"schema_version", 1}, {"models", list}}, out);
}

void write_catalog_json(const CatalogList& list, std::ostream& out) {
  Json instances = Json::array();
  for (const CatalogRow& row : list.rows) instances.push_back(row_json(row));
  write_document({{"schema_version", 1}, {"region", list.region}, {"instances", instances}}, out);
}

}  // namespace spotmix::reports
