// A bill: lines whose amounts sum to the cost, to the nano-dollar, and the ways a cost is split.
#pragma once

#include <cstdint>

#include "base/enums/enums.h"
#include "base/units/money.h"
#include "base/units/time.h"
#include "sim/fleet/mix.h"

namespace spotmix::sim {

/// What a line charges for.
enum class BillItem : std::uint8_t {
  instance,
  service_fee,
  volume,
  reservation,  ///< what a reservation costs beyond its instances' use
  storage,
  checkpoint_requests,
  cross_zone_transfer,
  cross_region_transfer,
  restore_requests,
  restore_transfer,  ///< of checkpoints read in another region than they are in
};
constexpr auto enum_names(BillItem) {
  using enum BillItem;
  return enum_table<BillItem>({{instance, "instance"},
                               {service_fee, "service_fee"},
                               {volume, "volume"},
                               {reservation, "reservation"},
                               {storage, "storage"},
                               {checkpoint_requests, "checkpoint_requests"},
                               {cross_zone_transfer, "cross_zone_transfer"},
                               {cross_region_transfer, "cross_region_transfer"},
                               {restore_requests, "restore_requests"},
                               {restore_transfer, "restore_transfer"}});
}

inline constexpr std::uint32_t kWholeJob = 0xffffffff;

/// One line: `quantity` of use at one unit price.
struct BillLine {
  std::uint32_t instance = 0;  ///< the replication's instance number, from 0 in order of launch; or kWholeJob
  std::uint32_t pool = 0;      ///< index into Market::pools; 0 for the whole job
  Purchase purchase = Purchase::spot;
  Time from{};
  Time to{};
  Duration quantity{0};    ///< charged use: to − from rounded up, or zero where a rule makes it free
  HourlyPrice unit_price;  ///< zero if the amount is not a price times a time
  Money amount;
  BillItem item = BillItem::instance;
};

/// Cost by how it was bought; the names are those of the result JSON.
template <class Number>
struct CostByPurchase {
  Number spot{};
  Number on_demand{};
  Number reserved{};
  Number service_fee{};
  Number storage{};
  Number transfer{};
};

/// By what time was spent on.
template <class Number>
struct ByCause {
  Number useful{};      ///< training that counted
  Number lost_work{};   ///< training that an interruption undid
  Number checkpoint{};  ///< writing checkpoints while training waits
  Number startup{};     ///< booting, set-up and reading the checkpoint
  Number waiting{};     ///< nothing to do: the gang is not complete, or the job waits for a better price
  Number unused_commitment{};  ///< reserved and not used
};

/// Cost by cause: that of instances by what their time was spent on, and beside it what is paid for no time
/// of an instance. `Beside` is the type of the latter.
template <class Number, class Beside = Number>
struct CostByCause : ByCause<Number> {
  Beside transfer{};     ///< traffic between zones and regions
  Beside storage{};      ///< volumes, what is kept, and the requests for it
  Beside service_fee{};  ///< of a managed service
};

/// Calls visit(a's part, b's part) for each way to buy.
template <class A, class B, class Visit>
void each_purchase(A& a, const B& b, Visit&& visit) {
  visit(a.spot, b.spot);
  visit(a.on_demand, b.on_demand);
  visit(a.reserved, b.reserved);
  visit(a.service_fee, b.service_fee);
  visit(a.storage, b.storage);
  visit(a.transfer, b.transfer);
}

/// Calls visit(a's part, b's part) for each cause.
template <class A, class B, class Visit>
void each_cause(A& a, const B& b, Visit&& visit) {
  visit(a.useful, b.useful);
  visit(a.lost_work, b.lost_work);
  visit(a.checkpoint, b.checkpoint);
  visit(a.startup, b.startup);
  visit(a.waiting, b.waiting);
  visit(a.unused_commitment, b.unused_commitment);
}

/// The same of all causes of a cost.
template <class A, class B, class Visit>
void each_cost_cause(A& a, const B& b, Visit&& visit) {
  each_cause(a, b, visit);
  visit(a.transfer, b.transfer);
  visit(a.storage, b.storage);
  visit(a.service_fee, b.service_fee);
}

}  // namespace spotmix::sim
