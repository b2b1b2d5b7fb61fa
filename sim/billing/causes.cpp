#include "sim/billing/causes.h"

#include <algorithm>

namespace spotmix::sim {

void add_by_cause(CauseCost& cost, Money amount, const CauseTime& time) {
  // An instance that joined late may be charged with the loss of work that others did before: no part is
  // below zero.
  const auto weight = [](Duration spent) { return std::max<std::int64_t>(0, spent.count()); };
  const std::int64_t whole = weight(time.useful) + weight(time.lost_work) + weight(time.checkpoint) +
                             weight(time.startup) + weight(time.waiting);
  Money rest = amount;
  Money* largest = &cost.waiting;
  std::int64_t most = 0;
  const auto give = [&](Money& part, Duration spent) {
    if (weight(spent) == 0) return;
    __extension__ using Wide = __int128;
    const Money share{static_cast<std::int64_t>(static_cast<Wide>(amount.nano_usd) * weight(spent) / whole)};
    part += share;
    rest -= share;
    if (weight(spent) > most) {
      most = weight(spent);
      largest = &part;
    }
  };
  give(cost.useful, time.useful);
  give(cost.lost_work, time.lost_work);
  give(cost.checkpoint, time.checkpoint);
  give(cost.startup, time.startup);
  give(cost.waiting, time.waiting);
  *largest += rest;
}

}  // namespace spotmix::sim
