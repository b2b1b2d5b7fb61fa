#include "sim/replay/ledger.h"

#include <cassert>

#include "sim/replay/job_draws.h"

namespace spotmix::sim {
namespace {

/// A managed service's fee is by the second whatever the instance's own rules are (docs/rules.md 10).
constexpr BillingRules kServiceFeeRules{};

/// The whole clock-hours that [from, to) touches: a reservation is billed by the clock (docs/rules.md 7).
Duration clock_hours(Time from, Time to) {
  return round_up(to - std::chrono::floor<hours>(from), hours{1});
}

}  // namespace

Ledger::Ledger(const Market& market, const BillingRules& rules, const Mix& mix, std::uint32_t slots)
    : market_(&market), rules_(&rules), mix_(&mix), opened_(slots) {
  for (const Pool& pool : market.pools) {
    spot_price_.emplace_back(pool.spot_price);
    on_demand_price_.emplace_back(pool.on_demand_price);
  }
}

void Ledger::rewind_market() {
  for (auto& cursor : spot_price_) cursor.rewind();
  for (auto& cursor : on_demand_price_) cursor.rewind();
}

void Ledger::reset(Time start, double step_factor) {
  step_factor_ = step_factor;
  time_ = CauseTime{};
  booked_until_ = start;
  cost_ = reservations_ = reserved_used_ = Money{};
  cost_by_purchase_ = {};
  cost_by_cause_ = {};
  useful_instance_time_ = instance_time_ = boundary_time_ = cut_time_ = Duration{0};
  region_traffic_ = restore_requests_ = restore_transfer_ = Money{};
  fingerprint_ = Fingerprint{};
}

Money Ledger::close(std::uint32_t s, const Slot& slot, std::uint32_t market_pool, const Usage& usage) {
  assert(usage.from <= usage.to && booked_until_ == usage.to);
  const auto record = [&](BillItem item, const Charge& line) {
    if (!record_) return;
    record_->bill.push_back({slot.instance, market_pool, slot.purchase, line.from, line.to, line.quantity,
                             line.unit_price, line.amount, item});
  };
  const auto sink = [&](const Charge& line) { record(BillItem::instance, line); };
  const Pool& pool = market_->pools[market_pool];
  Money amount;
  if (slot.purchase == Purchase::spot) {
    amount = bill_spot(*rules_, spot_price_[market_pool], pool.surcharge, usage, sink);
    cost_by_purchase_.spot += amount;
  } else if (slot.purchase == Purchase::on_demand) {
    amount = bill_on_demand(*rules_, on_demand_price_[market_pool], pool.surcharge, usage, sink);
    cost_by_purchase_.on_demand += amount;
  } else if (rules_->reserved_view == ReservedView::amortised) {
    amount = charge(pool.reserved_price, usage.to - usage.from);
    sink(Charge{usage.from, usage.to, usage.to - usage.from, pool.reserved_price, amount});
    cost_by_purchase_.reserved += amount;
    reserved_used_ += amount;
  }
  const CauseTime spent = time_ - opened_[s];
  add_by_cause(cost_by_cause_, amount, spent);
  const Duration used = usage.to - usage.from;
  if (pool.service_fee.nano_usd_per_h != 0) {
    const Duration quantity = used + detail::rounding(kServiceFeeRules, used);
    const Money fee = charge(pool.service_fee, quantity);
    record(BillItem::service_fee, {usage.from, usage.to, quantity, pool.service_fee, fee});
    cost_by_purchase_.service_fee += fee;
    cost_by_cause_.service_fee += fee;
    amount += fee;
  }
  if (mix_->surroundings.volume_per_instance.nano_usd_per_h != 0) {
    const HourlyPrice price = mix_->surroundings.volume_per_instance;
    const Money volume = charge(price, used);
    record(BillItem::volume, {usage.from, usage.to, used, price, volume});
    cost_by_purchase_.storage += volume;
    cost_by_cause_.storage += volume;
    amount += volume;
  }
  cost_ += amount;
  useful_instance_time_ += std::max(Duration{0}, spent.useful);
  instance_time_ += used;
  return amount;
}

void Ledger::line(BillItem item, Time from, Time to, HourlyPrice price, Duration quantity, Money amount) {
  if (!record_) return;
  record_->bill.push_back({kWholeJob, 0, Purchase::on_demand, from, to, quantity, price, amount, item});
}

void Ledger::charge_job(Money amount, Money CostByPurchase<Money>::*way, Money CauseCost::*cause) {
  cost_ += amount;
  cost_by_purchase_.*way += amount;
  cost_by_cause_.*cause += amount;
}

void Ledger::close_reservations(Time start, Time end) {
  const Duration committed = clock_hours(start, end);
  for (const Group& group : mix_->groups) {
    if (group.purchase != Purchase::reserved) continue;
    const int weight = group.weights.empty() ? 1 : group.weights.front();
    const int count = (group.count + weight - 1) / weight;
    reservations_ += charge(market_->pools[group.pools.front()].reserved_price, count * committed);
  }
  const Money unused = reservations_ - reserved_used_;
  if (rules_->reserved_view == ReservedView::marginal || unused == Money{}) return;
  line(BillItem::reservation, start, end, {}, committed, unused);
  charge_job(unused, &CostByPurchase<Money>::reserved, &CauseCost::unused_commitment);
}

/// Traffic follows the steps: it is that of the time in which the whole gang would take as many.
void Ledger::book_traffic(Duration training, const Crossings& crossings) {
  const auto stepping = [&](std::int64_t per_billion) {
    __extension__ using Wide = __int128;
    const Wide steps = static_cast<Wide>(training.count()) * per_billion;
    return scaled(Duration{static_cast<std::int64_t>(steps / 1'000'000'000)}, 1 / step_factor_);
  };
  const Duration ring = stepping(crossings.ring_per_billion);
  const Duration cut = stepping(crossings.cut_per_billion);
  boundary_time_ += crossings.zone_boundaries * ring;
  cut_time_ += crossings.zone_cuts * cut;
  if (ring == cut) {
    region_traffic_ += charge(crossings.region_ring + crossings.region_cut, ring);
  } else {
    region_traffic_ += charge(crossings.region_ring, ring) + charge(crossings.region_cut, cut);
  }
}

void Ledger::close_traffic(Time start, Time end) {
  const auto charge_for = [&](BillItem item, HourlyPrice price, Duration quantity, Money amount) {
    if (amount == Money{}) return;
    line(item, start, end, price, quantity, amount);
    charge_job(amount, &CostByPurchase<Money>::transfer, &CauseCost::transfer);
  };
  const SurroundingCosts& costs = mix_->surroundings;
  charge_for(BillItem::restore_transfer, {}, Duration{0}, restore_transfer_);
  charge_for(BillItem::cross_zone_transfer, costs.cross_zone_per_boundary, boundary_time_,
             charge(costs.cross_zone_per_boundary, boundary_time_));
  charge_for(BillItem::cross_zone_transfer, costs.cross_zone_per_cut, cut_time_,
             charge(costs.cross_zone_per_cut, cut_time_));
  charge_for(BillItem::cross_region_transfer, {}, Duration{0}, region_traffic_);
}

void Ledger::close_storage(Time start, Time end, Progress::Writes checkpoints) {
  const auto charge_for = [&](BillItem item, HourlyPrice price, Duration quantity, Money amount) {
    if (amount == Money{} && price == HourlyPrice{}) return;
    line(item, start, end, price, quantity, amount);
    charge_job(amount, &CostByPurchase<Money>::storage, &CauseCost::storage);
  };
  const SurroundingCosts& costs = mix_->surroundings;
  charge_for(BillItem::storage, costs.storage, end - start, charge(costs.storage, end - start));
  const Money requests{costs.per_checkpoint.nano_usd * checkpoints.full +
                       costs.per_increment.nano_usd * checkpoints.increments};
  charge_for(BillItem::checkpoint_requests, {}, Duration{0}, requests);
  charge_for(BillItem::restore_requests, {}, Duration{0}, restore_requests_);
}

void Ledger::close_job(Time start, Time end, Progress::Writes checkpoints) {
  close_reservations(start, end);
  close_storage(start, end, checkpoints);
  close_traffic(start, end);
}

double Ledger::goodput() const {
  if (instance_time_.count() == 0) return 0;
  return static_cast<double>(useful_instance_time_.count()) / static_cast<double>(instance_time_.count());
}

}  // namespace spotmix::sim
