// nccl-tests' JSON report (option -J), file versions 1 to 3. Its "devices" list has one entry per process,
// which stands for nthreads × ngpus ranks; truth values are the words "true" and "false".
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json/node.h"
#include "base/text/nearest.h"
#include "scenarios/importers/nccl_tests.h"

namespace spotmix::scenarios {
namespace {

constexpr std::int64_t kNewestVersion = 3;

std::optional<double> number(const Node& node, const char* key) {
  const auto value = node.number(key);
  if (!value) node.report_unexpected(key, "a number");
  return value;
}

/// nullopt if it is missing or not whole.
std::optional<std::int64_t> whole(const Node& node, const char* key) {
  const auto value = node.integer(key);
  return value && static_cast<double>(*value) == node.number(key) ? value : std::nullopt;
}

std::string text(const Node& node, const char* key) {
  return node.string(key).value_or("");
}

void read_run(const Node& root, NcclRun& run) {
  if (const auto arguments = root.strings("args"); !arguments.empty()) {
    const std::string& program = arguments.front();
    const std::string name = program.substr(program.rfind('/') + 1);
    if (name.ends_with("_perf")) run.operation = name.substr(0, name.size() - 5);
  }
  constexpr std::size_t kDay = 10;  // of "2026-01-31 12:00:00"
  if (const std::string start = text(root, "start_time"); start.size() > kDay)
    run.date = start.substr(0, kDay);
  if (const auto version = whole(root, "nccl_version")) run.nccl_version = nccl_version_text(*version);
}

void read_ranks(const Node& root, NcclRun& run) {
  if (!root.has("config")) return root.report_unexpected("config", "the run's settings");
  const Node config = root.object("config");
  const auto threads = number(config, "nthreads"), devices = number(config, "ngpus");
  if (const auto iterations = number(config, "iterations"))
    run.iterations = static_cast<std::int64_t>(*iterations);
  const std::vector<Node> processes = config.objects("devices");
  if (processes.empty()) return config.report("devices", "found no list, expected one entry per process");
  std::set<std::string> hosts;
  std::set<std::int64_t> groups, ranks;
  for (const Node& device : processes) {
    hosts.insert(text(device, "hostname"));
    if (const auto group = whole(device, "group")) groups.insert(*group);
    if (const auto rank = whole(device, "rank"); rank && !ranks.insert(*rank).second)
      config.report("devices", fmt::format("found rank {} twice, expected each rank once", *rank));
    const std::string name = text(device, "device_info");
    if (run.device.empty()) run.device = name;
    if (name != run.device)
      config.report("devices", fmt::format("found the devices {} and {}, expected one kind",
                                           in_quotes(run.device), in_quotes(name)));
  }
  const auto group_count = std::max<std::int64_t>(1, static_cast<std::int64_t>(groups.size()));
  run.ranks = static_cast<std::int64_t>(processes.size()) *
              static_cast<std::int64_t>(threads.value_or(1) * devices.value_or(1)) / group_count;
  run.nodes = static_cast<std::int64_t>(hosts.size());
}

void read_row(const Node& row, NcclRun& run) {
  const auto bytes = number(row, "size");
  const char* key = !row.is_null("out_of_place") ? "out_of_place" : "in_place";
  if (!row.has(key)) return row.report_unexpected(key, "times");
  const Node times = row.object(key);
  const auto time_us = number(times, times.has("cpu_time") ? "cpu_time" : "time");
  const auto algorithm = number(times, "alg_bw");
  const auto bus = number(times, "bus_bw");
  if (!bytes || !time_us || !algorithm || !bus || *bytes == 0) return;
  if (!(*time_us > 0)) return row.report(key, fmt::format("found {} µs, expected more than 0", *time_us));
  run.reduction = text(row, "redop");
  constexpr double kRounding = 5e-7;  // the file has six decimals
  run.rows.push_back({*bytes, *time_us * 1e-6, *algorithm, *bus, kRounding, times.path()});
}

void read_results(const Node& root, NcclRun& run) {
  if (!root.is_list("results")) return root.report("results", "found no list, expected the run's rows");
  if (!root.has("out_of_bounds"))
    return root.report("",
                       "found no \"out_of_bounds\" after the results, expected a run that came to its end");
  if (text(root.object("out_of_bounds"), "okay") == "false")
    return root.object("out_of_bounds")
        .report("okay", "found \"false\", expected a run without wrong results");
  for (const Node& row : root.objects("results")) read_row(row, run);
}

void read_version(const Node& root) {
  const auto version = number(root, "version");
  if (version && (*version < 1 || *version > static_cast<double>(kNewestVersion)))
    root.report("version", fmt::format("found {}, expected 1 to {}", *version, kNewestVersion));
}

}  // namespace

bool is_nccl_json(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && text[first] == '{' &&
         text.find("\"nccl_version\"") != std::string::npos;
}

Result<std::vector<NcclRun>> parse_nccl_json(const std::string& file, const std::string& text) {
  const Result<Node::Json> document = parse_document(file, text);
  if (!document) return document.problems;
  Problems problems;
  const Node root(*document.value, file, problems);
  read_version(root);
  if (!problems.empty()) return problems;
  NcclRun run;
  read_run(root, run);
  read_ranks(root, run);
  read_results(root, run);
  if (problems.empty() && run.rows.empty())
    root.report("results", "found no row with bytes, expected at least one");
  if (!problems.empty()) return problems;
  return std::vector{std::move(run)};
}

}  // namespace spotmix::scenarios
