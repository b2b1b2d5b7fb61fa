// nccl-tests' JSON report (option -J), file versions 1 to 3. Its "devices" list has one entry per process,
// which stands for nthreads × ngpus ranks; truth values are the words "true" and "false".
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json/json_text.h"
#include "base/text/nearest.h"
#include "scenarios/importers/nccl_tests.h"

namespace spotmix::scenarios {
namespace {

using nlohmann::json;

constexpr std::int64_t kNewestVersion = 3;

class JsonReader {
 public:
  JsonReader(std::string file, const json& root) : file_(std::move(file)), root_(root) {}

  Result<std::vector<NcclRun>> read() {
    const std::optional<double> version = number(root_, "version", "");
    if (version && (*version < 1 || *version > static_cast<double>(kNewestVersion)))
      problem("version", fmt::format("found {}, expected 1 to {}", *version, kNewestVersion));
    if (!problems_.empty()) return problems_;
    read_run();
    read_ranks();
    read_results();
    if (problems_.empty() && run_.rows.empty())
      problem("results", "found no row with bytes, expected at least one");
    if (!problems_.empty()) return problems_;
    return std::vector{std::move(run_)};
  }

 private:
  void problem(const std::string& where, std::string message) {
    problems_.push_back({file_, where, std::move(message)});
  }

  std::optional<double> number(const json& object, const std::string& key, const std::string& path) {
    if (object.is_object() && object.contains(key) && object[key].is_number())
      return object[key].get<double>();
    const std::string found = object.is_object() && object.contains(key) ? object[key].dump() : "nothing";
    problem(key_path(path, key), fmt::format("found {}, expected a number", found));
    return std::nullopt;
  }

  static std::string text(const json& object, const char* key) {
    return object.is_object() && object.contains(key) && object[key].is_string()
               ? object[key].get<std::string>()
               : "";
  }

  void read_run() {
    if (root_.contains("args") && root_["args"].is_array() && !root_["args"].empty() &&
        root_["args"][0].is_string()) {
      const std::string program = root_["args"][0].get<std::string>();
      const std::string name = program.substr(program.rfind('/') + 1);
      if (name.ends_with("_perf")) run_.operation = name.substr(0, name.size() - 5);
    }
    constexpr std::size_t kDay = 10;  // of "2026-01-31 12:00:00"
    if (const std::string start = text(root_, "start_time"); start.size() > kDay)
      run_.date = start.substr(0, kDay);
    if (root_.contains("nccl_version") && root_["nccl_version"].is_number_integer())
      run_.nccl_version = nccl_version_text(root_["nccl_version"].get<std::int64_t>());
  }

  void read_ranks() {
    if (!root_.contains("config")) return problem("config", "found nothing, expected the run's settings");
    const json& config = root_["config"];
    const auto threads = number(config, "nthreads", "config"), devices = number(config, "ngpus", "config");
    if (const auto iterations = number(config, "iterations", "config"))
      run_.iterations = static_cast<std::int64_t>(*iterations);
    if (!config.contains("devices") || !config["devices"].is_array() || config["devices"].empty())
      return problem("config.devices", "found no list, expected one entry per process");
    std::set<std::string> hosts;
    std::set<std::int64_t> groups, ranks;
    for (const json& device : config["devices"]) {
      hosts.insert(text(device, "hostname"));
      if (device.is_object() && device.contains("group") && device["group"].is_number_integer())
        groups.insert(device["group"].get<std::int64_t>());
      if (device.is_object() && device.contains("rank") && device["rank"].is_number_integer() &&
          !ranks.insert(device["rank"].get<std::int64_t>()).second)
        problem("config.devices", fmt::format("found rank {} twice, expected each rank once",
                                              device["rank"].get<std::int64_t>()));
      const std::string name = text(device, "device_info");
      if (run_.device.empty()) run_.device = name;
      if (name != run_.device)
        problem("config.devices", fmt::format("found the devices {} and {}, expected one kind",
                                              in_quotes(run_.device), in_quotes(name)));
    }
    const auto processes = static_cast<std::int64_t>(config["devices"].size());
    const auto group_count = std::max<std::int64_t>(1, static_cast<std::int64_t>(groups.size()));
    run_.ranks =
        processes * static_cast<std::int64_t>(threads.value_or(1) * devices.value_or(1)) / group_count;
    run_.nodes = static_cast<std::int64_t>(hosts.size());
  }

  void read_results() {
    if (!root_.contains("results") || !root_["results"].is_array())
      return problem("results", "found no list, expected the run's rows");
    if (!root_.contains("out_of_bounds"))
      return problem("", "found no \"out_of_bounds\" after the results, expected a run that came to its end");
    if (text(root_["out_of_bounds"], "okay") == "false")
      return problem("out_of_bounds.okay", "found \"false\", expected a run without wrong results");
    for (std::size_t i = 0; i < root_["results"].size(); ++i)
      read_row(root_["results"][i], item_path("results", i));
  }

  void read_row(const json& row, const std::string& path) {
    const auto bytes = number(row, "size", path);
    const bool out_of_place =
        row.is_object() && row.contains("out_of_place") && !row["out_of_place"].is_null();
    const std::string key = out_of_place ? "out_of_place" : "in_place";
    if (!row.is_object() || !row.contains(key))
      return problem(key_path(path, key), "found nothing, expected times");
    const json& times = row[key];
    const bool cpu = times.is_object() && times.contains("cpu_time");
    const auto time_us = number(times, cpu ? "cpu_time" : "time", key_path(path, key));
    const auto algorithm = number(times, "alg_bw", key_path(path, key));
    const auto bus = number(times, "bus_bw", key_path(path, key));
    if (!bytes || !time_us || !algorithm || !bus || *bytes == 0) return;
    if (!(*time_us > 0))
      return problem(key_path(path, key), fmt::format("found {} µs, expected more than 0", *time_us));
    run_.reduction = text(row, "redop");
    constexpr double kRounding = 5e-7;  // the file has six decimals
    run_.rows.push_back({*bytes, *time_us * 1e-6, *algorithm, *bus, kRounding, key_path(path, key)});
  }

  std::string file_;
  const json& root_;
  Problems problems_;
  NcclRun run_;
};

}  // namespace

bool is_nccl_json(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && text[first] == '{' &&
         text.find("\"nccl_version\"") != std::string::npos;
}

Result<std::vector<NcclRun>> parse_nccl_json(const std::string& file, const std::string& text) {
  Result<json> root = parse_json(file, text);
  if (!root) return root.problems;
  return JsonReader(file, *root.value).read();
}

}  // namespace spotmix::scenarios
