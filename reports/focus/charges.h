// From a line of a bill to the charges of a FOCUS data set, as values. For the .cpp files of this folder.
#pragma once

#include <optional>
#include <vector>

#include "reports/results/report.h"

namespace spotmix::reports::focus {

/// How FOCUS and AWS name what a line of the bill charges for.
struct Service {
  const char* name;
  const char* category;
  const char* subcategory;
  const char* code;       ///< AWS's service code
  const char* meter;      ///< AWS's usage type; that of an instance has its type behind it
  const char* operation;  ///< AWS's operation
};

const Service& service_of(sim::BillItem item, sim::Purchase purchase);

enum class Commitment : std::uint8_t { none, purchase, used, unused };

/// One row. Its time lies in one calendar month.
struct Charge {
  const sim::BillLine* line = nullptr;
  const Service* service = nullptr;
  Commitment commitment = Commitment::none;
  Time from{};
  Time to{};
  Duration quantity{0};              ///< charged use
  std::optional<HourlyPrice> price;  ///< What was charged; nullopt if the amount is not a price times a time.
  std::optional<HourlyPrice> list_price;  ///< before the discount of a commitment
  Money amount;                           ///< of the line, in this row's time
  double committed_h = 0;                 ///< hours of the reservation that this row buys or accounts for
};

/// The charges of one replayed replication, in the order of its bill. A line of a reservation is two: the
/// purchase, which is billed, and the use or waste of what was bought, which carries its effective cost.
std::vector<Charge> charges_of(const Report& report, const Replay& replay);

/// The start of the calendar month (UTC) that a moment lies in, and of the one after it.
Time month_of(Time moment);
Time month_after(Time moment);

}  // namespace spotmix::reports::focus
