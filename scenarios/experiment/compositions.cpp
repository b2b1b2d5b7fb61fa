#include "scenarios/experiment/compositions.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/json/json_text.h"
#include "scenarios/experiment/traffic.h"

namespace spotmix::scenarios {
namespace {

/// Each is evaluated before the first replication.
constexpr std::size_t kMostCompositions = 2000;
/// A speed is kept in billionths.
constexpr double kLeastSpeed = 1e-6;
/// Compositions of several types that are listed one by one.
constexpr std::size_t kMostListed = 4;

using Counts = std::vector<int>;

/// What one group may have: instances that were added while units were missing.
class GroupCounts {
 public:
  GroupCounts(const sim::Group& group, std::size_t types, bool may_be_incomplete)
      : group_(group), may_be_incomplete_(may_be_incomplete), weights_(types) {
    for (std::size_t i = 0; i < group.pools.size(); ++i)
      weights_[group.types[i]] = group.weights.empty() ? 1 : group.weights[i];
    heaviest_ = *std::max_element(weights_.begin(), weights_.end());
  }

  /// Calls visit(counts, complete) for each; stops when it returns false.
  template <class Visit>
  bool each(Visit&& visit) {
    counts_.assign(weights_.size(), 0);
    return from_type(0, 0, 0, visit);
  }

 private:
  template <class Visit>
  bool from_type(std::size_t type, int units, int heaviest, Visit&& visit) {
    if (type == weights_.size()) {
      const bool complete = units >= group_.count;
      const bool reached = !complete || units - heaviest < group_.count;
      return !reached || (!complete && !may_be_incomplete_) || visit(counts_, complete);
    }
    const int weight = weights_[type];
    bool goes_on = from_type(type + 1, units, heaviest, visit);
    while (weight > 0 && goes_on && units + weight < group_.count + heaviest_) {
      ++counts_[type];
      units += weight;
      goes_on = from_type(type + 1, units, std::max(heaviest, weight), visit);
    }
    counts_[type] = 0;
    return goes_on;
  }

  const sim::Group& group_;
  bool may_be_incomplete_;
  std::vector<int> weights_;  ///< By type; 0: the group does not buy it.
  int heaviest_ = 1;
  Counts counts_;
};

Counts sum_of(Counts a, const Counts& b) {
  for (std::size_t t = 0; t < a.size(); ++t) a[t] += b[t];
  return a;
}

bool is_none(const Counts& counts) {
  return std::all_of(counts.begin(), counts.end(), [](int count) { return count == 0; });
}

std::string rate_text(double samples_per_s) {
  return samples_per_s >= 100 ? fmt::format("{:.0f}/s", samples_per_s)
                              : fmt::format("{:.3g}/s", samples_per_s);
}

}  // namespace

MixCompositions::MixCompositions(const Scenario& scenario, const MixSpec& spec,
                                 const std::vector<sim::Group>& groups, ThroughputModel& throughput,
                                 Problems& problems)
    : scenario_(scenario), spec_(spec), throughput_(throughput), problems_(problems), types_(types_of(spec)) {
  enumerate(groups);
}

void MixCompositions::enumerate(const std::vector<sim::Group>& groups) {
  const bool changes_size = spec_.gang.kind != sim::GangKind::rigid;
  candidates_ = {{Counts(types_.size()), true}};
  for (const sim::Group& group : groups) units_ += group.count;
  for (const sim::Group& group : groups) {
    CompleteByCounts with;
    const bool few =
        GroupCounts(group, types_.size(), changes_size).each([&](const Counts& counts, bool complete) {
          for (const auto& [before, others] : candidates_) {
            bool& all = with.try_emplace(sum_of(before, counts), false).first->second;
            all = all || (others && complete);
          }
          return with.size() <= kMostCompositions;
        });
    candidates_ = std::move(with);
    if (few) continue;
    return refuse();
  }
  std::erase_if(candidates_, [](const auto& candidate) { return is_none(candidate.first); });
  std::vector<sim::Compositions::Entry> entries;
  for (const auto& [counts, complete] : candidates_) entries.push_back({counts, {}});
  if (!sim::Compositions::keys_fit(entries)) refuse();
}

void MixCompositions::refuse() {
  problems_.push_back(
      {scenario_.file.string(), key_path(spec_.path, "groups"),
       fmt::format("found {} instance types that the mix's {} units may be of in more than {} ways, each of "
                   "which trains at a rate of its own, expected fewer types or a lower count",
                   types_.size(), units_, kMostCompositions)});
  candidates_.clear();
}

/// Each type in a group of its own.
MixSpec MixCompositions::instances_of(const Counts& counts) const {
  MixSpec mix = spec_;
  mix.groups.clear();
  for (std::size_t t = 0; t < counts.size(); ++t) {
    if (counts[t] == 0) continue;
    GroupSpec group;
    group.instances = {{types_[t].instance, 1}};
    group.count = counts[t];
    group.role = types_[t].role;
    mix.groups.push_back(std::move(group));
  }
  return mix;
}

double MixCompositions::share_of_batch(const Counts& counts) const {
  if (!spec_.gang.batch_is_scaled || !scenario_.workload.global_batch) return 1;
  int units = 0;
  for (std::size_t t = 0; t < counts.size(); ++t) units += counts[t] * types_[t].weight;
  return std::min(1.0, static_cast<double>(units) / units_);
}

Throughput MixCompositions::throughput_on(const Counts& counts) {
  return throughput_.of_composition(instances_of(counts), spec_.path, types_, share_of_batch(counts));
}

Throughput MixCompositions::reference() {
  Throughput first = throughput_.of(spec_, spec_.path);
  if (!first.infeasible_reason || !first.problems.empty()) return first;
  for (const auto& [counts, complete] : candidates_) {
    if (!complete) continue;
    Throughput other = throughput_on(counts);
    if (!other.infeasible_reason || !other.problems.empty()) return other;
  }
  return first;
}

/// nullopt if the model does not fit, or a problem was found.
std::optional<MixCompositions::Figures> MixCompositions::figures_on(const Counts& counts,
                                                                    const AssembledMix& assembled,
                                                                    const Throughput& reference,
                                                                    Table& table) {
  const Throughput throughput = throughput_on(counts);
  append(problems_, throughput.problems);
  append(table.warnings, throughput.warnings);
  append(table.warnings_of_mix, throughput.warnings_of_mix);
  if (throughput.infeasible_reason || !throughput.amount || !throughput.details.samples_per_s)
    return std::nullopt;
  Figures figures;
  figures.samples_per_s = *throughput.details.samples_per_s;
  figures.speed = figures.samples_per_s / throughput.amount->samples /
                  (*reference.details.samples_per_s / reference.amount->samples);
  if (figures.speed < kLeastSpeed) {
    problems_.push_back(
        {scenario_.file.string(), key_path(spec_.path, "groups"),
         fmt::format(
             "found instances that train {:.3g} times as fast as others of the mix, expected at least "
             "{:g} times",
             figures.speed, kLeastSpeed)});
    return std::nullopt;
  }
  if (const auto& error = throughput.details.step_error)
    figures.step_error = {.sigma = error->sigma, .stream = throughput.error_stream};
  MixSpec spec = instances_of(counts);
  spec.checkpoint.kind = assembled.recovery.spec.checkpoint.kind;
  Problems reported;  // for the mix as a whole
  RecoveryPlan recovery = recovery_of(scenario_, assembled.provider, spec, spec_.path, reported);
  const sim::CheckpointSpec& times = recovery.spec.checkpoint;
  figures.times = {times.write, times.upload,        times.write_increment, times.upload_increment,
                   times.read,  times.read_increment};
  figures.surroundings = traffic_of({scenario_, assembled.provider, spec, assembled.mix, assembled.market,
                                     recovery, throughput.details, throughput_});
  return figures;
}

MixCompositions::Table MixCompositions::table(const AssembledMix& assembled, const Throughput& reference,
                                              sim::SurroundingCosts& costs) {
  Table table;
  const std::size_t before = problems_.size();
  std::map<Counts, Figures> all;
  std::map<Counts, double> rates;
  for (const auto& [counts, complete] : candidates_) {
    auto figures = figures_on(counts, assembled, reference, table);
    if (problems_.size() != before) return table;
    if (complete) rates[counts] = figures ? figures->samples_per_s : 0;
    if (figures) all.emplace(counts, *std::move(figures));
  }
  const Figures none;
  const Figures* most_in_ring = &none;
  const Figures* most_in_row = &none;
  for (const auto& [counts, figures] : all) {
    if (figures.surroundings.ring_gb_per_h > most_in_ring->surroundings.ring_gb_per_h)
      most_in_ring = &figures;
    if (figures.surroundings.cut_gb_per_h > most_in_row->surroundings.cut_gb_per_h) most_in_row = &figures;
  }
  const auto share = [](double of, double most) { return most > 0 ? of / most : 0; };
  std::vector<sim::Compositions::Entry> entries;
  for (const auto& [counts, figures] : all) {
    const sim::SurroundingCosts& own = figures.surroundings.costs;
    sim::Composition composition{figures.speed, figures.times, own.cross_zone_speed, own.cross_region_speed};
    composition.ring_traffic =
        share(figures.surroundings.ring_gb_per_h, most_in_ring->surroundings.ring_gb_per_h);
    composition.cut_traffic =
        share(figures.surroundings.cut_gb_per_h, most_in_row->surroundings.cut_gb_per_h);
    composition.cross_region_read = own.cross_region_read;
    composition.cross_region_read_increment = own.cross_region_read_increment;
    composition.step_error = figures.step_error;
    entries.push_back({counts, composition});
  }
  costs.cross_zone_per_boundary = most_in_ring->surroundings.costs.cross_zone_per_boundary;
  costs.cross_zone_per_cut = most_in_row->surroundings.costs.cross_zone_per_cut;
  for (std::size_t i = 0; i < costs.hops.size(); ++i) {
    costs.hops[i].ring =
        most_in_ring == &none ? HourlyPrice{} : most_in_ring->surroundings.costs.hops[i].ring;
    costs.hops[i].cut = most_in_row == &none ? HourlyPrice{} : most_in_row->surroundings.costs.hops[i].cut;
  }
  table.busiest = most_in_ring == &none ? most_in_row->surroundings : most_in_ring->surroundings;
  table.rates = in_words(rates);
  table.compositions = sim::Compositions(std::move(entries));
  return table;
}

/// Those of one type one by one, and the others, where there are many, as a range.
std::string MixCompositions::in_words(const std::map<Counts, double>& rates) const {
  std::vector<std::string> listed;
  std::vector<std::pair<std::string, double>> mixed;
  for (const auto& [counts, rate] : rates) {
    const ClusterShape shape = shape_of(instances_of(counts));
    const bool single = shape.size() == 1 && shape.begin()->second == 1;
    const std::string name = single ? shape.begin()->first : scenarios::in_words(shape);
    if (shape.size() == 1)
      listed.insert(listed.begin(), rate > 0 ? name + " " + rate_text(rate) : name + " cannot train");
    else
      mixed.emplace_back(name, rate);
  }
  if (mixed.size() <= kMostListed) {
    for (const auto& [name, rate] : mixed)
      listed.push_back(rate > 0 ? name + " " + rate_text(rate) : name + " cannot train");
  } else {
    const auto [least, most] = std::minmax_element(
        mixed.begin(), mixed.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    listed.push_back(fmt::format("{} mixed ones {} to {}", mixed.size(), rate_text(least->second),
                                 rate_text(most->second)));
  }
  return fmt::format("{}", fmt::join(listed, ", "));
}

}  // namespace spotmix::scenarios
