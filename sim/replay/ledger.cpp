#include "sim/replay/ledger.h"

namespace spotmix::sim {

Ledger::Ledger(const Market& market, const BillingRules& rules, std::uint32_t slots)
    : rules_(&rules), opened_(slots) {
  for (const Pool& pool : market.pools) {
    spot_price_.emplace_back(pool.spot_price);
    on_demand_price_.emplace_back(pool.on_demand_price);
  }
}

void Ledger::reset(Time start) {
  time_ = CauseTime{};
  booked_until_ = start;
  cost_ = Money{};
  cost_by_purchase_ = {};
  cost_by_cause_ = {};
  useful_instance_time_ = instance_time_ = Duration{0};
  fingerprint_ = Fingerprint{};
}

Money Ledger::close(std::uint32_t s, const Slot& slot, std::uint32_t market_pool, const Usage& usage) {
  const auto sink = [&](const Charge& line) {
    if (!record_) return;
    record_->bill.push_back({slot.instance, market_pool, slot.purchase, line.from, line.to, line.quantity,
                             line.unit_price, line.amount});
  };
  Money amount;
  if (slot.purchase == Purchase::spot) {
    amount = bill_spot(*rules_, spot_price_[market_pool], usage, sink);
    cost_by_purchase_.spot += amount;
  } else {
    amount = bill_on_demand(*rules_, on_demand_price_[market_pool], usage, sink);
    cost_by_purchase_.on_demand += amount;
  }
  const CauseTime spent = time_ - opened_[s];
  add_by_cause(cost_by_cause_, amount, spent);
  cost_ += amount;
  useful_instance_time_ += spent.useful;
  instance_time_ += usage.to - usage.from;
  return amount;
}

double Ledger::goodput() const {
  if (instance_time_.count() == 0) return 0;
  return static_cast<double>(useful_instance_time_.count()) / static_cast<double>(instance_time_.count());
}

}  // namespace spotmix::sim
