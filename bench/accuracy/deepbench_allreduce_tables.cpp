// Scores AllReduce over PCIe, 2016-2017 (e_allreduce_deepbench): NCCL 2.0 inside one node.
#include <functional>
#include <map>

#include "bench/accuracy/collectives_fit.h"
#include "bench/accuracy/registry.h"

namespace spotmix::accuracy {
namespace {

using namespace spotmix::models;

constexpr const char* kTable = "e_allreduce_deepbench";

struct Row {
  std::string skip;  ///< Why it is not scored; empty when it is.
  NodeTopology node;
  CollectiveSample sample;
};

Row read_row(const Table& table, std::size_t index) {
  Row row;
  const std::string& hardware = table.text(index, "hw");
  const DeviceSpec* device = hardware.starts_with("NV_") ? find_device(hardware) : nullptr;
  const auto nodes = table.number(index, "nodes");
  const auto ranks = table.number(index, "ranks");
  const auto bytes = table.number(index, "bytes");
  const auto time_ms = table.number(index, "time_ms");
  if (!device) {
    row.skip = "the device is not an NVIDIA GPU that is modelled";
  } else if (!table.text(index, "library").starts_with("NCCL")) {
    row.skip = "the library is not modelled";
  } else if (nodes && *nodes > 1) {
    row.skip = "the network between the nodes is not named";
  } else if (!ranks || !bytes || !time_ms) {
    row.skip = "the row has no rank count, size or time";
  } else {
    row.node =
        make_node({.device = std::string(device->name), .devices = 8, .transport = Transport::infiniband});
    row.sample = {Collective::all_reduce, static_cast<int>(*ranks), *bytes, *time_ms * 1e-3};
  }
  return row;
}

std::vector<Row> read_rows(const Table& table) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < table.rows(); ++i) rows.push_back(read_row(table, i));
  return rows;
}

/// One fit over all devices: what differs between them is the rate of their topology.
NodeCosts fit_devices(const std::vector<Row>& rows, const std::function<bool(const Row&)>& use) {
  std::map<std::string_view, std::pair<NodeTopology, std::vector<CollectiveSample>>> devices;
  NodeCosts costs;
  for (const Row& row : rows) {
    if (!row.skip.empty()) continue;
    costs = shipped_costs(row.node, Library::nccl).node;
    if (!use(row)) continue;
    auto& entry = devices[row.node.device->name];
    entry.first = row.node;
    entry.second.push_back(row.sample);
  }
  std::vector<TopologySamples> all;
  all.reserve(devices.size());
  for (auto& [name, entry] : devices) all.push_back({entry.first, std::move(entry.second)});
  return fit_nodes(all, Library::nccl, costs, Sizes::by_octave);
}

double predicted_s(const Row& row, const NodeCosts& costs) {
  CollectiveCosts all = shipped_costs(row.node, Library::nccl);
  all.node = costs;
  const Communicator group({row.node, 1, std::nullopt, 0}, {row.sample.ranks, 1, 1, false}, Library::nccl,
                           all);
  return group.time_s(Collective::all_reduce, row.sample.bytes);
}

}  // namespace

std::vector<Score> score_deepbench_allreduce(const DataDirectory& data, Fit fit) {
  const Table* table = data.find(kTable);
  if (!table) return {};
  const std::vector<Row> rows = read_rows(*table);
  ScoreBuilder score(kTable, "");
  std::map<unsigned, NodeCosts> without_fold;
  for (const Row& row : rows) {
    if (!row.skip.empty()) {
      score.skip(row.skip);
      continue;
    }
    NodeCosts costs = shipped_costs(row.node, Library::nccl).node;
    if (fit != Fit::shipped) {
      const unsigned fold = fold_of_octave(row.sample.bytes);
      if (!without_fold.contains(fold)) {
        without_fold[fold] = fit_devices(rows, [&](const Row& other) {
          return !is_left_out(fit, fold_of_octave(other.sample.bytes), fold);
        });
      }
      costs = without_fold[fold];
    }
    score.add(row.sample.time_s, predicted_s(row, costs));
  }
  return {score.finish()};
}

std::string show_deepbench_fits(const DataDirectory& data) {
  const Table* table = data.find(kTable);
  if (!table) return "";
  return describe("PCIe, peer to peer, NCCL 2.0 (e_allreduce_deepbench)",
                  fit_devices(read_rows(*table), [](const Row&) { return true; }));
}

}  // namespace spotmix::accuracy
