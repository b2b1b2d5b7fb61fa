#include "models/step/proportional.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "models/step/cluster.h"
#include "models/step/estimator.h"

namespace spotmix::models {
namespace {

/// The cluster's devices as if all were those of one group, on the cluster's own links.
class GroupModel {
 public:
  GroupModel(const StepInput& input, const InstanceGroup& group)
      : estimator_(input, &group),
        total_(device_count(input.cluster)),
        devices_(node_of(group).devices * group.instances) {}

  int devices() const { return devices_; }
  const std::vector<Source>& sources() const { return estimator_.sources(); }

  StepBreakdown step(int share, std::vector<Span>* spans = nullptr) {
    return estimator_.step({.data = total_}, share * total_, spans);
  }

 private:
  StepEstimator estimator_;
  int total_;
  int devices_;
};

std::vector<GroupModel> group_models(const StepInput& input) {
  std::vector<GroupModel> models;
  for (const InstanceGroup& group : input.cluster.groups) models.emplace_back(input, group);
  return models;
}

std::vector<int> shares_of(std::vector<GroupModel>& models, int global_batch) {
  const int total = std::accumulate(models.begin(), models.end(), 0,
                                    [](int sum, const GroupModel& model) { return sum + model.devices(); });
  std::vector<double> shares(models.size(), static_cast<double>(global_batch) / total);
  // Speed depends on the share a little, so two rounds.
  for (int round = 0; round < 2; ++round) {
    double capacity = 0;
    std::vector<double> speeds;
    for (std::size_t i = 0; i < models.size(); ++i) {
      const int whole = std::max(1, static_cast<int>(std::lround(shares[i])));
      speeds.push_back(whole / models[i].step(whole).compute_s);
      capacity += models[i].devices() * speeds.back();
    }
    for (std::size_t i = 0; i < models.size(); ++i) shares[i] = global_batch * speeds[i] / capacity;
  }
  std::vector<int> whole;
  for (const double share : shares) whole.push_back(std::max(1, static_cast<int>(std::floor(share))));
  // What rounding down left over goes where one more sample delays the step least.
  const auto dealt = [&] {
    int sum = 0;
    for (std::size_t i = 0; i < models.size(); ++i) sum += whole[i] * models[i].devices();
    return sum;
  };
  while (dealt() < global_batch) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < models.size(); ++i) {
      if (models[i].step(whole[i] + 1).compute_s < models[best].step(whole[best] + 1).compute_s) best = i;
    }
    ++whole[best];
  }
  return whole;
}

/// The shares are what is asked for; a group alone may hold more than its memory allows only if the caller
/// says so.
StepInput without_parallelism(const StepInput& input) {
  StepInput plain = input;
  plain.parallelism.reset();
  plain.proportional_shares = false;
  return plain;
}

}  // namespace

std::vector<int> proportional_shares(const StepInput& input) {
  assert(cluster_problem(input.cluster).empty());
  StepInput plain = without_parallelism(input);
  plain.check_memory = false;
  std::vector<GroupModel> models = group_models(plain);
  return shares_of(models, input.global_batch);
}

StepBreakdown proportional_step(const StepInput& input, std::vector<Span>* spans) {
  const std::vector<int> shares = proportional_shares(input);
  std::vector<GroupModel> models = group_models(without_parallelism(input));
  StepBreakdown slowest;
  std::size_t pace = 0;
  for (std::size_t i = 0; i < models.size(); ++i) {
    StepBreakdown step = models[i].step(shares[i]);
    if (!step.feasible()) return step;
    if (i > 0 && step.time_s <= slowest.time_s) continue;
    slowest = step;
    pace = i;
  }
  for (const GroupModel& model : models) {
    for (const Source& source : model.sources()) add_source(slowest.sources, source);
  }
  if (spans != nullptr) models[pace].step(shares[pace], spans);
  slowest.samples_per_s = input.global_batch / slowest.time_s;
  return slowest;
}

}  // namespace spotmix::models
