#include "scenarios/importers/catalog_tables.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/csv/csv_table.h"
#include "base/text/text_values.h"
#include "models/hardware/device.h"

namespace spotmix::scenarios {
namespace {

using nlohmann::ordered_json;

constexpr const char* kHistorySource =
    "karpenter-provider-aws price history (Apache-2.0): first snapshot with this price";
constexpr const char* kRegionSource = "skypilot-catalog v7 001367d2, 2025 (day not stated)";
/// The regional prices of 2025 name no day; all of them are of the second quarter.
constexpr const char* kRegionDate = "2025-04-01";
constexpr std::array<std::pair<const char*, const char*>, 4> kRegionColumns{
    {{"od_us_west_2_2025", "us-west-2"},
     {"od_us_east_2_2025", "us-east-2"},
     {"od_eu_west_1_2025", "eu-west-1"},
     {"od_ap_northeast_1_2025", "ap-northeast-1"}}};

struct HistoryRow {
  std::string from;
  std::string price;
};

ordered_json number_or_null(std::optional<double> value) {
  if (!value) return nullptr;
  const auto whole = static_cast<std::int64_t>(*value);
  if (static_cast<double>(whole) == *value) return whole;
  return *value;
}

/// Two variants are sold under one name; the memory of one accelerator tells which.
const models::DeviceSpec* device_of(const std::string& name, std::optional<double> memory_gib) {
  if (name == "v100" && memory_gib == 32.0) return models::find_device("v100-32gb");
  if (name == "a100" && memory_gib == 80.0) return models::find_device("a100-80gb");
  if (name == "a100" && memory_gib == 40.0) return models::find_device("a100-40gb");
  return models::find_device(name);
}

/// "PCIe4 x8 (…)" wires eight lanes; a slot has all of them by default.
int pcie_lanes(const std::string& kind) {
  constexpr int kFullSlot = 16;
  constexpr std::string_view kHalfSlot = " x8 ";
  return kind.find(kHalfSlot) == std::string::npos ? kFullSlot : 8;
}

/// The generation of Elastic Fabric Adapters, as AWS announced p5, p5e and p5en; all others have the first.
int efa_generation(const std::string& family) {
  return family == "p5en" ? 3 : family == "p5" || family == "p5e" ? 2 : 1;
}

/// "15.75(theoretical per dir)" is one direction; NVLink figures are the sum of both.
std::optional<double> one_direction_gb_per_s(const std::string& text, const std::string& kind) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{}) return std::nullopt;
  const bool both_directions = kind.starts_with("NVLink") && text.find("per dir") == std::string::npos;
  return both_directions ? value / 2 : value;
}

/// The last price of a region also says until when it is known to hold ("until"), unless that is its first
/// day.
ordered_json price_entry(const std::string& from, const std::string& price, const char* source) {
  return {{"from", from}, {"usd_per_h", price}, {"source", source}};
}

ordered_json on_demand_prices(const CsvTable& table, std::size_t row,
                              const std::vector<HistoryRow>& history) {
  ordered_json regions = ordered_json::object();
  for (const HistoryRow& entry : history)
    regions["us-east-1"].push_back(price_entry(entry.from, entry.price, kHistorySource));
  if (!history.empty()) {
    const std::string& last = table.at(row, "od_us_east_1_latest_date");
    regions["us-east-1"].back()["until"] = std::max(last, history.back().from);
  }
  for (const auto& [column, region] : kRegionColumns) {
    const std::string& price = table.at(row, column);
    if (parse_price(price)) regions[region].push_back(price_entry(kRegionDate, price, kRegionSource));
  }
  return regions;
}

ordered_json sources_of(const CsvTable& table, std::size_t row) {
  const std::string& note = table.at(row, "interconnect_note");
  ordered_json sources = {
      {"specification", "karpenter-provider-aws 1d927085 (Apache-2.0)"},
      {"network", "karpenter-provider-aws 1d927085; burst from ec2-user-guide dcfd52b"},
      {"storage", "karpenter-provider-aws 1d927085; EBS maximum from ec2-user-guide 0992ede"}};
  if (!table.at(row, "interconnect").empty()) {
    sources["interconnect"] = note.empty() ? "device data sheets" : note;
  }
  return sources;
}

ordered_json instance_entry(const CsvTable& table, std::size_t row, const std::vector<HistoryRow>& history) {
  const auto number = [&](const char* column) { return number_or_null(table.number(row, column)); };
  ordered_json item;
  item["name"] = table.at(row, "instance_type");
  item["family"] = table.at(row, "family");
  item["vcpu"] = number("vcpu");
  item["memory_gib"] = number("mem_gib");
  if (!table.at(row, "accel_name").empty()) {
    const std::string& kind = table.at(row, "interconnect");
    item["device"] = device_of(table.at(row, "accel_name"), table.number(row, "accel_mem_gib_each"))->name;
    item["devices"] = number("accel_count");
    item["device_memory_gib"] = number("accel_mem_gib_each");
    item["pcie_lanes"] = pcie_lanes(kind);
    item["interconnect"] = kind;
    item["interconnect_gb_per_s"] =
        number_or_null(one_direction_gb_per_s(table.at(row, "interconnect_gbytes_s"), kind));
  }
  item["network_baseline_gbit_per_s"] = number("network_gbps_baseline");
  item["network_burst_gbit_per_s"] = number("network_gbps_burst");
  const int adapters = static_cast<int>(table.number(row, "efa_interfaces").value_or(0));
  item["efa_interfaces"] = adapters;
  if (adapters > 0) item["efa_generation"] = efa_generation(table.at(row, "family"));
  item["ebs_baseline_mbit_per_s"] = number("ebs_mbps_baseline");
  item["ebs_max_mbit_per_s"] = number("ebs_mbps_max");
  item["local_nvme_gb"] = number("local_nvme_gb");
  item["on_demand"] = on_demand_prices(table, row, history);
  item["sources"] = sources_of(table, row);
  return item;
}

bool is_described(const CsvTable& table, std::size_t row) {
  const std::string& accelerator = table.at(row, "accel_name");
  return accelerator.empty() || device_of(accelerator, table.number(row, "accel_mem_gib_each")) != nullptr;
}

std::string last_day(const CsvTable& table) {
  std::string last;
  for (std::size_t row = 0; row < table.size(); ++row)
    last = std::max(last, table.at(row, "od_us_east_1_latest_date"));
  return last;
}

Problems check_quotes(const std::string& file, const CsvTable& table) {
  const auto line = table.unclosed_line();
  if (!line) return {};
  return {{file, fmt::format("line {}", *line), "found a quote that is not closed, expected its end"}};
}

Problems check_history(const std::string& file, const CsvTable& history) {
  Problems problems = check_quotes(file, history);
  for (std::size_t row = 0; row < history.size(); ++row) {
    const std::string where = fmt::format("line {}", history.line(row));
    if (!parse_time(history.at(row, "first_snapshot_with_this_price"))) {
      problems.push_back(
          {file, where,
           fmt::format("found \"{}\", expected a date", history.at(row, "first_snapshot_with_this_price"))});
    }
    if (!parse_price(history.at(row, "usd_per_hour"))) {
      problems.push_back(
          {file, where, fmt::format("found \"{}\", expected a price", history.at(row, "usd_per_hour"))});
    }
  }
  return problems;
}

Problems check_table(const std::string& file, const CsvTable& table) {
  Problems problems = check_quotes(file, table);
  for (std::size_t row = 0; row < table.size(); ++row) {
    for (const char* column : {"vcpu", "mem_gib"}) {
      if (table.number(row, column)) continue;
      problems.push_back(
          {file, fmt::format("line {}", table.line(row)),
           fmt::format("found \"{}\" in column {}, expected a number", table.at(row, column), column)});
    }
  }
  return problems;
}

}  // namespace

bool is_instance_table(const std::string& text) {
  return text.starts_with("instance_type,family,");
}

bool is_price_history(const std::string& text) {
  return text.starts_with("instance_type,first_snapshot_with_this_price,usd_per_hour");
}

Result<std::string> import_catalog(const std::string& table_file, const std::string& table_text,
                                   const std::string& history_file, const std::string& history_text) {
  const CsvTable table(table_text);
  const CsvTable history(history_text);
  Problems problems = check_table(table_file, table);
  append(problems, check_history(history_file, history));
  if (!problems.empty()) return problems;

  std::map<std::string, std::vector<HistoryRow>> prices;
  for (std::size_t row = 0; row < history.size(); ++row) {
    prices[history.at(row, "instance_type")].push_back(
        {history.at(row, "first_snapshot_with_this_price"), history.at(row, "usd_per_hour")});
  }
  for (auto& [unused, rows] : prices) {
    std::sort(rows.begin(), rows.end(),
              [](const HistoryRow& a, const HistoryRow& b) { return a.from < b.from; });
  }
  std::string text = fmt::format("{{\n\"spotmix_catalog\": 1,\n\"prices_until\": \"{}\",\n\"instances\": [",
                                 last_day(table));
  const char* separator = "\n";
  for (std::size_t row = 0; row < table.size(); ++row) {
    if (!is_described(table, row)) continue;
    text += separator + instance_entry(table, row, prices[table.at(row, "instance_type")]).dump();
    separator = ",\n";
  }
  return text + "\n]\n}\n";
}

}  // namespace spotmix::scenarios
