// Scores AllReduce inside one node from the topology alone (e_allreduce_intranode_lut).
#include <array>
#include <cmath>
#include <functional>
#include <map>

#include "bench/accuracy/collectives_fit.h"
#include "bench/accuracy/registry.h"
#include "bench/nodes.h"

namespace spotmix::accuracy {
namespace {

using namespace spotmix::models;

constexpr double kMiB = 1024.0 * 1024.0;
constexpr double kSmallBytes = 8.0 * kMiB;

struct System {
  const char* gpu;
  const char* node;
};
constexpr std::array kSystems{System{"A100", "dgx-a100"}, System{"V100", "dgx1-v100"}};

/// `skip` hears why a row cannot be asked.
std::vector<CollectiveSample> samples_of(const Table& table, std::string_view gpu, int devices,
                                         const std::function<void(const std::string&)>& skip) {
  std::vector<CollectiveSample> samples;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (table.text(row, "gpu") != gpu) continue;
    const auto bytes = table.number(row, "bytes");
    const auto time_us = table.number(row, "time_us");
    const auto ranks = table.number(row, "ranks");
    if (!bytes || !time_us || !ranks) {
      skip("the row lacks its size, ranks or time");
      continue;
    }
    if (*ranks < 2 || *ranks > devices) {
      skip("more or fewer ranks than one node has");
      continue;
    }
    samples.push_back({Collective::all_reduce, static_cast<int>(*ranks), *bytes, *time_us * 1e-6});
  }
  return samples;
}

/// Predictions of one system for every rank count.
class Predictor {
 public:
  Predictor(const NodeTopology& node, const NodeCosts& costs) {
    CollectiveCosts all = shipped_costs(node, Library::nccl_2020);
    all.node = costs;
    for (int ranks = 2; ranks <= node.devices; ++ranks)
      groups_.emplace(
          ranks, Communicator({node, 1, std::nullopt, 0}, {ranks, 1, 1, false}, Library::nccl_2020, all));
  }
  double time_s(const CollectiveSample& sample) const {
    return groups_.at(sample.ranks).time_s(sample.collective, sample.bytes);
  }

 private:
  std::map<int, Communicator> groups_;
};

/// Splits by `fold_of`, fits each fold without what `left_out(fold, scored)` says and calls
/// `found(sample, prediction)` for the fold's samples.
void cross_validate(const NodeTopology& node, const std::vector<CollectiveSample>& samples,
                    const std::function<unsigned(const CollectiveSample&)>& fold_of,
                    const std::function<bool(unsigned fold, unsigned scored)>& left_out,
                    const std::function<void(const CollectiveSample&, double)>& found) {
  std::map<unsigned, std::vector<CollectiveSample>> folds;
  for (const CollectiveSample& sample : samples) folds[fold_of(sample)].push_back(sample);
  const NodeCosts start = shipped_costs(node, Library::nccl_2020).node;
  for (const auto& [scored, test] : folds) {
    std::vector<CollectiveSample> train;
    for (const auto& [fold, members] : folds)
      if (!left_out(fold, scored)) train.insert(train.end(), members.begin(), members.end());
    const Predictor predictor(node, fit_node(node, Library::nccl_2020, train, start, Sizes::evenly_spaced));
    for (const CollectiveSample& sample : test) found(sample, predictor.time_s(sample));
  }
}

void score_system(const Table& table, const System& system, Fit fit, std::vector<Score>& scores) {
  const NodeTopology node = bench::node_named(system.node);
  std::vector<std::string> skipped;
  const std::vector<CollectiveSample> samples = samples_of(
      table, system.gpu, node.devices, [&](const std::string& reason) { skipped.push_back(reason); });
  const std::string name = "e_allreduce_intranode_lut";
  const auto add = [&](const std::string& suffix, const auto& each) {
    ScoreBuilder large(name, system.gpu + suffix);
    ScoreBuilder small(name, std::string(system.gpu) + " small" + suffix);
    each([&](const CollectiveSample& sample, double predicted_s) {
      (sample.bytes < kSmallBytes ? small : large).add(sample.time_s, predicted_s);
    });
    for (const std::string& reason : skipped) large.skip(reason);
    scores.push_back(large.finish());
    scores.push_back(small.finish());
  };
  if (fit == Fit::shipped) {
    const Predictor predictor(node, shipped_costs(node, Library::nccl_2020).node);
    add("", [&](const auto& found) {
      for (const CollectiveSample& sample : samples) found(sample, predictor.time_s(sample));
    });
    return;
  }
  add("", [&](const auto& found) {
    const auto by_size = [](const CollectiveSample& sample) {
      return fold_of_sizes(std::array<std::int64_t, 1>{std::llround(sample.bytes / kMiB)});
    };
    const auto left_out = [fit](unsigned fold, unsigned scored) { return is_left_out(fit, fold, scored); };
    cross_validate(node, samples, by_size, left_out, found);
  });
  add(", unseen rank counts", [&](const auto& found) {
    const auto by_ranks = [](const CollectiveSample& sample) { return static_cast<unsigned>(sample.ranks); };
    cross_validate(node, samples, by_ranks, std::equal_to<>(), found);
  });
}

}  // namespace

std::vector<Score> score_intranode_allreduce(const DataDirectory& data, Fit fit) {
  std::vector<Score> scores;
  const Table* table = data.find("e_allreduce_intranode_lut");
  if (!table) return scores;
  for (const System& system : kSystems) score_system(*table, system, fit, scores);
  ScoreBuilder others("e_allreduce_intranode_lut", "other devices");
  for (std::size_t row = 0; row < table->rows(); ++row)
    if (table->text(row, "gpu") != "A100" && table->text(row, "gpu") != "V100")
      others.skip("no topology is known for this device in this table");
  if (Score score = others.finish(); score.rows > 0) scores.push_back(score);
  return scores;
}

std::string show_intranode_fits(const DataDirectory& data) {
  std::string text;
  const Table* table = data.find("e_allreduce_intranode_lut");
  if (!table) return text;
  for (const System& system : kSystems) {
    const NodeTopology node = bench::node_named(system.node);
    const NodeCosts start = shipped_costs(node, Library::nccl_2020).node;
    text += describe(std::string(system.gpu) + ", NCCL 2.7-2.10 (e_allreduce_intranode_lut)",
                     fit_node(node, Library::nccl_2020,
                              samples_of(*table, system.gpu, node.devices, [](const std::string&) {}), start,
                              Sizes::evenly_spaced));
  }
  return text;
}

}  // namespace spotmix::accuracy
