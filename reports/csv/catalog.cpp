#include "base/csv/csv_writer.h"
#include "base/text/exact.h"
#include "reports/catalog_list.h"

namespace spotmix::reports {

void write_catalog_csv(const CatalogList& list, std::ostream& out) {
  CsvWriter csv(out);
  for (const char* name :
       {"instance", "vcpu", "memory_gib", "device", "devices", "device_memory_gib", "interconnect_gb_per_s",
        "network_gbit_per_s", "region", "on_demand_usd_per_h", "on_demand_from", "on_demand_source"}) {
    csv.text(name);
  }
  csv.end_row();
  for (const CatalogRow& row : list.rows) {
    csv.text(row.name).number(row.vcpu).number(row.memory_gib).text(row.device).number(row.devices);
    csv.number(row.device_memory_gib).number(row.interconnect_gb_per_s).number(row.network_gbit_per_s);
    csv.text(list.region).exact(row.on_demand ? exact_usd_per_hour(*row.on_demand) : "");
    csv.text(row.on_demand_from).text(row.source).end_row();
  }
}

void write_models_csv(const std::vector<ModelRow>& models, std::ostream& out) {
  CsvWriter csv(out);
  for (const char* name :
       {"model", "family", "parameters", "sample", "sequence_length", "image_size", "source"})
    csv.text(name);
  csv.end_row();
  for (const ModelRow& row : models) {
    csv.text(row.name).text(row.family).number(row.parameters).text(row.sample);
    row.sequence_length ? csv.number(*row.sequence_length) : csv.unknown();
    row.image_size ? csv.number(*row.image_size) : csv.unknown();
    csv.text(row.source).end_row();
  }
}

}  // namespace spotmix::reports
