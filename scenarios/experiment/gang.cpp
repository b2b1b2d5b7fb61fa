#include "scenarios/experiment/gang.h"

#include <algorithm>
#include <iterator>
#include <map>

#include <fmt/format.h>

#include "base/json/json_text.h"
#include "scenarios/experiment/mix_types.h"

namespace spotmix::scenarios {
namespace {

/// Sizes of which the model is evaluated: more would take long and change little.
constexpr int kMostSizes = 64;

int units_of(const MixSpec& mix) {
  int units = 0;
  for (const GroupSpec& group : mix.groups) units += group.count;
  return units;
}

/// The one instance type of the mix, if a unit is always one instance of it.
std::optional<std::string> only_type(const MixSpec& mix) {
  const WeightedInstance& first = mix.groups.front().instances.front();
  for (const GroupSpec& group : mix.groups) {
    for (const WeightedInstance& type : group.instances) {
      if (type.name != first.name || type.weight != 1) return std::nullopt;
    }
  }
  return first.name;
}

/// Speed relative to the whole gang by size; always holds sizes 0 and `whole`.
using Known = std::map<int, double>;

Known given_sizes(const Scenario& scenario, const std::string& type, int whole, double whole_rate) {
  Known known;
  for (const GivenRate& rate : scenario.workload.given_rates) {
    const bool smaller = rate.cluster.size() == 1 && rate.cluster.begin()->first == type &&
                         rate.cluster.begin()->second < whole;
    if (smaller) known[rate.cluster.begin()->second] = rate.samples_per_s / whole_rate;
  }
  return known;
}

Known computed_sizes(ThroughputModel& throughput, const MixSpec& mix, int whole, double whole_rate) {
  Known known;
  const int multiple = std::max(mix.gang.multiple_of.value_or(mix.gang.stages.value_or(1)), 1);
  const int stride = multiple * std::max(1, whole / multiple / kMostSizes);
  std::vector<int> sizes;
  for (int size = stride; size < whole; size += stride) sizes.push_back(size);
  for (const auto& [size, rate] : throughput.samples_per_s_of_sizes(mix, sizes))
    known[size] = rate / whole_rate;
  return known;
}

/// The fewest units that the model is known to fit on: beyond the last size on which it does not.
int fewest_that_fit(const Known& known) {
  int fewest = 0;
  for (auto size = known.begin(); size != known.end(); ++size) {
    if (size->second == 0 && std::next(size) != known.end() && size->first > 0)
      fewest = std::next(size)->first;
  }
  return fewest;
}

std::vector<double> interpolate(const Known& known, int sizes) {
  std::vector<double> speed;
  for (int size = 0; size <= sizes; ++size) {
    const auto above = known.lower_bound(size);
    if (above->first == size) {
      speed.push_back(above->second);
      continue;
    }
    const auto below = std::prev(above);
    const double share = static_cast<double>(size - below->first) / (above->first - below->first);
    speed.push_back(below->second + share * (above->second - below->second));
  }
  return speed;
}

bool by_pipelines(const sim::GangSpec& gang) {
  return gang.kind == sim::GangKind::redundant_pipelines;
}

/// Whether the gang may train at this size: units, or pipelines.
bool usable(const sim::GangSpec& gang, int size) {
  if (gang.kind == sim::GangKind::templates) return size >= gang.stages;
  if (by_pipelines(gang)) return size > 0;
  return size > 0 && size >= gang.min_units && size % gang.multiple_of == 0;
}

class GangBuilder {
 public:
  GangBuilder(const Scenario& scenario, const MixSpec& mix, const MixDetails& details,
              ThroughputModel& throughput, Problems& problems)
      : scenario_(scenario),
        mix_(mix),
        details_(details),
        throughput_(throughput),
        problems_(problems),
        units_(units_of(mix)) {}

  sim::GangSpec build() {
    const GangSettings& settings = mix_.gang;
    sim::GangSpec gang;
    gang.kind = settings.kind;
    if (gang.kind == sim::GangKind::rigid) return gang;
    gang.min_units = settings.min.value_or(gang.min_units);
    gang.multiple_of = settings.multiple_of.value_or(gang.multiple_of);
    gang.reconfigure = settings.reconfigure.value_or(gang.reconfigure);
    gang.survivors_hold_state = settings.survivors_hold_state.value_or(gang.survivors_hold_state);
    gang.stages = settings.stages.value_or(gang.stages);
    gang.max_pipelines = settings.max_pipelines.value_or(std::max(1, units_ / gang.stages));
    gang.global_rendezvous = settings.global_rendezvous.value_or(gang.global_rendezvous);
    gang.doubled_slowdown = settings.doubled_slowdown.value_or(gang.doubled_slowdown);
    const std::size_t before = problems_.size();
    check_sizes(gang);
    if (problems_.size() != before) return gang;
    if (depends_on_types(mix_)) {
      if (!settings.speed.empty())
        add("speed",
            "found speeds by size, expected none: the mix's instance types train at rates of their own "
            "(workload.samples_per_s gives those of clusters)");
      return gang;
    }
    gang.speed = settings.speed.empty() ? speed_by_default(gang) : settings.speed;
    check_speed(gang);
    return gang;
  }

 private:
  void add(const char* key, std::string message) {
    problems_.push_back(
        {scenario_.file.string(), key_path(mix_.path, fmt::format("gang.{}", key)), std::move(message)});
  }

  void at_most_units(const char* key, int found) {
    if (found > units_) add(key, fmt::format("found {}, expected at most the mix's {} units", found, units_));
  }

  void check_sizes(const sim::GangSpec& gang) {
    at_most_units("min", gang.min_units);
    at_most_units("multiple_of", gang.multiple_of);
    at_most_units("stages", gang.stages);
    if (gang.stages <= units_ && gang.max_pipelines > units_ / gang.stages) {
      add("max_pipelines", fmt::format("found {} pipelines of {} stages, expected at most {}: the mix has {} "
                                       "units",
                                       gang.max_pipelines, gang.stages, units_ / gang.stages, units_));
    }
  }

  int sizes(const sim::GangSpec& gang) const { return by_pipelines(gang) ? gang.max_pipelines : units_; }

  void check_speed(const sim::GangSpec& gang) {
    const auto wanted = static_cast<std::size_t>(sizes(gang)) + 1;
    if (gang.speed.size() != wanted) {
      add("speed",
          fmt::format("found {} numbers, expected {}: one for each number of {} from 0 to {}",
                      gang.speed.size(), wanted, by_pipelines(gang) ? "pipelines" : "units", wanted - 1));
      return;
    }
    for (std::size_t size = 0; size < wanted; ++size) {
      // A speed is kept in billionths.
      if (usable(gang, static_cast<int>(size)) && gang.speed[size] < 1e-6)
        add("speed", fmt::format("found {:g} for {}, with which the gang trains, expected at least 0.000001",
                                 gang.speed[size], size));
    }
  }

  /// A gang does not train on fewer units than the model fits on.
  void train_where_it_fits(sim::GangSpec& gang, int fewest) {
    const auto too_few = [&](const char* key, int found) {
      add(key, fmt::format("found {}, on which the model does not fit, expected at least {}", found, fewest));
    };
    if (gang.kind != sim::GangKind::elastic) {
      if (gang.stages < fewest) too_few("stages", gang.stages);
    } else if (mix_.gang.min.value_or(fewest) < fewest) {
      too_few("min", *mix_.gang.min);
    } else {
      gang.min_units = std::max(gang.min_units, fewest);
    }
  }

  std::vector<double> speed_by_default(sim::GangSpec& gang) {
    const int scale = by_pipelines(gang) ? gang.stages : 1;
    const int whole = sizes(gang) * scale;
    const auto type = only_type(mix_);
    Known known;
    if (type && details_.samples_per_s) {
      const bool computed = details_.step.has_value();
      const double rate = *details_.samples_per_s;
      known = computed ? computed_sizes(throughput_, mix_, whole, rate)
                       : given_sizes(scenario_, *type, whole, rate);
    }
    known[0] = 0;
    known[whole] = 1;
    std::vector<double> by_instance = interpolate(known, whole);
    const int fewest = fewest_that_fit(known);
    std::fill_n(by_instance.begin(), fewest, 0.0);
    train_where_it_fits(gang, fewest);
    std::vector<double> speed;
    for (int size = 0; size <= sizes(gang); ++size)
      speed.push_back(by_instance[static_cast<std::size_t>(size) * static_cast<std::size_t>(scale)]);
    return speed;
  }

  const Scenario& scenario_;
  const MixSpec& mix_;
  const MixDetails& details_;
  ThroughputModel& throughput_;
  Problems& problems_;
  int units_;
};

}  // namespace

double slowest_speed(const sim::GangSpec& gang, int units) {
  if (gang.kind == sim::GangKind::rigid) return 1;
  double slowest = 1;
  for (int size = 1; size <= (by_pipelines(gang) ? gang.max_pipelines : units); ++size) {
    if (!usable(gang, size)) continue;
    const auto at = static_cast<std::size_t>(size);
    const double speed = at < gang.speed.size() ? gang.speed[at] : static_cast<double>(size) / units;
    slowest = std::min(slowest, speed);
  }
  return by_pipelines(gang) ? slowest / gang.doubled_slowdown : slowest;
}

sim::GangSpec gang_of(const Scenario& scenario, const MixSpec& mix, const MixDetails& details,
                      ThroughputModel& throughput, Problems& problems) {
  return GangBuilder(scenario, mix, details, throughput, problems).build();
}

}  // namespace spotmix::scenarios
