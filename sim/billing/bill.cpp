#include "sim/billing/bill.h"

#include <array>

namespace spotmix::sim {

const char* name_of(BillItem item) {
  constexpr std::array<const char*, 10> kNames{"instance",
                                               "service_fee",
                                               "volume",
                                               "reservation",
                                               "storage",
                                               "checkpoint_requests",
                                               "cross_zone_transfer",
                                               "cross_region_transfer",
                                               "restore_requests",
                                               "restore_transfer"};
  return kNames[static_cast<std::size_t>(item)];
}

}  // namespace spotmix::sim
