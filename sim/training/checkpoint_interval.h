// The training time between checkpoints that loses least, by the published approximations.
//
// Both assume that interruptions come at a constant rate, that a write pauses training for the same time
// whenever it happens, and that the whole gang loses what it did since the last checkpoint.
#pragma once

#include "base/units/time.h"

namespace spotmix::sim {

/// √(2·write·mean): Young, "A First Order Approximation to the Optimum Checkpoint Interval", CACM 17(9),
/// 1974. `mean_between` interruptions; both positive.
Duration young_interval(Duration write, Duration mean_between);

/// √(2·write·mean)·(1 + ⅓·√(write ÷ 2·mean) + ⅑·(write ÷ 2·mean)) − write, or `mean_between` where a write
/// takes twice that or longer: Daly, "A higher order estimate of the optimum checkpoint interval for restart
/// dumps", FGCS 22(3), 2006, equation 37.
Duration daly_interval(Duration write, Duration mean_between);

}  // namespace spotmix::sim
