#include "sim/batch/batch.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "base/events/limits.h"
#include "base/random/reproducible_log.h"
#include "sim/batch/spread.h"
#include "sim/batch/statistics.h"
#include "sim/replay/chance.h"
#include "sim/replay/job_draws.h"
#include "sim/replay/replication.h"

namespace spotmix::sim {
namespace {

__extension__ using Wide = __int128;

/// Streams of step errors that a spread is split by; of a mix of many compositions the others count as the
/// market's.
constexpr std::size_t kMostStreams = 8;

/// Sums over replications, exact, so that threads may add them up in any order.
struct Sums {
  CostByPurchase<Wide> cost_by_purchase;
  CostByCause<Wide> cost_by_cause;
  ByCause<Wide> time_by_cause;
  Wide reservations = 0;
  std::uint64_t outlived_traces = 0;  ///< replications that did

  void add(const Ledger& ledger) {
    reservations += ledger.reservations().nano_usd;
    each_purchase(cost_by_purchase, ledger.cost_by_purchase(), [](Wide& sum, Money m) { sum += m.nano_usd; });
    each_cost_cause(cost_by_cause, ledger.cost_by_cause(), [](Wide& sum, Money m) { sum += m.nano_usd; });
    each_cause(time_by_cause, ledger.time(), [](Wide& sum, Duration d) { sum += d.count(); });
  }
  void add(const Sums& other) {
    reservations += other.reservations;
    outlived_traces += other.outlived_traces;
    const auto plus = [](Wide& sum, Wide x) { sum += x; };
    each_purchase(cost_by_purchase, other.cost_by_purchase, plus);
    each_cost_cause(cost_by_cause, other.cost_by_cause, plus);
    each_cause(time_by_cause, other.time_by_cause, plus);
  }
};

/// Replications are handed out in blocks, in order; a block is small enough to share the work evenly.
class WorkQueue {
 public:
  explicit WorkQueue(std::uint64_t total) : total_(total) {}
  std::uint64_t total() const { return total_; }
  std::uint64_t blocks() const { return (total_ + kBlock - 1) / kBlock; }
  struct Block {
    std::uint64_t begin;
    std::uint64_t end;
  };
  bool take(Block& block) {
    block.begin = next_.fetch_add(kBlock, std::memory_order_relaxed);
    if (block.begin >= total_) return false;
    block.end = std::min(total_, block.begin + kBlock);
    return true;
  }

 private:
  static constexpr std::uint64_t kBlock = 16;
  std::uint64_t total_;
  std::atomic<std::uint64_t> next_{0};
};

/// What leaves nothing to chance is simulated once.
std::uint64_t replications_of(const Experiment& experiment, const Mix& mix) {
  return chance_of(experiment, mix).any() ? experiment.replications : 1;
}

/// Of the mix that has most.
std::uint64_t most_replications(const Experiment& experiment) {
  std::uint64_t most = 1;
  for (const Mix& mix : experiment.mixes) {
    if (!mix.infeasible_reason) most = std::max(most, replications_of(experiment, mix));
  }
  return most;
}

class Batch {
 public:
  Batch(const Experiment& experiment, const BatchOptions& options)
      : experiment_(experiment), options_(options), work_(most_replications(experiment)) {
    for (std::size_t m = 0; m < experiment.mixes.size(); ++m) {
      if (experiment.mixes[m].infeasible_reason) continue;
      feasible_.push_back(m);
      outcomes_.emplace_back(replications_of(experiment, experiment.mixes[m]));
    }
    sums_.resize(feasible_.size());
  }

  BatchResult run() {
    const std::uint64_t blocks = work_.blocks();
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const auto threads = std::min<std::uint64_t>(options_.jobs == 0 ? cores : options_.jobs, blocks);
    {
      std::vector<std::jthread> others;
      for (std::uint64_t t = 1; t < threads; ++t) others.emplace_back([this] { work(); });
      work();
    }
    if (failure_) std::rethrow_exception(failure_);
    if (stopped()) throw Interrupted{};
    return summarise();
  }

 private:
  bool stopped() const { return options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed); }

  void work() {
    try {
      std::vector<std::unique_ptr<Replication>> replications;
      for (const std::size_t m : feasible_)
        replications.push_back(std::make_unique<Replication>(experiment_, m));
      std::vector<Sums> sums(feasible_.size());
      WorkQueue::Block block{};
      while (!stopped() && !failed_.load(std::memory_order_relaxed) && work_.take(block)) {
        for (std::size_t i = 0; i < feasible_.size(); ++i) {
          const auto end = std::min<std::uint64_t>(block.end, outcomes_[i].size());
          for (std::uint64_t r = block.begin; r < end; ++r) run_one(*replications[i], i, r, sums[i]);
        }
        report(block.end - block.begin);
      }
      const std::lock_guard lock(mutex_);
      for (std::size_t i = 0; i < sums.size(); ++i) sums_[i].add(sums[i]);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      failed_ = true;
    }
  }

  void run_one(Replication& replication, std::size_t i, std::uint64_t r, Sums& sums) {
    try {
      outcomes_[i][r] = replication.run(r);
    } catch (const SimulationError& error) {
      const std::string& mix = experiment_.mixes[feasible_[i]].name;
      throw SimulationError(error.limit(), error.ticks(), error.kinds(),
                            fmt::format("mix \"{}\", replication {}: {}", mix, r, error.what()));
    }
    sums.add(replication.ledger());
    sums.outlived_traces += replication.outlived_traces() ? 1 : 0;
  }

  void report(std::uint64_t count) {
    const std::uint64_t done = done_.fetch_add(count) + count;
    if (!options_.on_progress) return;
    if (const std::unique_lock lock(mutex_, std::try_to_lock); lock) options_.on_progress(done);
  }

  BatchResult summarise() {
    BatchResult result{experiment_.seed, work_.total(), {}};
    for (const Mix& mix : experiment_.mixes) {
      MixResult& mix_result = result.mixes.emplace_back();
      mix_result.name = mix.name;
      mix_result.infeasible_reason = mix.infeasible_reason;
    }
    for (std::size_t i = 0; i < feasible_.size(); ++i) summarise_mix(i, result.mixes[feasible_[i]]);
    mark_pareto_front(result);
    return result;
  }

  void summarise_mix(std::size_t i, MixResult& mix) {
    const std::vector<ReplicationOutcome>& outcomes = outcomes_[i];
    const auto n = static_cast<double>(outcomes.size());
    std::vector<double> sample;
    std::vector<double> scratch;
    sample.reserve(outcomes.size());
    Fingerprint fingerprint;
    std::uint64_t on_time = 0;
    std::uint64_t within_budget = 0;
    for (const ReplicationOutcome& outcome : outcomes) {
      fingerprint.add(outcome.fingerprint);
      if (!outcome.finished()) continue;
      sample.push_back(to_seconds(outcome.time_to_train));
      if (experiment_.deadline && outcome.time_to_train <= *experiment_.deadline) ++on_time;
      if (experiment_.budget && outcome.cost <= *experiment_.budget) ++within_budget;
    }
    mix.fingerprint = fingerprint.value();
    mix.simulated = outcomes.size();
    const Chance chance = chance_of(experiment_, experiment_.mixes[feasible_[i]]);
    const auto odds = [&](std::uint64_t successes) {
      Proportion share = proportion(successes, outcomes.size());
      if (!chance.any()) share.ci95.reset();
      return share;
    };
    mix.finished = odds(sample.size());
    if (!sample.empty()) mix.time_to_train_s = summarize(sample, scratch);
    if (experiment_.deadline) mix.on_time = odds(on_time);
    if (experiment_.budget) mix.within_budget = odds(within_budget);
    const auto summary_of = [&](auto&& value) {
      sample.clear();
      for (const ReplicationOutcome& outcome : outcomes) sample.push_back(value(outcome));
      return summarize(sample, scratch);
    };
    mix.cost_usd = summary_of([](const ReplicationOutcome& o) { return to_usd(o.cost); });
    mix.interruptions =
        summary_of([](const ReplicationOutcome& o) { return static_cast<double>(o.interruptions); });
    mix.goodput = summary_of([](const ReplicationOutcome& o) { return static_cast<double>(o.goodput); });
    const auto mean = [n](auto& out, Wide sum) { out = static_cast<double>(sum) / 1e9 / n; };
    each_purchase(mix.cost_breakdown_usd, sums_[i].cost_by_purchase, mean);
    each_cost_cause(mix.cost_by_cause_usd, sums_[i].cost_by_cause, mean);
    each_cause(mix.time_by_cause_s, sums_[i].time_by_cause, mean);
    set_reserved_views(i, mix);
    mix.outlived_traces = sums_[i].outlived_traces;
    set_spread(i, chance, mix);
    if (options_.keep_replications) mix.replications = std::move(outcomes_[i]);
  }

  /// Of the replications that have the figure, and at a cost above zero.
  void set_spread(std::size_t i, const Chance& chance, MixResult& mix) const {
    std::vector<const StepErrorSpec*> errors = step_errors_of(experiment_.mixes[feasible_[i]]);
    errors.resize(std::min(errors.size(), kMostStreams));
    SpreadSample cost;
    SpreadSample time;
    cost.other_step_errors.resize(errors.empty() ? 0 : errors.size() - 1);
    time.other_step_errors = cost.other_step_errors;
    std::vector<double> steps;
    for (std::uint64_t r = 0; r < outcomes_[i].size(); ++r) {
      const ReplicationOutcome& outcome = outcomes_[i][r];
      steps.clear();
      for (const StepErrorSpec* error : errors) steps.push_back(step_error_draw(experiment_, *error, r));
      const double convergence = chance.convergence ? convergence_draw(experiment_, r) : 0;
      const auto add = [&](SpreadSample& sample, std::int64_t value) {
        sample.logarithms.push_back(reproducible_log(static_cast<double>(value)));
        if (chance.step_time) sample.step_errors.push_back(steps.front());
        for (std::size_t k = 1; k < steps.size(); ++k) sample.other_step_errors[k - 1].push_back(steps[k]);
        if (chance.convergence) sample.convergence.push_back(convergence);
      };
      if (outcome.cost > Money{}) add(cost, outcome.cost.nano_usd);
      if (outcome.time_to_train > Duration{0}) add(time, outcome.time_to_train.count());
    }
    mix.cost_spread = spread_shares(cost, chance);
    mix.time_spread = spread_shares(time, chance);
  }

  void set_reserved_views(std::size_t i, MixResult& mix) const {
    const auto& groups = experiment_.mixes[feasible_[i]].groups;
    if (std::none_of(groups.begin(), groups.end(),
                     [](const Group& group) { return group.purchase == Purchase::reserved; }))
      return;
    const double reserved =
        static_cast<double>(sums_[i].reservations) / 1e9 / static_cast<double>(outcomes_[i].size());
    const double cost = mix.cost_usd->mean;
    const bool amortised = experiment_.billing.reserved_view == ReservedView::amortised;
    mix.reserved_views_usd =
        ReservedViews{amortised ? cost : cost + reserved, amortised ? cost - reserved : cost};
  }

  const Experiment& experiment_;
  const BatchOptions& options_;
  WorkQueue work_;
  std::vector<std::size_t> feasible_;                      ///< indices of the mixes that run
  std::vector<std::vector<ReplicationOutcome>> outcomes_;  ///< [feasible mix][replication]
  std::vector<Sums> sums_;
  std::atomic<std::uint64_t> done_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::exception_ptr failure_;
};

}  // namespace

void mark_pareto_front(BatchResult& result) {
  const auto dominates = [](const MixResult& a, const MixResult& b) {
    const double faster = b.time_to_train_s->mean - a.time_to_train_s->mean;
    const double cheaper = b.cost_usd->mean - a.cost_usd->mean;
    return faster >= 0 && cheaper >= 0 && (faster > 0 || cheaper > 0);
  };
  const auto comparable = [](const MixResult& mix) { return mix.time_to_train_s && mix.cost_usd; };
  for (MixResult& mix : result.mixes) {
    mix.on_pareto_front =
        comparable(mix) && std::none_of(result.mixes.begin(), result.mixes.end(),
                                        [&](const auto& m) { return comparable(m) && dominates(m, mix); });
  }
}

BatchResult run_batch(const Experiment& experiment, const BatchOptions& options) {
  return Batch(experiment, options).run();
}

ReplicationRecord record_replication(const Experiment& experiment, std::size_t mix,
                                     std::uint64_t replication) {
  ReplicationRecord record;
  Replication replay(experiment, mix);
  replay.record_into(&record);
  replay.run(replication);
  return record;
}

}  // namespace spotmix::sim
