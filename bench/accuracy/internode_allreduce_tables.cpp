// Scores AllReduce across nodes (e_allreduce_busbw): EC2 instances on EFA, and systems on InfiniBand.
#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <optional>

#include "bench/accuracy/network_fit.h"
#include "bench/accuracy/registry.h"
#include "bench/nodes.h"

namespace spotmix::accuracy {
namespace {

using namespace spotmix::models;

constexpr const char* kTable = "e_allreduce_busbw";

/// Rows that are complaints about a broken set-up, by what their note says.
bool is_complaint(const std::string& note) {
  return note.find("complaint") != std::string::npos;
}

/// "IB 3200Gbps" → 4e11; nullopt where the rate is not written so.
std::optional<double> infiniband_bytes_per_s(std::string_view network) {
  if (!network.starts_with("IB ")) return std::nullopt;
  network.remove_prefix(3);
  double gigabit = 0;
  const auto [end, error] = std::from_chars(network.data(), network.data() + network.size(), gigabit);
  if (error != std::errc{} || !std::string_view(end, network.data() + network.size()).starts_with("Gbps"))
    return std::nullopt;
  return gigabit * 1e9 / 8.0;
}

/// The node of a row: by instance type, or for rented systems by device and the network's total rate.
std::optional<NodeTopology> node_of(const Table& table, std::size_t row) {
  const std::string& instance = table.text(row, "instance");
  if (const auto known = bench::find_node(instance)) return make_node(*known);
  const DeviceSpec* device = find_device(table.text(row, "hw"));
  if (!device) return std::nullopt;
  return make_node({.device = std::string(device->name),
                    .devices = 8,
                    .network_bytes_per_s = infiniband_bytes_per_s(table.text(row, "network")).value_or(0.0),
                    .transport = Transport::infiniband,
                    .network_adapters = 8});
}

struct Row {
  NetworkSample sample;
  std::string skip;  ///< Why it is not scored; empty when it is.
  bool across_nodes = true;
};

Row read_row(const Table& table, std::size_t index) {
  Row row;
  const int nodes = static_cast<int>(table.number(index, "nodes").value_or(0));
  const int ranks = static_cast<int>(table.number(index, "ranks").value_or(0));
  row.across_nodes = nodes != 1;
  const auto bytes = table.number(index, "bytes");
  const auto time_us = table.number(index, "time_us");
  const auto node = node_of(table, index);
  if (table.text(index, "collective") == "wire_rate") {
    row.skip = "rate on the wire, not a collective";
  } else if (is_complaint(table.text(index, "note"))) {
    row.skip = "complaint about a set-up that does not work as it should";
  } else if (!node) {
    row.skip = "hardware is not named";
  } else if (!bytes || !time_us) {
    row.skip = "the row has no message size";
  } else if (nodes < 1 || ranks < 2) {
    row.skip = "the row has no rank count";
  } else if (nodes > 1 && node->network_bytes_per_s <= 0) {
    row.skip = "the network's rate is not named";
  } else {
    row.sample = {
        {*node, nodes, std::nullopt, 0}, {ranks / nodes, nodes, 1, false}, *bytes, *time_us * 1e-6, false};
    row.sample.forced_ring = table.text(index, "note").starts_with("ring,");
  }
  return row;
}

std::vector<Row> read_rows(const Table& table) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < table.rows(); ++i) rows.push_back(read_row(table, i));
  return rows;
}

std::vector<NetworkSample> usable(const std::vector<Row>& rows, const std::function<bool(const Row&)>& use) {
  std::vector<NetworkSample> samples;
  for (const Row& row : rows)
    if (row.skip.empty() && row.across_nodes && use(row)) samples.push_back(row.sample);
  return samples;
}

}  // namespace

std::vector<Score> score_internode_allreduce(const DataDirectory& data, Fit fit) {
  const Table* table = data.find(kTable);
  if (!table) return {};
  const std::vector<Row> rows = read_rows(*table);
  ScoreBuilder across(kTable, "across nodes");
  ScoreBuilder inside(kTable, "one node");
  const NetworkFits shipped = NetworkFits::shipped();
  std::map<unsigned, NetworkFits> fitted;
  for (const Row& row : rows) {
    ScoreBuilder& subset = row.across_nodes ? across : inside;
    if (!row.skip.empty()) {
      subset.skip(row.skip);
      continue;
    }
    const NetworkFits* costs = &shipped;
    if (fit != Fit::shipped && row.across_nodes) {
      const unsigned fold = fold_of_octave(row.sample.bytes);
      if (!fitted.contains(fold)) {
        fitted.emplace(fold, fit_network(usable(rows, [&](const Row& other) {
                         return !is_left_out(fit, fold_of_octave(other.sample.bytes), fold);
                       })));
      }
      costs = &fitted.at(fold);
    }
    subset.add(row.sample.time_s, costs->time_s(row.sample));
  }
  return {across.finish(), inside.finish()};
}

std::string show_internode_fits(const DataDirectory& data) {
  const Table* table = data.find(kTable);
  return table ? describe(fit_network(usable(read_rows(*table), [](const Row&) { return true; }))) : "";
}

}  // namespace spotmix::accuracy
