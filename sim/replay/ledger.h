// The books of one replication: what time went into what, what each instance cost, and the story if it is
// wanted.
//
// Time is booked to causes for the job as a whole. An instance's price is split by how the job's time was
// spent while it ran: its share of each cause is the growth of the job's books between its start and its end.
// Work undone by an interruption moves from useful to lost_work before the bills of that moment are written,
// so that it falls on the instances that did it.
#pragma once

#include <cassert>
#include <vector>

#include "base/events/fingerprint.h"
#include "sim/billing/causes.h"
#include "sim/billing/meter.h"
#include "sim/fleet/crossings.h"
#include "sim/fleet/fleet.h"
#include "sim/replay/timeline.h"
#include "sim/training/progress.h"

namespace spotmix::sim {

class Ledger {
 public:
  /// All arguments must outlive the ledger.
  Ledger(const Market& market, const BillingRules& rules, const Mix& mix, std::uint32_t slots);

  /// To be called after the market's series have changed.
  void rewind_market();

  /// `step_factor`: how long a step takes over the mix's own; traffic comes less often with longer steps.
  void reset(Time start, double step_factor = 1);

  /// Books the time since the last booking to one cause.
  void book(Time now, Duration CauseTime::*cause) {
    assert(now >= booked_until_);
    time_.*cause += now - booked_until_;
    booked_until_ = now;
  }
  /// Books the time since the last booking as training: some of it training proper, some writing checkpoints;
  /// what is left was spent waiting for the completed job to be noticed. Traffic between zones is charged for
  /// the steps taken.
  void book_training(Time now, Progress::Spent spent, const Crossings& crossings) {
    assert(now - booked_until_ >= spent.training + spent.writing);
    time_.useful += spent.training;
    time_.checkpoint += spent.writing;
    time_.waiting += now - booked_until_ - spent.training - spent.writing;
    if (crossings.zone_boundaries > 0 || crossings.zone_cuts > 0 || crossings.between_regions())
      book_traffic(spent.training, crossings);
    booked_until_ = now;
  }
  /// A checkpoint is read back.
  void book_restore(Money requests, Money transfer) {
    restore_requests_ += requests;
    restore_transfer_ += transfer;
  }
  /// Work booked as useful turns out to be lost.
  void book_loss(Duration lost) {
    time_.useful -= lost;
    time_.lost_work += lost;
  }

  /// The instance in slot `s` starts to be billed; the time until now must be booked.
  void open(std::uint32_t s) { opened_[s] = time_; }
  /// Its use ended; the time until then must be booked. Returns what it cost.
  Money close(std::uint32_t s, const Slot& slot, std::uint32_t market_pool, const Usage& usage);

  /// The job is over and every instance closed: writes what is paid for the job as a whole.
  void close_job(Time start, Time end, Progress::Writes checkpoints);

  /// Adds an event to the fingerprint and, when recording, to the story.
  void note(Time at, TimelineKind kind, std::uint32_t instance = kNoInstance, std::uint32_t pool = 0,
            Purchase purchase = Purchase::spot, Duration progress = Duration{0}, Money cost = Money{}) {
    fingerprint_.add(ticks_of(at), static_cast<std::uint32_t>(kind), instance,
                     (cost_.nano_usd + kNanoUsdPerCent / 2) / kNanoUsdPerCent);
    if (record_) record_->timeline.push_back({at, kind, instance, pool, purchase, progress, cost});
  }
  /// Adds an event to the story only: something that follows from events already noted.
  void tell(const TimelineEvent& event) {
    if (record_) record_->timeline.push_back(event);
  }
  bool recording() const { return record_ != nullptr; }
  void record_into(ReplicationRecord* record) { record_ = record; }

  Money cost() const { return cost_; }
  const CostByPurchase<Money>& cost_by_purchase() const { return cost_by_purchase_; }
  const CauseCost& cost_by_cause() const { return cost_by_cause_; }
  const CauseTime& time() const { return time_; }
  /// What the reservations of the job's clock-hours come to, amortised; charged in that view alone
  /// (docs/rules.md 7).
  Money reservations() const { return reservations_; }
  /// Useful ÷ billed instance time; 0 when nothing was billed.
  double goodput() const;
  std::uint64_t fingerprint() const { return fingerprint_.value(); }

 private:
  static constexpr std::int64_t kNanoUsdPerCent = 10'000'000;

  void book_traffic(Duration training, const Crossings& crossings);
  void close_traffic(Time start, Time end);
  void close_storage(Time start, Time end, Progress::Writes checkpoints);
  void charge_job(Money amount, Money CostByPurchase<Money>::*way, Money CauseCost::*cause);
  void line(BillItem item, Time from, Time to, HourlyPrice price, Duration quantity, Money amount);
  void close_reservations(Time start, Time end);

  const Market* market_;
  const BillingRules* rules_;
  const Mix* mix_;
  std::vector<SeriesCursor<HourlyPrice>> spot_price_;
  std::vector<SeriesCursor<HourlyPrice>> on_demand_price_;
  std::vector<CauseTime> opened_;
  CauseTime time_;
  Time booked_until_{};
  double step_factor_ = 1;
  Money cost_;
  CostByPurchase<Money> cost_by_purchase_;
  CauseCost cost_by_cause_;
  Money reservations_;
  Money reserved_used_;        ///< of the reservations' cost, what falls on running instances
  Duration boundary_time_{0};  ///< training time at the whole gang's speed × boundaries between zones
  Duration cut_time_{0};       ///< the same × cuts between zones
  Money region_traffic_;
  Money restore_requests_;
  Money restore_transfer_;
  Duration useful_instance_time_{0};
  Duration instance_time_{0};
  Fingerprint fingerprint_;
  ReplicationRecord* record_ = nullptr;
};

}  // namespace spotmix::sim
