// Splits a cost by what its time was spent on.
#pragma once

#include "sim/billing/bill.h"

namespace spotmix::sim {

using CauseTime = ByCause<Duration>;
using CauseCost = CostByCause<Money>;

inline CauseTime operator-(const CauseTime& a, const CauseTime& b) {
  return {a.useful - b.useful,   a.lost_work - b.lost_work, a.checkpoint - b.checkpoint,
          a.startup - b.startup, a.waiting - b.waiting,     a.unused_commitment - b.unused_commitment};
}

inline Duration total(const CauseTime& t) {
  return t.useful + t.lost_work + t.checkpoint + t.startup + t.waiting + t.unused_commitment;
}

inline Money total(const CauseCost& c) {
  return c.useful + c.lost_work + c.checkpoint + c.startup + c.waiting + c.unused_commitment + c.transfer +
         c.storage + c.service_fee;
}

/// Adds `amount` to `cost`, in proportion to `time`; what rounding leaves goes to the largest part, so
/// that they sum to the whole. A use of no time at all is waiting.
void add_by_cause(CauseCost& cost, Money amount, const CauseTime& time);

}  // namespace spotmix::sim
