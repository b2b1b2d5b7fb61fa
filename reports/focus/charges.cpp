#include "reports/focus/charges.h"

#include <chrono>

namespace spotmix::reports::focus {
namespace {

using sim::BillItem;
using sim::BillLine;
using sim::Purchase;

std::chrono::year_month month(Time moment) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(moment)};
  return {date.year(), date.month()};
}

Time begin_of(std::chrono::year_month month) {
  return std::chrono::sys_days{month / 1};
}

/// The part of `whole` that falls to `part` of `time`, rounded down.
std::int64_t share(std::int64_t whole, Duration part, Duration time) {
  __extension__ using Wide = __int128;
  return static_cast<std::int64_t>(static_cast<Wide>(whole) * part.count() / time.count());
}

/// Cuts a charge at the ends of calendar months; quantities and amounts sum to those of the whole.
void cut_at_months(Charge charge, std::vector<Charge>& charges) {
  const Duration time = charge.to - charge.from;
  const Charge whole = charge;
  Duration quantity_left = whole.quantity;
  Money left = whole.amount;
  while (month_after(charge.from) < whole.to) {
    charge.to = month_after(charge.from);
    const Duration part = charge.to - charge.from;
    charge.quantity = Duration{share(whole.quantity.count(), part, time)};
    charge.amount = whole.price ? spotmix::charge(*whole.price, charge.quantity)
                                : Money{share(whole.amount.nano_usd, part, time)};
    charge.committed_h = whole.committed_h * (to_seconds(part) / to_seconds(time));
    charges.push_back(charge);
    quantity_left -= charge.quantity;
    left -= charge.amount;
    charge.from = charge.to;
  }
  charge.to = whole.to;
  charge.quantity = quantity_left;
  charge.amount = left;
  charge.committed_h =
      whole.committed_h * (time.count() > 0 ? to_seconds(whole.to - charge.from) / to_seconds(time) : 1);
  charges.push_back(charge);
}

/// The mean price of the hours that a bill says were reserved and used; nothing when there were none.
std::optional<double> reserved_usd_per_h(const std::vector<BillLine>& bill) {
  double hours_used = 0;
  double cost_usd = 0;
  for (const BillLine& line : bill) {
    if (line.item != BillItem::instance || line.purchase != Purchase::reserved) continue;
    hours_used += to_hours(line.quantity);
    cost_usd += to_usd(line.amount);
  }
  return cost_usd > 0 ? std::optional(cost_usd / hours_used) : std::nullopt;
}

/// What the pool's instances cost on demand at that moment; nothing where the report does not know it.
std::optional<HourlyPrice> on_demand_price(const Report& report, const BillLine& line) {
  if (!report.market || line.pool >= report.market->pools.size()) return std::nullopt;
  const PriceSeries& prices = report.market->pools[line.pool].on_demand_price;
  if (!prices.covers(line.from)) return std::nullopt;
  SeriesCursor<HourlyPrice> price(prices);
  price.seek(line.from);
  return price.value();
}

bool of_reservation(const BillLine& line) {
  return line.item == BillItem::reservation ||
         (line.item == BillItem::instance && line.purchase == Purchase::reserved);
}

Charge plain(const BillLine& line) {
  Charge charge;
  charge.line = &line;
  charge.service = &service_of(line.item, line.purchase);
  charge.from = line.from;
  charge.to = line.to;
  charge.quantity = line.quantity;
  charge.amount = line.amount;
  if (line.unit_price.nano_usd_per_h != 0) charge.price = line.unit_price;
  charge.list_price = charge.price;
  return charge;
}

void add_reservation(const Report& report, const BillLine& line, std::optional<double> usd_per_h,
                     std::vector<Charge>& charges) {
  Charge charge = plain(line);
  const bool used = line.item == BillItem::instance;
  charge.committed_h = used || !usd_per_h ? to_hours(line.quantity) : to_usd(line.amount) / *usd_per_h;
  charge.commitment = Commitment::purchase;
  cut_at_months(charge, charges);
  charge.commitment = used ? Commitment::used : Commitment::unused;
  if (used) charge.list_price = on_demand_price(report, line).value_or(line.unit_price);
  cut_at_months(charge, charges);
}

}  // namespace

const Service& service_of(BillItem item, Purchase purchase) {
  constexpr const char* kEc2 = "Amazon Elastic Compute Cloud";
  static const Service kSpot{kEc2, "Compute", "Virtual Machines", "AmazonEC2", "SpotUsage:", "RunInstances"};
  static const Service kOnDemand{kEc2,        "Compute",   "Virtual Machines",
                                 "AmazonEC2", "BoxUsage:", "RunInstances"};
  static const Service kReservation{kEc2,        "Compute",     "Virtual Machines",
                                    "AmazonEC2", "HeavyUsage:", "RunInstances"};
  static const Service kFee{"Amazon Elastic MapReduce", "Analytics", "Data Processing",
                            "ElasticMapReduce",         "BoxUsage:", "RunJobFlow"};
  static const Service kVolume{"Amazon Elastic Block Store",
                               "Storage",
                               "Block Storage",
                               "AmazonEC2",
                               "EBS:VolumeUsage",
                               "CreateVolume"};
  static const Service kStorage{
      "Amazon Simple Storage Service", "Storage",        "Object Storage", "AmazonS3",
      "TimedStorage-ByteHrs",          "StandardStorage"};
  static const Service kRequests{"Amazon Simple Storage Service",
                                 "Storage",
                                 "Object Storage",
                                 "AmazonS3",
                                 "Requests-Tier1",
                                 "PutObject"};
  static const Service kTransfer{
      "AWS Data Transfer",           "Networking",   "Data Transfer", "AWSDataTransfer",
      "DataTransfer-Regional-Bytes", "InterZone-Out"};
  static const Service kBetweenRegions{"AWS Data Transfer", "Networking",    "Data Transfer",
                                       "AWSDataTransfer",   "AWS-Out-Bytes", "InterRegion-Out"};
  static const Service kReads{"Amazon Simple Storage Service",
                              "Storage",
                              "Object Storage",
                              "AmazonS3",
                              "Requests-Tier2",
                              "GetObject"};
  switch (item) {
    case BillItem::instance:
      return purchase == Purchase::spot ? kSpot : purchase == Purchase::on_demand ? kOnDemand : kReservation;
    case BillItem::service_fee:
      return kFee;
    case BillItem::volume:
      return kVolume;
    case BillItem::reservation:
      return kReservation;
    case BillItem::storage:
      return kStorage;
    case BillItem::checkpoint_requests:
      return kRequests;
    case BillItem::cross_zone_transfer:
      return kTransfer;
    case BillItem::cross_region_transfer:
    case BillItem::restore_transfer:
      return kBetweenRegions;
    case BillItem::restore_requests:
      return kReads;
  }
  return kOnDemand;
}

std::vector<Charge> charges_of(const Report& report, const Replay& replay) {
  const std::vector<BillLine>& bill = replay.record.bill;
  const std::optional<double> usd_per_h = reserved_usd_per_h(bill);
  std::vector<Charge> charges;
  for (const BillLine& line : bill) {
    if (of_reservation(line)) {
      add_reservation(report, line, usd_per_h, charges);
    } else {
      cut_at_months(plain(line), charges);
    }
  }
  return charges;
}

Time month_of(Time moment) {
  return begin_of(month(moment));
}

Time month_after(Time moment) {
  return begin_of(month(moment) + std::chrono::months{1});
}

}  // namespace spotmix::reports::focus
