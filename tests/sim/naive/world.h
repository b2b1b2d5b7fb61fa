// A simulator that is obviously right, and slow: at every tick it looks at every pool, every instance, the
// gang and the policy. It knows sim's plain data (Market, Mix, BillingRules, BillLine) and none of its code.
//
// All moments and durations of an experiment must be multiples of the tick, but for the end of the training,
// which may fall between two ticks. Within a tick things happen in the order that sim/replay/replication.h
// states: completion, the end of the traces, the market, lives of instances, the gang, decisions.
//
// A step error stretches or shortens every step, and with it the whole training; policies are told as
// Policy::rescale says.
//
// Not covered: drawn lifetimes, zone reclaims, bootstrapped histories, work that varies; several regions,
// traffic; one zone for all; replacements before an end.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/random/normal.h"
#include "base/random/random.h"
#include "base/random/reproducible_exp.h"
#include "sim/replay/experiment.h"
#include "tests/sim/naive/bills.h"
#include "tests/sim/naive/pipelines.h"
#include "tests/sim/naive/policies.h"
#include "tests/sim/naive/tables.h"
#include "tests/sim/naive/training.h"

namespace spotmix::sim::naive {

struct Result {
  std::optional<Duration> time_to_train;
  int interruptions = 0;
  ByCause<Duration> time;
  CostByCause<Money> cost_by_cause;
  CostByPurchase<Money> cost_by_purchase;
  std::vector<BillLine> bill;
};

class World {
 public:
  World(const Experiment& experiment, Duration tick)
      : experiment_(experiment),
        market_(experiment.market),
        mix_(experiment.mixes[0]),
        checkpoint_(mix_.recovery.checkpoint),
        tick_(tick),
        start_(experiment.start.fixed),
        end_(end_of_time()),
        tables_(experiment, tick, ticks_to_know()),
        times_(times_of_mix()),
        training_(mix_.work, checkpoint_),
        now_(start_),
        short_since_(mix_.groups.size(), start_),
        looked_at_(market_.pools.size(), start_),
        last_attempt_(start_),
        pipelines_(mix_.gang) {
    job_ = facts();
    draw_step_time();
    decide_ = policy_of(mix_.policy, job_, spot_before_deadline());
  }

  Result run() {
    ask(start_);
    while (!over_) {
      while (!over_ && something_happens()) {
      }
      if (!over_) a_tick_passes();
    }
    return result_;
  }

 private:
  enum class State { pending, booting, ready };
  enum class Phase { waiting, assembling, restoring, training, saving };

  struct Instance {
    std::uint32_t number = 0;  ///< in order of launch
    int place = 0;             ///< among those of its group, the lowest that was free
    std::uint32_t group = 0;
    std::uint32_t pool = 0;
    Purchase purchase = Purchase::spot;
    int units = 1;
    std::uint32_t type = 0;  ///< where it matters which instances run
    State state = State::pending;
    bool in_gang = false;
    bool leaving = false;  ///< chosen for the pool's next change
    bool noticed = false;
    Time requested{};
    Time running{};
    ByCause<Duration> time_before;  ///< what the job's time had gone into when it began to run
  };

  // Time.

  Time end_of_time() const {
    Time end = start_ + experiment_.horizon;
    for (const Pool& pool : market_.pools) {
      if (!pool.capacity.empty()) end = std::min(end, pool.capacity.end);
      if (!pool.spot_price.empty()) end = std::min(end, pool.spot_price.end);
      if (!pool.on_demand_price.empty()) end = std::min(end, pool.on_demand_price.end);
    }
    return end;
  }

  int ticks_to_know() const {
    const Duration ahead = market_.notice + market_.rebalance_lead;
    const Duration known = std::max(end_ - start_, experiment_.deadline.value_or(Duration{0}));
    return static_cast<int>((known + ahead) / tick_) + 2;
  }

  bool something_happens() {
    return completes() || time_is_up() || provider_takes_back() || provider_tells() || instance_runs() ||
           instance_is_ready() || gang_grows() || gang_is_set_up() || policy_decides();
  }

  void a_tick_passes() {
    ByCause<Duration>& time = result_.time;
    switch (phase_) {
      case Phase::waiting:
        time.waiting += tick_;
        break;
      case Phase::assembling:
      case Phase::restoring:
        time.startup += tick_;
        break;
      case Phase::saving:
        time.checkpoint += tick_;
        break;
      case Phase::training:
        return train(time);
    }
    now_ += tick_;
  }

  void train(ByCause<Duration>& time) {
    if (training_.writing()) {
      time.checkpoint += tick_;
      training_.pass(tick_);
      now_ += tick_;
      return;
    }
    const Duration trains = std::min(tick_, training_.left());
    time.useful += trains;
    training_.pass(trains);
    if (trains == tick_ || polled()) {
      time.waiting += tick_ - trains;  // until the policy is asked and notices
      now_ += tick_;
    } else {
      now_ += trains;
      end(true);
    }
  }

  bool polled() const { return experiment_.complete_on_decision && asks_at_intervals(); }

  bool completes() {
    if (phase_ != Phase::training || polled() || !training_.complete()) return false;
    end(true);
    return true;
  }

  bool time_is_up() {
    if (now_ < end_) return false;
    end(false);
    return true;
  }

  void end(bool trained) {
    if (trained) result_.time_to_train = now_ - start_;
    over_ = true;
    std::vector<Instance> all;
    std::swap(all, fleet_);
    for (const Instance& instance : all) bill(instance, false);
    bill_job();
  }

  // The provider.

  int weight(std::uint32_t g, std::uint32_t pool) const {
    const Group& group = mix_.groups[g];
    for (std::size_t i = 0; i < group.pools.size(); ++i) {
      if (group.pools[i] == pool && !group.weights.empty()) return group.weights[i];
    }
    return 1;
  }

  bool sells_spot(std::uint32_t pool) const { return !market_.pools[pool].spot_price.empty(); }
  bool sells_on_demand(std::uint32_t pool) const { return !market_.pools[pool].on_demand_price.empty(); }

  /// Rules 4 and 5: the price up to which a spot instance runs.
  std::optional<HourlyPrice> limit(std::uint32_t g, std::uint32_t pool, Time t) const {
    const std::optional<HourlyPrice> asked = mix_.groups[g].max_price;
    const bool auction = market_.regime == Regime::aws_auction;
    if (!asked && !auction) return std::nullopt;
    if (!asked) return sells_on_demand(pool) ? std::optional(tables_.on_demand(pool, t)) : std::nullopt;
    HourlyPrice whole{asked->nano_usd_per_h * weight(g, pool)};
    if (!auction) whole = whole + market_.price_tolerance;
    return whole;
  }

  bool too_dear(std::uint32_t g, std::uint32_t pool, Time t) const {
    const std::optional<HourlyPrice> most = limit(g, pool, t);
    return most && tables_.spot(pool, t) > *most;
  }

  /// Diversified groups pass over pools whose spot price is not below on demand.
  bool skipped(std::uint32_t g, std::uint32_t pool, Time t) const {
    return mix_.groups[g].allocation == Allocation::diversified && sells_on_demand(pool) &&
           tables_.spot(pool, t) >= tables_.on_demand(pool, t);
  }

  bool uses(std::uint32_t g, std::uint32_t pool) const {
    const auto& pools = mix_.groups[g].pools;
    return std::find(pools.begin(), pools.end(), pool) != pools.end();
  }

  /// Whether what the pool gives changes at `t`: its capacity, or whether its price suits a group.
  bool changes(std::uint32_t pool, Time t) const {
    if (!sells_spot(pool) || t == start_) return false;
    const Time before = t - tick_;
    if (tables_.capacity(pool, t) != tables_.capacity(pool, before)) return true;
    for (std::uint32_t g = 0; g < mix_.groups.size(); ++g) {
      if (!uses(g, pool)) continue;
      if (too_dear(g, pool, t) != too_dear(g, pool, before) ||
          skipped(g, pool, t) != skipped(g, pool, before))
        return true;
    }
    return false;
  }

  std::vector<Instance*> spot_in(std::uint32_t pool) {
    std::vector<Instance*> held;
    for (Instance& instance : fleet_) {
      if (instance.pool == pool && instance.purchase == Purchase::spot) held.push_back(&instance);
    }
    std::sort(held.begin(), held.end(), [](const Instance* a, const Instance* b) { return earlier(*a, *b); });
    return held;
  }

  /// In the order in which the provider and the gang go through them: by group and place.
  static bool earlier(const Instance& a, const Instance& b) {
    return std::pair(a.group, a.place) < std::pair(b.group, b.place);
  }
  std::vector<Instance> by_place() const {
    std::vector<Instance> all = fleet_;
    std::sort(all.begin(), all.end(), earlier);
    return all;
  }

  /// Whom the pool takes back at `t`: those told before, those whose limit the price passes, and of the
  /// others as many as it has no room for, drawn by lot; in the auction those who bid least.
  std::vector<Instance*> victims(std::uint32_t pool, Time t) {
    std::vector<Instance*> gone;
    std::vector<Instance*> others;
    for (Instance* instance : spot_in(pool))
      (instance->leaving || too_dear(instance->group, pool, t) ? gone : others).push_back(instance);
    const int room = tables_.capacity(pool, t);
    if (static_cast<int>(others.size()) <= room) return gone;
    draw_lots(others, pool, t);
    if (market_.regime == Regime::aws_auction && room > 0) {
      std::stable_sort(others.begin(), others.end(), [&](const Instance* a, const Instance* b) {
        return limit(a->group, pool, t) < limit(b->group, pool, t);
      });
    }
    gone.insert(gone.end(), others.begin(), others.end() - room);
    return gone;
  }

  /// The lots of a pool and moment, a stream of random numbers of their own.
  void draw_lots(std::vector<Instance*>& others, std::uint32_t pool, Time t) const {
    const std::uint64_t name = entity_of(market_.pools[pool].instance_type + "/" + market_.pools[pool].zone);
    const std::uint64_t lots = static_cast<std::uint64_t>(ticks_of(t)) * 0x10001 + name;
    RandomStream random(experiment_.seed, 0, lots, Purpose::interruption_choice);
    for (std::size_t i = others.size(); i > 1; --i) std::swap(others[i - 1], others[random.below(i)]);
  }

  bool provider_takes_back() {
    for (std::uint32_t pool = 0; pool < market_.pools.size(); ++pool) {
      if (looked_at_[pool] == now_ || !changes(pool, now_)) continue;
      looked_at_[pool] = now_;
      const bool watched = !spot_in(pool).empty() || current_ != Choice::on_demand;
      take_back(victims(pool, now_));
      if (!asks_at_intervals() && watched && !complete()) try_again();
      return true;
    }
    return false;
  }

  void take_back(const std::vector<Instance*>& gone) {
    if (gone.empty()) return;
    std::vector<std::uint32_t> numbers;
    for (const Instance& instance : by_place()) {
      const bool goes = std::any_of(gone.begin(), gone.end(), [&](const Instance* other) {
        const bool together = mix_.groups[instance.group].launch_together && other->group == instance.group;
        return other->number == instance.number || together;
      });
      if (goes) numbers.push_back(instance.number);
    }
    for (const std::uint32_t number : numbers) leave(number, true);
    regroup();
    if (asks_at_intervals()) ask(now_);
  }

  /// Rule 6: who is taken at a change is told `notice` before, and recommended to go `rebalance_lead` before
  /// that; at once where it is later already.
  bool provider_tells() {
    const Duration ahead = market_.notice + market_.rebalance_lead;
    for (std::uint32_t pool = 0; pool < market_.pools.size(); ++pool) {
      for (Time t = now_ + tick_; t <= now_ + ahead; t += tick_) {
        if (!changes(pool, t)) continue;
        if (tell(victims(pool, t), t)) return true;
        break;
      }
    }
    return false;
  }

  bool tell(const std::vector<Instance*>& going, Time end) {
    bool any = false;
    bool noticed = false;
    const bool is_notice = market_.notice > Duration{0} && end - now_ <= market_.notice;
    for (Instance* instance : going) {
      any = any || !instance->leaving || (is_notice && !instance->noticed);
      noticed = noticed || (is_notice && !instance->noticed);
      instance->leaving = true;
      instance->noticed = instance->noticed || is_notice;
    }
    if (!any) return false;
    if (!asks_at_intervals() && !complete()) ask(now_);
    const bool fits = times_.write + times_.upload <= end - now_;
    if (noticed && fits && checkpoint_.on_notice && phase_ == Phase::training) save();
    return true;
  }

  // Lives of instances.

  bool instance_runs() {
    for (Instance& instance : fleet_) {
      if (instance.state != State::pending || now_ < instance.requested + mix_.launch.pending) continue;
      instance.state = State::booting;
      instance.running = now_;
      instance.time_before = result_.time;
      return true;
    }
    return false;
  }

  bool instance_is_ready() {
    for (Instance& instance : fleet_) {
      if (instance.state != State::booting || now_ < instance.running + mix_.launch.boot) continue;
      instance.state = State::ready;
      return true;
    }
    return false;
  }

  /// The instance leaves the fleet; it is billed when the gang has heard of it.
  void leave(std::uint32_t number, bool interrupted) {
    const auto at = std::find_if(fleet_.begin(), fleet_.end(),
                                 [&](const Instance& instance) { return instance.number == number; });
    const bool was_met = met(at->group);
    if (at->in_gang) lost_.push_back(number);
    gone_.push_back({*at, interrupted});
    const std::uint32_t group = at->group;
    fleet_.erase(at);
    if (was_met && !met(group)) short_since_[group] = now_;
  }

  int units_of(std::uint32_t g, bool only_ready) const {
    int units = 0;
    for (const Instance& instance : fleet_) {
      if (instance.group == g && (!only_ready || instance.state == State::ready)) units += instance.units;
    }
    return units;
  }
  bool met(std::uint32_t g) const { return units_of(g, false) >= mix_.groups[g].count; }
  bool complete() const {
    for (std::uint32_t g = 0; g < mix_.groups.size(); ++g) {
      if (!met(g)) return false;
    }
    return true;
  }

  // Compositions.

  bool types_matter() const { return !mix_.compositions.empty(); }

  std::uint32_t type_of(std::uint32_t g, std::uint32_t pool) const {
    const Group& group = mix_.groups[g];
    for (std::size_t i = 0; i < group.types.size(); ++i) {
      if (group.pools[i] == pool) return group.types[i];
    }
    return 0;
  }

  using Counts = std::vector<int>;
  Counts counts_of(const std::vector<Instance>& instances) const {
    Counts counts(mix_.compositions.entries().front().counts.size());
    for (const Instance& instance : instances) ++counts[instance.type];
    return counts;
  }
  const Composition* composition_of(const std::vector<Instance>& instances) const {
    if (!types_matter()) return nullptr;
    const Counts counts = counts_of(instances);
    for (const Compositions::Entry& entry : mix_.compositions.entries()) {
      if (entry.counts == counts) return &entry.composition;
    }
    return nullptr;
  }
  static bool can_train(const Composition* composition) {
    return composition != nullptr && composition->speed > 0;
  }

  /// Whether more instances can make one that trains of these.
  bool may_come_to_train(const std::vector<Instance>& instances) const {
    const Counts counts = counts_of(instances);
    return std::any_of(mix_.compositions.entries().begin(), mix_.compositions.entries().end(),
                       [&](const Compositions::Entry& entry) {
                         for (std::size_t t = 0; t < counts.size(); ++t) {
                           if (counts[t] > entry.counts[t]) return false;
                         }
                         return entry.composition.speed > 0;
                       });
  }

  /// Whether `fleet` should get one more instance from the pool: with it the gang trains, or, if it does not
  /// train without it and is not complete with it, may come to train.
  bool is_of_use(std::vector<Instance> fleet, std::uint32_t g, std::uint32_t pool) const {
    if (!types_matter()) return true;
    const bool trains_without = can_train(composition_of(fleet));
    fleet.push_back(in_thought(g, pool));
    if (can_train(composition_of(fleet))) return true;
    bool complete = true;
    for (std::uint32_t other = 0; other < mix_.groups.size(); ++other) {
      int units = 0;
      for (const Instance& instance : fleet) units += instance.group == other ? instance.units : 0;
      complete = complete && units >= mix_.groups[other].count;
    }
    return !trains_without && !complete && may_come_to_train(fleet);
  }

  Instance in_thought(std::uint32_t g, std::uint32_t pool) const {
    Instance instance;
    instance.group = g;
    instance.pool = pool;
    instance.units = weight(g, pool);
    instance.type = type_of(g, pool);
    return instance;
  }

  /// Of the instances that are ready: those that fit in so many units, by place.
  std::vector<Instance> ready_in(int units) const {
    std::vector<Instance> taken;
    for (const Instance& instance : by_place()) {
      if (instance.state != State::ready || instance.units > units) continue;
      units -= instance.units;
      taken.push_back(instance);
    }
    return taken;
  }

  CheckpointTimes times_of_mix() const {
    return {checkpoint_.write,
            checkpoint_.upload,
            checkpoint_.write_increment,
            checkpoint_.upload_increment,
            checkpoint_.read,
            checkpoint_.read_increment};
  }

  // Bills.

  void bill(const Instance& instance, bool interrupted) {
    if (instance.state == State::pending) return;
    result_.interruptions += interrupted ? 1 : 0;
    const Pool& pool = market_.pools[instance.pool];
    Use use{instance.running, now_, interrupted, tick_, {}};
    CostByPurchase<Money>& by = result_.cost_by_purchase;
    Money amount;
    const auto charge = [&](Money& part, std::vector<BillLine> lines) {
      Money sum;
      for (BillLine& line : lines) {
        line.instance = instance.number;
        line.pool = instance.pool;
        line.purchase = instance.purchase;
        sum += line.amount;
        result_.bill.push_back(line);
      }
      part += sum;
      return sum;
    };
    const auto by_time = [&](BillItem item, HourlyPrice price, Duration charged) {
      return std::vector<BillLine>{line_of(item, use.from, use.to, charged, price)};
    };
    const Duration used = use.to - use.from;
    if (instance.purchase == Purchase::spot) {
      use.price = [&](Time t) { return tables_.spot(instance.pool, t) + pool.surcharge; };
      amount = charge(by.spot, spot_lines(use, experiment_.billing));
    } else if (instance.purchase == Purchase::on_demand) {
      use.price = [&](Time t) { return tables_.on_demand(instance.pool, t) + pool.surcharge; };
      amount = charge(by.on_demand, lines_by_second(use, experiment_.billing, false));
    } else if (experiment_.billing.reserved_view == ReservedView::amortised) {
      amount = charge(by.reserved, by_time(BillItem::instance, pool.reserved_price, used));
      reserved_used_ += amount;
    }
    if (pool.service_fee != HourlyPrice{})
      result_.cost_by_cause.service_fee += charge(
          by.service_fee,
          by_time(BillItem::service_fee, pool.service_fee, charged_time(used, seconds{1}, seconds{60})));
    const HourlyPrice volume = mix_.surroundings.volume_per_instance;
    if (volume != HourlyPrice{})
      result_.cost_by_cause.storage += charge(by.storage, by_time(BillItem::volume, volume, used));
    spread(result_.cost_by_cause, amount, since(instance.time_before));
  }

  ByCause<Duration> since(const ByCause<Duration>& before) const {
    ByCause<Duration> time = result_.time;
    time.useful -= before.useful;
    time.lost_work -= before.lost_work;
    time.checkpoint -= before.checkpoint;
    time.startup -= before.startup;
    time.waiting -= before.waiting;
    return time;
  }

  /// What is paid for the job as a whole.
  void bill_job() {
    const SurroundingCosts& costs = mix_.surroundings;
    const Duration took = now_ - start_;
    if (costs.storage != HourlyPrice{}) {
      const BillLine line = job_line(BillItem::storage, took, costs.storage, amount_of(costs.storage, took));
      result_.cost_by_purchase.storage += line.amount;
      result_.cost_by_cause.storage += line.amount;
    }
    const Money writes{costs.per_checkpoint.nano_usd * training_.full() +
                       costs.per_increment.nano_usd * training_.increments()};
    if (writes != Money{}) job_line(BillItem::checkpoint_requests, Duration{0}, {}, writes);
    result_.cost_by_purchase.storage += writes;
    result_.cost_by_cause.storage += writes;
    if (reads_ != Money{}) job_line(BillItem::restore_requests, Duration{0}, {}, reads_);
    result_.cost_by_purchase.storage += reads_;
    result_.cost_by_cause.storage += reads_;
    bill_reservations();
  }

  /// Rule 7: every clock-hour that the job touches is paid, used or not.
  void bill_reservations() {
    if (experiment_.billing.reserved_view == ReservedView::marginal) return;
    Duration touched{0};
    for (Time hour{}; hour < now_; hour += hours{1}) {
      if (hour + hours{1} > start_) touched += hours{1};
    }
    Money paid;
    for (std::uint32_t g = 0; g < mix_.groups.size(); ++g) {
      const Group& group = mix_.groups[g];
      if (group.purchase != Purchase::reserved) continue;
      const int each = weight(g, group.pools[0]);
      const int instances = (group.count + each - 1) / each;
      paid += amount_of(market_.pools[group.pools[0]].reserved_price, instances * touched);
    }
    const Money unused = paid - reserved_used_;
    if (unused == Money{}) return;
    job_line(BillItem::reservation, touched, {}, unused);
    result_.cost_by_purchase.reserved += unused;
    result_.cost_by_cause.unused_commitment += unused;
  }

  BillLine job_line(BillItem item, Duration quantity, HourlyPrice price, Money amount) {
    BillLine line;
    line.item = item;
    line.instance = kWholeJob;
    line.purchase = Purchase::on_demand;
    line.from = start_;
    line.to = now_;
    line.quantity = quantity;
    line.unit_price = price;
    line.amount = amount;
    result_.bill.push_back(line);
    return line;
  }

  // The gang.

  bool active() const { return phase_ != Phase::waiting && phase_ != Phase::assembling; }

  bool gang_grows() {
    const bool news = std::any_of(fleet_.begin(), fleet_.end(), [](const Instance& instance) {
      return instance.state == State::ready && !instance.in_gang;
    });
    if (news) regroup();
    return news;
  }

  static constexpr int kAllUnits = 1'000'000;

  struct Plan {
    bool trains = false;
    const Composition* composition = nullptr;
    std::int64_t speed = 1'000'000'000;
    Duration pause{0};
    bool from_checkpoint = false;
    bool undoes_work = false;
  };

  Duration fresh_start() const {
    const Composition* ready = composition_of(ready_in(kAllUnits));
    const CheckpointTimes times = ready != nullptr ? ready->checkpoint : times_of_mix();
    const Duration read = times.read + training_.saved_increments() * times.read_increment;
    return mix_.recovery.restart + (training_.saved() > Duration{0} ? read : Duration{0});
  }

  Plan plan() {
    switch (mix_.gang.kind) {
      case GangKind::rigid:
        return rigid();
      case GangKind::elastic:
        return elastic();
      case GangKind::redundant_pipelines:
        return redundant_pipelines();
      case GangKind::templates:
        return templates();
    }
    return {};
  }

  /// All or nothing: any loss goes back to the checkpoint.
  Plan rigid() const {
    Plan plan;
    plan.trains = true;
    for (std::uint32_t g = 0; g < mix_.groups.size(); ++g)
      plan.trains = plan.trains && units_of(g, true) >= mix_.groups[g].count;
    if (types_matter()) train_as(composition_of(ready_in(kAllUnits)), plan);
    plan.undoes_work = !lost_.empty();
    plan.from_checkpoint = !active() || !lost_.empty();
    if (plan.from_checkpoint) plan.pause = fresh_start();
    return plan;
  }

  static void train_as(const Composition* composition, Plan& plan) {
    plan.composition = composition;
    plan.trains = plan.trains && can_train(composition);
    if (plan.trains) plan.speed = billionths(composition->speed);
  }

  /// Any multiple from the minimum on: a change of number pauses, and a loss undoes work unless those that
  /// stay hold the state.
  Plan elastic() {
    const int ready = ready_units();
    const int used = ready - ready % mix_.gang.multiple_of;
    Plan plan;
    plan.trains = used > 0 && used >= mix_.gang.min_units;
    if (types_matter()) train_as(composition_of(ready_in(used < ready ? used : kAllUnits)), plan);
    return with_units(used, plan, plan.trains && mix_.gang.survivors_hold_state);
  }

  /// All that are there train, if they fill a pipeline; each that is lost breaks one, and the state is lost
  /// with the last whole one.
  Plan templates() {
    const int ready = ready_units();
    const int broken = static_cast<int>(lost_.size());
    Plan plan;
    plan.trains = ready >= mix_.gang.stages;
    if (types_matter()) train_as(composition_of(ready_in(kAllUnits)), plan);
    return with_units(ready, plan, used_ / mix_.gang.stages > broken);
  }

  /// A gang whose speed follows from the units it uses, and that pauses when they change.
  Plan with_units(int used, Plan plan, bool state_survives) {
    plan.undoes_work = active() && !lost_.empty() && !state_survives;
    if (plan.trains) {
      const std::vector<double>& table = mix_.gang.speed;
      if (!types_matter())
        plan.speed = billionths(table.empty() ? static_cast<double>(used) / wanted_units()
                                              : table[static_cast<std::size_t>(used)]);
      plan.from_checkpoint = !active() || plan.undoes_work;
      if (plan.from_checkpoint)
        plan.pause = fresh_start();
      else if (used != used_ || plan.composition != used_composition_ || !lost_.empty())
        plan.pause = mix_.gang.reconfigure;
      used_composition_ = plan.composition;
    }
    used_ = plan.trains ? used : 0;
    return plan;
  }

  Plan redundant_pipelines() {
    bool fatal = false;
    for (const std::uint32_t number : lost_) fatal = pipelines_.lose(number) || fatal;
    Plan plan;
    plan.undoes_work = state_exists_ && !pipelines_.holds_state();
    for (const Instance& instance : fleet_) {
      if (instance.state == State::ready && !instance.in_gang) pipelines_.add(instance.number);
    }
    if (fatal || !active() || pipelines_.count() == 0) {
      plan.from_checkpoint = plan.undoes_work || !state_exists_;
      plan.pause = mix_.gang.global_rendezvous + (plan.from_checkpoint ? fresh_start() : Duration{0});
      meet();
    } else if (pipelines_.wants_to_meet()) {
      plan.pause = mix_.gang.reconfigure;
      meet();
    }
    plan.trains = pipelines_.count() > 0;
    if (types_matter()) train_as(used_composition_, plan);
    state_exists_ = plan.trains || (state_exists_ && !plan.undoes_work);
    if (plan.trains)
      plan.speed =
          billionths((types_matter() ? used_composition_->speed : mix_.gang.speed[pipelines_.count()]) /
                     (pipelines_.slowed() ? mix_.gang.doubled_slowdown : 1));
    return plan;
  }

  void meet() {
    pipelines_.meet();
    std::vector<Instance> members;
    for (const std::uint32_t number : pipelines_.members()) {
      for (const Instance& instance : fleet_) {
        if (instance.number == number) members.push_back(instance);
      }
    }
    used_composition_ = composition_of(members);
  }

  int wanted_units() const {
    int wanted = 0;
    for (const Group& group : mix_.groups) wanted += group.count;
    return wanted;
  }
  int ready_units() const {
    int ready = 0;
    for (std::uint32_t g = 0; g < mix_.groups.size(); ++g) ready += units_of(g, true);
    return std::min(ready, wanted_units());
  }

  static std::int64_t billionths(double relative) { return static_cast<std::int64_t>(relative * 1e9 + 0.5); }

  /// The gang hears who came and who is gone, and goes on, restarts or stops.
  void regroup() {
    Plan plan = this->plan();
    plan.speed = with_step_error(plan);
    for (Instance& instance : fleet_) instance.in_gang = instance.state == State::ready;
    lost_.clear();
    const bool goes_on = active() && plan.trains && !plan.undoes_work && plan.pause == Duration{0} &&
                         plan.speed == speed_ && plan.composition == composition_;
    if (!goes_on) {
      const bool reads = plan.from_checkpoint && training_.saved() > Duration{0};
      stop_training(plan.undoes_work);
      speed_ = plan.speed;
      if (plan.trains) {
        composition_ = plan.composition;
        times_ = composition_ != nullptr ? composition_->checkpoint : times_of_mix();
        training_.set_times(times_);
        if (reads)
          reads_ += Money{mix_.surroundings.per_restore.nano_usd +
                          training_.saved_increments() * mix_.surroundings.per_restored_increment.nano_usd};
        phase_ = Phase::restoring;
        phase_ends_ = now_ + plan.pause;
        if (plan.pause == Duration{0}) begin_training();
      } else {
        phase_ = complete() ? Phase::assembling : Phase::waiting;
      }
    }
    std::vector<std::pair<Instance, bool>> gone;
    std::swap(gone, gone_);
    for (const auto& [instance, interrupted] : gone) bill(instance, interrupted);
  }

  void stop_training(bool undo) {
    if (!active() && !undo) return;
    if (stopping_) {
      // What the policy wanted must be asked for again.
      stopping_ = false;
      stop_interrupted_ = true;
      ask(now_);
    }
    phase_ = Phase::waiting;
    if (!undo) return training_.pause();
    const Duration lost = training_.lose();
    result_.time.useful -= lost;
    result_.time.lost_work += lost;
  }

  bool all_on_demand() const {
    return complete() && std::none_of(fleet_.begin(), fleet_.end(), [](const Instance& instance) {
             return instance.purchase == Purchase::spot;
           });
  }

  void begin_training() {
    phase_ = Phase::training;
    if (to_the_end_ && all_on_demand()) training_.stop_writing();
    training_.begin(speed_);
  }

  void save() {
    training_.pause();
    phase_ = Phase::saving;
    phase_ends_ = now_ + times_.write + times_.upload;
  }

  bool gang_is_set_up() {
    if ((phase_ != Phase::restoring && phase_ != Phase::saving) || now_ < phase_ends_) return false;
    if (phase_ == Phase::restoring) {
      begin_training();
      return true;
    }
    training_.save();
    if (stopping_) {
      stopping_ = false;
      enact(wanted_after_save_, true);
    }
    if (phase_ == Phase::saving) begin_training();
    return true;
  }

  // Decisions.

  bool asks_at_intervals() const { return mix_.policy.decision_interval > Duration{0}; }

  void ask(Time at) { ask_at_ = std::min(ask_at_, at); }

  /// A fleet that lacks instances tries again at whole multiples of `retry` after the last attempt.
  void try_again() {
    Time at = last_attempt_;
    if (mix_.launch.retry == Duration{0} || last_attempt_ == now_) at = now_;
    while (at < now_) at += mix_.launch.retry;
    ask(at);
  }

  /// What trains if all is bought on demand at the start, and after which pause with nothing to read.
  Plan on_demand() {
    bool all = true;
    for (std::uint32_t g = 0; g < mix_.groups.size(); ++g) {
      const Purchase purchase = bought(g, Choice::on_demand);
      while (all && !met(g)) {
        const std::optional<std::uint32_t> pool = best_pool(g, purchase);
        all = pool.has_value();
        if (pool) launch(g, purchase, *pool);
      }
    }
    for (Instance& instance : fleet_) instance.state = State::ready;
    on_demand_times_ = times_of_mix();
    if (const Composition* ready = composition_of(fleet_)) on_demand_times_ = ready->checkpoint;
    const Plan plan = all ? this->plan() : Plan{};
    fleet_.clear();
    launched_ = 0;
    pipelines_ = Pipelines(mix_.gang);
    state_exists_ = false;
    used_ = 0;
    used_composition_ = nullptr;
    return plan;
  }

  /// Training time on demand that is not too short for this work; policies reckon in it.
  Duration time_on_demand(Duration work) const {
    const Wide billions = static_cast<Wide>(work.count()) * 1'000'000'000;
    Duration time{static_cast<std::int64_t>(billions / on_demand_speed_)};
    while (static_cast<Wide>(time.count()) * on_demand_speed_ < billions) time += Duration{1};
    return time;
  }

  static Duration times(Duration time, double factor) {
    return factor == 1 ? time : Duration{std::llround(static_cast<double>(time.count()) * factor)};
  }

  /// How much longer a step takes if its logarithm is off by so many standard deviations.
  static double factor_of(const StepErrorSpec& error, double deviations) {
    return error.sigma == 0 ? 1 : std::min(error.most, reproducible_exp(error.sigma * deviations));
  }

  double drawn_factor(const StepErrorSpec& error) const {
    RandomStream random(experiment_.seed, 0, entity_of(error.stream), Purpose::step_error);
    return factor_of(error, standard_normal(random));
  }

  /// Work is counted in the drawn step time of what on demand buys: how often others fit in it.
  std::int64_t with_step_error(const Plan& plan) const {
    if (plan.composition == nullptr) return plan.speed;
    const double factor = drawn_factor(plan.composition->step_error);
    if (factor == step_factor_) return plan.speed;
    return billionths(static_cast<double>(plan.speed) * 1e-9 * step_factor_ / factor);
  }

  void draw_step_time() {
    step_factor_ = drawn_factor(step_error_);
    planned_factor_ = factor_of(step_error_, 2);
    step_is_known_ = step_error_.sigma == 0;
    training_ = Training(times(mix_.work, step_factor_), checkpoint_);
    job_.work = time_on_demand(times(mix_.work, planned_factor_));
  }

  /// The policy has seen steps for one checkpoint interval.
  void learn_step_time() {
    const Duration enough = std::max(job_.checkpoint_interval, Duration{1});
    if (step_is_known_ || training_.done() < enough) return;
    step_is_known_ = true;
    job_.work = time_on_demand(times(mix_.work, step_factor_));
    job_.relearned = step_factor_ / planned_factor_;
  }

  Duration as_reckoned(Duration work) const {
    return step_is_known_ ? work : times(work, planned_factor_ / step_factor_);
  }

  Job facts() {
    const bool reckons_with_it = types_matter() || mix_.policy.guarantee_deadline;
    const Plan plan = reckons_with_it ? on_demand() : Plan{};
    const CheckpointTimes times = plan.trains ? on_demand_times_ : times_of_mix();
    if (plan.trains) on_demand_speed_ = plan.speed;
    step_error_ = plan.composition != nullptr && plan.trains ? plan.composition->step_error : mix_.step_error;
    const Duration read = times.read + (checkpoint_.full_every - 1) * times.read_increment;
    const bool periodic = checkpoint_.kind == CheckpointSpec::Kind::interval;
    Job job;
    job.jump =
        mix_.launch.pending + mix_.launch.boot + read + (plan.trains ? plan.pause : mix_.recovery.restart);
    const Duration regrouped = mix_.launch.pending + mix_.launch.boot + mix_.gang.reconfigure;
    if (plan.trains) job.jump = std::max(job.jump, regrouped);
    if (plan.trains && (periodic || checkpoint_.on_notice)) job.save = times.write + times.upload;
    job.keeps_work = checkpoint_.kind != CheckpointSpec::Kind::none;
    job.loses_nothing = checkpoint_.kind == CheckpointSpec::Kind::continuous && !checkpoint_.on_notice;
    if (experiment_.complete_on_decision) job.unnoticed = mix_.policy.decision_interval;
    job.deadline = experiment_.deadline.value_or(Duration{0});
    job.decision_interval = mix_.policy.decision_interval;
    job.restart = mix_.launch.pending + mix_.launch.boot + mix_.recovery.restart + read;
    if (periodic) {
      job.checkpoint_interval = checkpoint_.interval;
      job.checkpoint_write = times.write;
    }
    return job;
  }

  Duration spot_before_deadline() const {
    Duration sum{0};
    if (!asks_at_intervals()) return sum;
    for (Duration t{0}; t < job_.deadline; t += job_.decision_interval) {
      if (fits_as_spot(start_ + t)) sum += job_.decision_interval;
    }
    return sum;
  }

  /// Whether all groups but the reserved ones could run as spot, each filling its pools in their order.
  bool fits_as_spot(Time t) const {
    std::vector<int> room;
    for (std::uint32_t pool = 0; pool < market_.pools.size(); ++pool)
      room.push_back(tables_.capacity(pool, t));
    std::vector<int> vcpus;
    for (const Quota& quota : market_.quotas) vcpus.push_back(quota.spot_vcpus);
    std::vector<Instance> taken;
    for (std::uint32_t g = 0; g < mix_.groups.size(); ++g) {
      if (mix_.groups[g].purchase == Purchase::reserved) continue;
      int missing = mix_.groups[g].count;
      for (const std::uint32_t pool : mix_.groups[g].pools) {
        if (!sells_spot(pool) || too_dear(g, pool, t)) continue;
        const Pool& traded = market_.pools[pool];
        const bool limited = traded.quota != Pool::kNoQuota && traded.vcpus > 0;
        while (missing > 0 && room[pool] > 0 && (!limited || vcpus[traded.quota] >= traded.vcpus) &&
               is_of_use(taken, g, pool)) {
          taken.push_back(in_thought(g, pool));
          missing -= weight(g, pool);
          --room[pool];
          if (limited) vcpus[traded.quota] -= traded.vcpus;
        }
      }
      if (missing > 0) return false;
    }
    return true;
  }

  Observation look() const {
    Observation seen;
    seen.elapsed = now_ - start_;
    seen.done = time_on_demand(as_reckoned(training_.done()));
    seen.saved = time_on_demand(as_reckoned(training_.saved()));
    seen.spot_available = fits_as_spot(now_);
    seen.keeps_pace = speed_ >= on_demand_speed_;
    if (phase_ == Phase::restoring) seen.restart_left = phase_ends_ - now_;
    if (phase_ == Phase::assembling) seen.restart_left = job_.restart;
    int spot = 0;
    for (const Instance& instance : fleet_) spot += instance.purchase == Purchase::spot ? 1 : 0;
    if (complete()) {
      const bool all = spot == static_cast<int>(fleet_.size());
      seen.running = all ? Running::spot : spot == 0 ? Running::on_demand : Running::mixed;
    }
    for (std::uint32_t g = 0; g < mix_.groups.size(); ++g) {
      if (!met(g)) seen.missing_for = std::max(seen.missing_for, now_ - short_since_[g]);
    }
    return seen;
  }

  bool policy_decides() {
    if (now_ < ask_at_) return false;
    ask_at_ = kNever;
    if (asks_at_intervals()) {
      if (polled() && training_.complete()) {
        end(true);
        return true;
      }
      Time next = start_;
      while (next <= now_) next += job_.decision_interval;
      ask(next);
    }
    if (stopping_) {
      // The checkpoint comes first; what is missing can be launched in the meantime.
      if (wanted_after_save_ == Choice::configured) fill(Choice::configured);
      return true;
    }
    learn_step_time();
    const Observation seen = look();
    Decision decision = decide_(seen);
    if (mix_.policy.guarantee_deadline) decision = guaranteed(job_, seen, decision, to_the_end_);
    if (decision.to_the_end && !to_the_end_) {
      to_the_end_ = true;
      if (phase_ == Phase::training && all_on_demand()) training_.stop_writing();
    }
    apply(decision.choice);
    if (!asks_at_intervals() && decision.ask_again_after != kForever) ask(now_ + decision.ask_again_after);
    return true;
  }

  void apply(Choice choice) {
    const bool as_before = choice == current_ && !stop_interrupted_;
    current_ = choice;
    stop_interrupted_ = false;
    if (as_before && (choice == Choice::wait ? fleet_.empty() : complete())) return;
    enact(choice, false);
  }

  Purchase bought(std::uint32_t g, Choice choice) const {
    const Purchase configured = mix_.groups[g].purchase;
    if (configured == Purchase::reserved || choice == Choice::configured) return configured;
    return choice == Choice::spot ? Purchase::spot : Purchase::on_demand;
  }

  bool unwanted(const Instance& instance, Choice choice) const {
    if (choice == Choice::wait) return true;
    if (choice == Choice::configured || choice == Choice::fill_on_demand) return false;
    return instance.purchase != bought(instance.group, choice);
  }

  /// Lets go what the choice does not want, after a checkpoint of what would be lost, then launches what it
  /// lacks.
  void enact(Choice choice, bool saved) {
    std::vector<std::uint32_t> going;
    for (const Instance& instance : by_place()) {
      if (unwanted(instance, choice)) going.push_back(instance.number);
    }
    if (!going.empty() && !saved) {
      const bool unsaved =
          phase_ == Phase::training || (phase_ == Phase::restoring && training_.done() > training_.saved());
      const bool saves = unsaved && checkpoint_.kind == CheckpointSpec::Kind::interval;
      if (saves) save();
      if (phase_ == Phase::saving) {
        stopping_ = true;
        wanted_after_save_ = choice;
        return;
      }
    }
    for (const std::uint32_t number : going) leave(number, false);
    if (!going.empty()) regroup();
    fill(choice);
  }

  void fill(Choice choice) {
    if (choice == Choice::wait || complete()) return;
    last_attempt_ = now_;
    for (std::uint32_t g = 0; g < mix_.groups.size(); ++g) {
      const Purchase purchase = bought(g, choice);
      if (mix_.groups[g].launch_together && !all_could_start(g, purchase)) continue;
      while (!met(g)) {
        const std::optional<std::uint32_t> pool = best_pool(g, purchase);
        if (!pool) break;
        launch(g, purchase, *pool);
      }
    }
    if (complete() && phase_ == Phase::waiting) phase_ = Phase::assembling;
  }

  /// Rule 17: a launch group starts only when all that it lacks can start.
  bool all_could_start(std::uint32_t g, Purchase purchase) {
    const std::vector<Instance> before = fleet_;
    for (const std::uint32_t pool : mix_.groups[g].pools) {
      const bool only_first = purchase == Purchase::reserved && pool != mix_.groups[g].pools[0];
      while (!only_first && !met(g) && room_in(g, pool, purchase) > 0 && is_of_use(fleet_, g, pool)) {
        Instance trial = in_thought(g, pool);
        trial.purchase = purchase;
        fleet_.push_back(trial);
      }
    }
    const bool all = met(g);
    fleet_ = before;
    return all;
  }

  /// Instances that the pool would start for this group besides those it holds.
  int room_in(std::uint32_t g, std::uint32_t pool, Purchase purchase) const {
    const Pool& traded = market_.pools[pool];
    const bool spot = purchase == Purchase::spot;
    int room = kAsManyAsAsked;
    if (spot && (!sells_spot(pool) || too_dear(g, pool, now_))) return 0;
    if (purchase == Purchase::on_demand && !sells_on_demand(pool)) return 0;
    if (spot) room = tables_.capacity(pool, now_);
    for (const Instance& instance : fleet_) {
      if (spot && instance.pool == pool && instance.purchase == Purchase::spot && room != kAsManyAsAsked)
        --room;
    }
    if (traded.quota == Pool::kNoQuota || traded.vcpus <= 0) return room;
    const Quota& quota = market_.quotas[traded.quota];
    int vcpus = spot ? quota.spot_vcpus : quota.on_demand_vcpus;
    for (const Instance& instance : fleet_) {
      const Pool& other = market_.pools[instance.pool];
      if ((instance.purchase == Purchase::spot) == spot && other.quota == traded.quota) vcpus -= other.vcpus;
    }
    return std::min(room, std::max(0, vcpus / traded.vcpus));
  }

  /// Rule 16: where the group's next instance goes.
  std::optional<std::uint32_t> best_pool(std::uint32_t g, Purchase purchase) {
    const Group& group = mix_.groups[g];
    std::optional<std::uint32_t> best;
    for (const std::uint32_t pool : group.pools) {
      if (room_in(g, pool, purchase) <= 0) continue;
      if (purchase != Purchase::reserved && !is_of_use(fleet_, g, pool)) continue;
      if (purchase == Purchase::reserved && pool != group.pools[0]) continue;
      if (purchase == Purchase::spot && skipped(g, pool, now_)) continue;
      if (!best || better(g, purchase, pool, *best)) best = pool;
    }
    return best;
  }

  bool better(std::uint32_t g, Purchase purchase, std::uint32_t a, std::uint32_t b) {
    const Allocation allocation = mix_.groups[g].allocation;
    const bool spot = purchase == Purchase::spot;
    const auto price = [&](std::uint32_t pool) {
      const HourlyPrice whole = spot ? tables_.spot(pool, now_) : tables_.on_demand(pool, now_);
      return whole.nano_usd_per_h / weight(g, pool);
    };
    const bool cheaper = price(a) < price(b);
    if (allocation == Allocation::prioritized) return false;
    if (!spot || allocation == Allocation::lowest_price) return cheaper;
    if (allocation == Allocation::diversified) {
      const std::size_t held_a = spot_in(a).size();
      const std::size_t held_b = spot_in(b).size();
      return held_a != held_b ? held_a < held_b : cheaper;
    }
    const int left_a = room_in(g, a, purchase);
    const int left_b = room_in(g, b, purchase);
    if (left_a != left_b) return left_a > left_b;
    return allocation == Allocation::price_capacity_optimized && cheaper;
  }

  void launch(std::uint32_t g, Purchase purchase, std::uint32_t pool) {
    Instance instance = in_thought(g, pool);
    instance.number = launched_++;
    instance.purchase = purchase;
    instance.requested = now_;
    const auto taken = [&] {
      return std::any_of(fleet_.begin(), fleet_.end(), [&](const Instance& other) {
        return other.group == g && other.place == instance.place;
      });
    };
    while (taken()) ++instance.place;
    fleet_.push_back(instance);
  }

  const Experiment& experiment_;
  const Market& market_;
  const Mix& mix_;
  const CheckpointSpec& checkpoint_;
  Duration tick_;
  Time start_;
  Time end_;
  Tables tables_;
  CheckpointTimes times_;      ///< Of the gang that trains.
  StepErrorSpec step_error_;   ///< Of what on demand buys.
  double step_factor_ = 1;     ///< How much longer its steps take.
  double planned_factor_ = 1;  ///< What the policy reckons with until it has seen some.
  bool step_is_known_ = true;
  Training training_;
  Job job_;
  Time now_;
  std::vector<Time> short_since_;  ///< for each group, when it last became short of units
  std::vector<Time> looked_at_;    ///< for each pool, its last change that was dealt with
  Time last_attempt_;              ///< to launch what is missing
  Decide decide_;
  std::vector<Instance> fleet_;
  std::vector<std::pair<Instance, bool>> gone_;  ///< and whether the provider took them; not billed yet
  std::vector<std::uint32_t> lost_;              ///< those of them that the gang had, by number
  Phase phase_ = Phase::waiting;
  Time phase_ends_{};
  std::int64_t speed_ = 1'000'000'000;
  int used_ = 0;                                   ///< units that the gang uses, where it may use fewer
  const Composition* used_composition_ = nullptr;  ///< and what they are, where that matters
  const Composition* composition_ = nullptr;       ///< that trains
  std::int64_t on_demand_speed_ = 1'000'000'000;   ///< of what on demand buys
  CheckpointTimes on_demand_times_;
  bool to_the_end_ = false;  ///< on demand, whatever comes
  Pipelines pipelines_;
  bool state_exists_ = false;  ///< with pipelines: what was trained is held by some instance
  Time ask_at_ = kNever;
  Choice current_ = Choice::wait;
  bool stopping_ = false;  ///< a checkpoint is being written before what the policy wants is done
  Choice wanted_after_save_ = Choice::wait;
  bool stop_interrupted_ = false;
  std::uint32_t launched_ = 0;
  Money reserved_used_;
  Money reads_;
  bool over_ = false;
  Result result_;
};

}  // namespace spotmix::sim::naive
