#include "sim/billing/causes.h"

namespace spotmix::sim {

void add_by_cause(CauseCost& cost, Money amount, const CauseTime& time) {
  const std::int64_t whole = total(time).count();
  Money rest = amount;
  const auto give = [&](Money& part, Duration spent) {
    if (spent.count() == 0) return;
    __extension__ using Wide = __int128;
    const Money share{static_cast<std::int64_t>(static_cast<Wide>(amount.nano_usd) * spent.count() / whole)};
    part += share;
    rest -= share;
  };
  give(cost.useful, time.useful);
  give(cost.lost_work, time.lost_work);
  give(cost.checkpoint, time.checkpoint);
  give(cost.startup, time.startup);
  cost.waiting += rest;
}

}  // namespace spotmix::sim
