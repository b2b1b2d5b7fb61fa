#include "reports/focus/focus.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/csv/csv_writer.h"
#include "base/text/exact.h"
#include "base/text/text_values.h"
#include "reports/focus/charges.h"
#include "reports/focus/regions.h"

namespace spotmix::reports {
namespace {

using focus::Charge;
using focus::Commitment;

/// Everything that a row is made of.
struct Row {
  const Report& report;
  const Replay& replay;
  const Charge& charge;
  std::string mix;
  std::string instance_type;  ///< empty: the charge is for the whole job
  std::string zone;
  std::string region;
};

/// A column: its name, the first and the last version that has it, and its cell.
struct Column {
  const char* name;
  std::function<void(const Row&, CsvWriter&)> write;
  FocusVersion from = FocusVersion::v1_0;
  FocusVersion to = FocusVersion::v1_2;
};

bool is_usage(const Charge& charge) {
  return charge.commitment != Commitment::purchase;
}

bool of_commitment(const Charge& charge) {
  return charge.commitment != Commitment::none;
}

/// FOCUS's date and time format has whole seconds.
std::string moment(Time time) {
  return format_time(std::chrono::floor<std::chrono::seconds>(time));
}

/// The end excludes itself, so that a charge of less than a second still has a second.
Time end_of(const Charge& charge) {
  const Time from = std::chrono::floor<std::chrono::seconds>(charge.from);
  return std::max<Time>(std::chrono::floor<std::chrono::seconds>(charge.to), from + seconds{1});
}

Money billed(const Charge& charge) {
  return charge.commitment == Commitment::used || charge.commitment == Commitment::unused ? Money{}
                                                                                          : charge.amount;
}

Money effective(const Charge& charge) {
  return charge.commitment == Commitment::purchase ? Money{} : charge.amount;
}

/// What is priced: hours where there is a price per hour, else the charge itself.
std::string pricing_quantity(const Charge& charge) {
  return charge.price ? fmt::format("{}", to_hours(charge.quantity)) : "1";
}

std::string list_unit_price(const Charge& charge) {
  return charge.list_price ? exact_usd_per_hour(*charge.list_price) : exact_usd(charge.amount);
}

Money list_cost(const Charge& charge) {
  if (charge.list_price == charge.price) return charge.amount;
  return spotmix::charge(*charge.list_price, charge.quantity);
}

/// Instances, their fees and volumes are used for as long as they run, whatever of it is charged.
std::string consumed(const Charge& charge) {
  return exact_seconds(std::max<Duration>(charge.to - charge.from, Duration{1}));
}

const char* pricing_category(const Charge& charge) {
  if (charge.commitment == Commitment::used || charge.commitment == Commitment::unused) return "Committed";
  const bool spot =
      charge.line->item == sim::BillItem::instance && charge.line->purchase == sim::Purchase::spot;
  return spot ? "Dynamic" : "Standard";
}

std::string meter(const Row& row) {
  const std::string name = row.charge.service->meter;
  return name.back() == ':' ? name + (row.instance_type.empty() ? "Reservation" : row.instance_type) : name;
}

std::string sku(const Row& row) {
  return fmt::format("{}/{}/{}", row.charge.service->code, row.region.empty() ? "global" : row.region,
                     meter(row));
}

std::string commitment_id(const Row& row) {
  return fmt::format("{}/{}/reservation", row.report.scenario, row.mix);
}

std::string resource_id(const Row& row) {
  return fmt::format("{}/{}/{}/instance-{}", row.report.scenario, row.mix, row.replay.replication,
                     row.charge.line->instance);
}

std::string description(const Row& row) {
  const Charge& charge = row.charge;
  std::string text = charge.price ? fmt::format("${} per hour of ", exact_usd_per_hour(*charge.price)) : "";
  text += name_of(charge.line->item);
  if (!row.instance_type.empty()) {
    text += fmt::format(" {} {} in {}", name_of(charge.line->purchase), row.instance_type, row.zone);
  }
  if (charge.commitment == Commitment::purchase) text += ", purchase";
  if (charge.commitment == Commitment::unused) text += ", not used";
  return text;
}

/// A JSON object in one line, as FOCUS's key-value format asks for.
std::string object_text(const nlohmann::ordered_json& object) {
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::function<void(const Row&, CsvWriter&)> null() {
  return [](const Row&, CsvWriter& csv) { csv.unknown(); };
}

std::function<void(const Row&, CsvWriter&)> constant(const char* value) {
  return [=](const Row&, CsvWriter& csv) { csv.text(value); };
}

/// A text; an empty one is null.
template <class Text>
std::function<void(const Row&, CsvWriter&)> text(Text text_of) {
  return [=](const Row& row, CsvWriter& csv) { csv.text(text_of(row)); };
}

template <class Text>
std::function<void(const Row&, CsvWriter&)> number(Text text_of) {
  return [=](const Row& row, CsvWriter& csv) { csv.exact(text_of(row)); };
}

/// The columns of AWS's export "FOCUS with AWS columns", in its order, then ours.
std::vector<Column> all_columns() {
  using V = FocusVersion;
  return {
      {"AvailabilityZone", text([](const Row& row) { return row.zone; })},
      {"BilledCost", number([](const Row& row) { return exact_usd(billed(row.charge)); })},
      {"BillingAccountId", constant("spotmix")},
      {"BillingAccountName", constant("spotmix simulation")},
      {"BillingAccountType", constant("Simulation"), V::v1_2},
      {"BillingCurrency", constant("USD")},
      {"BillingPeriodEnd", text([](const Row& row) { return moment(focus::month_after(row.charge.from)); })},
      {"BillingPeriodStart", text([](const Row& row) { return moment(focus::month_of(row.charge.from)); })},
      {"CapacityReservationId", null(), V::v1_1},
      {"CapacityReservationStatus", null(), V::v1_1},
      {"ChargeCategory", text([](const Row& row) { return is_usage(row.charge) ? "Usage" : "Purchase"; })},
      {"ChargeClass", null()},
      {"ChargeDescription", text(description)},
      {"ChargeFrequency",
       text([](const Row& row) { return is_usage(row.charge) ? "Usage-Based" : "Recurring"; })},
      {"ChargePeriodEnd", text([](const Row& row) { return moment(end_of(row.charge)); })},
      {"ChargePeriodStart", text([](const Row& row) { return moment(row.charge.from); })},
      {"CommitmentDiscountCategory",
       text([](const Row& row) { return of_commitment(row.charge) ? "Usage" : ""; })},
      {"CommitmentDiscountId",
       text([](const Row& row) { return of_commitment(row.charge) ? commitment_id(row) : ""; })},
      {"CommitmentDiscountName",
       text([](const Row& row) { return of_commitment(row.charge) ? row.mix : ""; })},
      {"CommitmentDiscountQuantity", number([](const Row& row) {
         return of_commitment(row.charge) ? fmt::format("{}", row.charge.committed_h) : "";
       }),
       V::v1_1},
      {"CommitmentDiscountStatus", text([](const Row& row) {
         const Commitment commitment = row.charge.commitment;
         return commitment == Commitment::used ? "Used" : commitment == Commitment::unused ? "Unused" : "";
       })},
      {"CommitmentDiscountType",
       text([](const Row& row) { return of_commitment(row.charge) ? "Reserved Instance" : ""; })},
      {"CommitmentDiscountUnit",
       text([](const Row& row) { return of_commitment(row.charge) ? "Hours" : ""; }), V::v1_1},
      {"ConsumedQuantity", number([](const Row& row) {
         const Commitment commitment = row.charge.commitment;
         const bool known = commitment == Commitment::none || commitment == Commitment::used;
         return known ? consumed(row.charge) : "";
       })},
      {"ConsumedUnit", text([](const Row& row) {
         const Commitment commitment = row.charge.commitment;
         const bool known = commitment == Commitment::none || commitment == Commitment::used;
         return known ? "Seconds" : "";
       })},
      {"ContractedCost", number([](const Row& row) { return exact_usd(list_cost(row.charge)); })},
      {"ContractedUnitPrice", number([](const Row& row) { return list_unit_price(row.charge); })},
      {"EffectiveCost", number([](const Row& row) { return exact_usd(effective(row.charge)); })},
      {"InvoiceId", null(), V::v1_2},
      {"InvoiceIssuerName", constant("Amazon Web Services, Inc.")},
      {"ListCost", number([](const Row& row) { return exact_usd(list_cost(row.charge)); })},
      {"ListUnitPrice", number([](const Row& row) { return list_unit_price(row.charge); })},
      {"PricingCategory", text([](const Row& row) { return pricing_category(row.charge); })},
      {"PricingCurrency", constant("USD"), V::v1_2},
      {"PricingCurrencyContractedUnitPrice",
       number([](const Row& row) { return list_unit_price(row.charge); }), V::v1_2},
      {"PricingCurrencyEffectiveCost",
       number([](const Row& row) { return exact_usd(effective(row.charge)); }), V::v1_2},
      {"PricingCurrencyListUnitPrice", number([](const Row& row) { return list_unit_price(row.charge); }),
       V::v1_2},
      {"PricingQuantity", number([](const Row& row) { return pricing_quantity(row.charge); })},
      {"PricingUnit", text([](const Row& row) { return row.charge.price ? "Hours" : "Units"; })},
      {"ProviderName", constant("AWS")},
      {"PublisherName", constant("Amazon Web Services, Inc.")},
      {"RegionId", text([](const Row& row) { return row.region; })},
      {"RegionName", text([](const Row& row) { return focus::region_name(row.region); })},
      {"ResourceId", text([](const Row& row) { return row.instance_type.empty() ? "" : resource_id(row); })},
      {"ResourceName", null()},
      {"ResourceType", text([](const Row& row) { return row.instance_type.empty() ? "" : "Instance"; })},
      {"ServiceCategory", text([](const Row& row) { return row.charge.service->category; })},
      {"ServiceName", text([](const Row& row) { return row.charge.service->name; })},
      {"ServiceSubcategory", text([](const Row& row) { return row.charge.service->subcategory; }), V::v1_1},
      {"SkuId", text(sku)},
      {"SkuMeter", text(meter), V::v1_1},
      {"SkuPriceDetails", text([](const Row& row) {
         return row.instance_type.empty() ? "" : object_text({{"F_InstanceType", row.instance_type}});
       }),
       V::v1_1},
      {"SkuPriceId",
       text([](const Row& row) { return fmt::format("{}/{}", sku(row), pricing_category(row.charge)); })},
      {"SubAccountId", null()},
      {"SubAccountName", null()},
      {"SubAccountType", null(), V::v1_2},
      {"Tags", text([](const Row& row) {
         return object_text({{"scenario", row.report.scenario}, {"mix", row.mix}});
       })},
      {"x_CostCategories", null(), V::v1_0, V::v1_0},
      {"x_Discounts", null()},
      {"x_Operation", text([](const Row& row) { return row.charge.service->operation; })},
      {"x_ServiceCode", text([](const Row& row) { return row.charge.service->code; })},
      {"x_UsageType", text(meter), V::v1_0, V::v1_0},
      {"x_Scenario", text([](const Row& row) { return row.report.scenario; })},
      {"x_Mix", text([](const Row& row) { return row.mix; })},
      {"x_Replication", number([](const Row& row) { return std::to_string(row.replay.replication); })},
      {"x_Item", text([](const Row& row) { return name_of(row.charge.line->item); })},
      {"x_Purchase", text([](const Row& row) {
         return row.instance_type.empty() ? std::string_view() : name_of(row.charge.line->purchase);
       })},
  };
}

/// The region that all pools lie in, for what is not in one of them; empty when there are several.
std::string common_region(const Report& report) {
  std::string region;
  for (const PoolName& pool : report.pools) {
    const std::string next = focus::region_of(pool.zone);
    if (!region.empty() && next != region) return "";
    region = next;
  }
  return region;
}

Row row_of(const Report& report, const Replay& replay, const Charge& charge, const std::string& region) {
  Row row{report, replay, charge, report.batch.mixes.at(replay.mix).name, "", "", region};
  if (charge.line->instance == sim::kWholeJob) return row;
  const PoolName& pool = report.pools.at(charge.line->pool);
  row.instance_type = pool.instance_type;
  row.zone = pool.zone;
  row.region = focus::region_of(pool.zone);
  return row;
}

}  // namespace

void write_focus_csv(const Report& report, FocusVersion version, std::ostream& out) {
  std::vector<Column> columns = all_columns();
  std::erase_if(columns, [&](const Column& column) { return version < column.from || version > column.to; });
  CsvWriter csv(out);
  for (const Column& column : columns) csv.text(column.name);
  csv.end_row();
  const std::string region = common_region(report);
  for (const Replay& replay : report.replays) {
    for (const Charge& charge : focus::charges_of(report, replay)) {
      const Row row = row_of(report, replay, charge, region);
      for (const Column& column : columns) column.write(row, csv);
      csv.end_row();
    }
  }
}

}  // namespace spotmix::reports
