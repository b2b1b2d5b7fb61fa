// Tables of instance types and of dated on-demand prices → the catalogue's own format.
//
// The first table has a row per instance type (instance_type, family, vcpu, mem_gib, accel_name, accel_count,
// …, od_us_west_2_2025, …), the second a row per price and the first day it was seen (instance_type,
// first_snapshot_with_this_price, usd_per_hour; us-east-1). scenarios/provider/data/catalog.json is
// made by `spotmix import catalog.csv od_price_history_us-east-1.csv --out
// scenarios/provider/data/catalog.json`.
#pragma once

#include <string>

#include "base/result/problem.h"

namespace spotmix::scenarios {

/// Whether the text starts with the header of an instance table or of a price history.
bool is_instance_table(const std::string& text);
bool is_price_history(const std::string& text);

/// The catalogue as JSON text. Instances whose accelerator models/hardware does not describe are left out.
Result<std::string> import_catalog(const std::string& table_file, const std::string& table_text,
                                   const std::string& history_file, const std::string& history_text);

}  // namespace spotmix::scenarios
