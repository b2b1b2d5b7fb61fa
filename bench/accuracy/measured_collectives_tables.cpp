// Scores k_collectives: `sizes`, AllReduce inside one node at rank counts that were measured; `ranks`, at
// rank counts that were not; the same two with the rows that they skip; and all other collectives and several
// nodes.
#include <algorithm>
#include <cmath>
#include <set>

#include "bench/accuracy/collective_rows.h"
#include "bench/accuracy/collectives_fit.h"
#include "bench/accuracy/registry.h"
#include "bench/nodes.h"
#include "models/kernels/profile_set.h"

namespace spotmix::accuracy {
namespace {

using namespace spotmix::models;

constexpr const char* kTable = "k_collectives";
constexpr const char* kOthers = "other collectives and several nodes";
/// The same with the rows that they skip, for whoever asks what those add to the errors.
constexpr const char* kSizesAndWaits = "sizes, with one rank's waits";
constexpr const char* kRanksAndWaits = "ranks, with one rank's waits";
/// A rank's kernel runs from its own start until the last rank has come: below this size the wait, 10 to 60
/// us from one row to the next, is longer than the exchange.
constexpr double kWaitOutlastsExchangeBelow_bytes = 1 << 20;

bool one_node_allreduce(const CollectiveRow& row) {
  return row.question.operation == "all_reduce" && row.question.nodes == 1;
}

std::string label_of(const CollectiveQuestion& question) {
  return question.device + " " + question.library + " " + question.algorithm + " " + question.operation +
         " ranks " + std::to_string(question.ranks) + " bytes " +
         std::to_string(std::llround(question.bytes));
}

bool mostly_wait(const CollectiveRow& row) {
  return one_node_allreduce(row) && is_kernel_time(row) &&
         row.question.bytes < kWaitOutlastsExchangeBelow_bytes;
}

struct Subsets {
  ScoreBuilder sizes{kTable, "sizes"};
  ScoreBuilder ranks{kTable, "ranks"};
  ScoreBuilder sizes_and_waits{kTable, kSizesAndWaits};
  ScoreBuilder ranks_and_waits{kTable, kRanksAndWaits};
  ScoreBuilder others{kTable, kOthers};

  void add(const CollectiveRow& row, const MeasuredCollectives& measured) {
    const bool in_node = one_node_allreduce(row);
    const bool known_ranks = measured.has_ranks(row.question);
    ScoreBuilder& subset = !in_node ? others : known_ranks ? sizes : ranks;
    if (row.question.device.empty()) return subset.skip("the device is not modelled");
    if (row.time_s <= 0 || row.question.bytes <= 0) return subset.skip("the row has no time or no bytes");
    const auto predicted = measured.time_s(row.question);
    if (!predicted) return subset.skip("no samples and no model of this collective across nodes");
    if (in_node) (known_ranks ? sizes_and_waits : ranks_and_waits).add(row.time_s, *predicted);
    if (mostly_wait(row))
      return subset.skip(
          "a kernel time of one rank below 1 MiB: how long it waited for the other ranks is not in the row");
    subset.add(row.time_s, *predicted, label_of(row.question));
  }
  std::vector<Score> finish() const {
    return {sizes.finish(), ranks.finish(), sizes_and_waits.finish(), ranks_and_waits.finish(),
            others.finish()};
  }
};

/// Whole octaves, one in four: the published sizes lie an octave apart and lack every fourth already, so that
/// those next to the gaps are predicted from two octaves away.
int size_fold(const CollectiveRow& row) {
  return static_cast<int>(std::lround(std::log2(row.question.bytes))) % 4;
}

MeasuredCollectives measured_from(const std::vector<CollectiveRow>& rows,
                                  const std::function<bool(const CollectiveRow&)>& use) {
  std::vector<KernelProfile> profiles;
  add_collectives(profiles, rows, use);
  return MeasuredCollectives(profiles);
}

std::vector<Score> cross_validated(const std::vector<CollectiveRow>& rows) {
  Subsets subsets;
  std::set<int> folds;
  for (const CollectiveRow& row : rows) folds.insert(size_fold(row));
  for (const int fold : folds) {
    const MeasuredCollectives measured =
        measured_from(rows, [&](const CollectiveRow& row) { return size_fold(row) != fold; });
    for (const CollectiveRow& row : rows)
      if (size_fold(row) == fold) subsets.add(row, measured);
  }
  // Unseen rank counts: each device's each count in turn, where the device has others; sizes are kept.
  std::set<std::pair<std::string, int>> left_out;
  for (const CollectiveRow& row : rows)
    if (one_node_allreduce(row)) left_out.insert({row.question.device, row.question.ranks});
  for (const auto& [device, ranks] : left_out) {
    const MeasuredCollectives measured =
        measured_from(rows, [&device = device, &ranks = ranks](const CollectiveRow& row) {
          return row.question.device != device || row.question.ranks != ranks;
        });
    for (const CollectiveRow& row : rows) {
      if (one_node_allreduce(row) && row.question.device == device && row.question.ranks == ranks &&
          ranks > 2 && ranks < 8)
        subsets.add(row, measured);
    }
  }
  return subsets.finish();
}

}  // namespace

std::vector<Score> score_measured_collectives(const DataDirectory& data, Fit fit) {
  const Table* table = data.find(kTable);
  if (!table) return {};
  const std::vector<CollectiveRow> rows = collective_rows(*table);
  if (fit != Fit::shipped) return cross_validated(rows);
  const MeasuredCollectives measured(load_profiles(SPOTMIX_PROFILE_DIR));
  Subsets subsets;
  for (const CollectiveRow& row : rows) subsets.add(row, measured);
  return subsets.finish();
}

std::string show_measured_fits(const DataDirectory& data) {
  struct Family {
    const char* title;
    std::vector<std::string> devices;
    const char* node;
  };
  const std::vector<Family> families{
      {"A100, NCCL 2.27 (k_collectives, nccl-tests)", {"A100-SXM4-80GB"}, "dgx-a100"},
      {"H100 and H200, NCCL 2.26-2.29 (k_collectives, nccl-tests)", {"H100-SXM", "H200"}, "dgx-h100"},
      {"B200, GB200, GB300, NCCL 2.27-2.29 (k_collectives, nccl-tests)",
       {"B200", "GB200", "GB300"},
       "dgx-b200"},
      {"PCIe: L40S, NCCL 2.27 (k_collectives, nccl-tests)", {"L40S"}, "g6e.48xlarge"}};
  std::string text;
  const Table* table = data.find(kTable);
  if (!table) return text;
  const std::vector<CollectiveRow> rows = collective_rows(*table);
  for (const Family& family : families) {
    const auto samples_of = [&](std::string_view library, std::string_view algorithm) {
      std::vector<CollectiveSample> samples;
      for (const CollectiveRow& row : rows) {
        const CollectiveQuestion& question = row.question;
        const auto collective = parse_enum<Collective>(question.operation);
        if (!question.library.starts_with(library) || question.algorithm != algorithm ||
            question.nodes != 1 || !collective ||
            std::ranges::find(family.devices, question.device) == family.devices.end())
          continue;
        samples.push_back({*collective, question.ranks, question.bytes, row.time_s});
      }
      return samples;
    };
    const NodeTopology node = bench::node_named(family.node);
    const CollectiveCosts start = shipped_costs(node, Library::nccl);
    text += describe(family.title, fit_node(node, Library::nccl, samples_of("nccl-tests", "auto"), start.node,
                                            Sizes::by_octave));
    text += describe("  custom kernels (k_collectives, vllm, custom-graph)",
                     fit_custom(node, samples_of("vllm", "custom-graph"), start.custom));
  }
  return text;
}

}  // namespace spotmix::accuracy
