#include "reports/focus/focus.h"

#include <map>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/csv/csv_reader.h"
#include "base/text/exact.h"
#include "reports/focus/regions.h"
#include "tests/approval.h"
#include "tests/reports/sample.h"

using namespace spotmix;
using namespace spotmix::reports;
using namespace spotmix::tests;

namespace {

using sim::BillItem;
using sim::BillLine;
using sim::Purchase;

constexpr Time kStart{hours{24 * 365 * 50 + 24 * 30 + 11}};  // 2020-01-19T11:00:00Z

BillLine line(BillItem item, Purchase purchase, std::uint32_t instance, Time from, Duration time,
              double usd_per_h) {
  const HourlyPrice price = usd_per_hour(usd_per_h);
  return {instance, 0, purchase, from, from + time, time, price, charge(price, time), item};
}

/// A replication whose bill has every kind of line, of which one spans the end of a month and one is free.
Report sample_with_every_charge() {
  Report report = sample_report();
  Replay replay{1, 0, {}};
  replay.record.start = kStart;
  auto& bill = replay.record.bill;
  bill.push_back(line(BillItem::instance, Purchase::spot, 0, kStart, from_seconds(3570.5), 0.9226));
  bill.push_back(line(BillItem::instance, Purchase::spot, 1, kStart, minutes{30}, 0.9226));
  bill.back().quantity = Duration{0};  // interrupted in its first hour
  bill.back().amount = Money{};
  bill.push_back(line(BillItem::instance, Purchase::on_demand, 2, kStart, hours{24 * 50}, 3.06));
  bill.push_back(line(BillItem::instance, Purchase::reserved, 3, kStart, hours{10}, 1.77));
  bill.push_back(line(BillItem::service_fee, Purchase::on_demand, 2, kStart, hours{2}, 0.27));
  bill.push_back(line(BillItem::volume, Purchase::on_demand, 2, kStart, hours{2}, 0.0109));
  const auto whole_job = [&](BillItem item, HourlyPrice price, Money amount) {
    bill.push_back(
        {sim::kWholeJob, 0, Purchase::on_demand, kStart, kStart + hours{14}, hours{14}, price, amount, item});
  };
  whole_job(BillItem::reservation, {}, from_usd(1.77 * 4));
  whole_job(BillItem::storage, usd_per_hour(0.0035), charge(usd_per_hour(0.0035), hours{14}));
  whole_job(BillItem::checkpoint_requests, {}, from_usd(0.000137));
  whole_job(BillItem::cross_zone_transfer, usd_per_hour(0.21), charge(usd_per_hour(0.21), hours{14}));
  report.replays = {replay};
  return report;
}

/// A row by the names of its columns.
using CsvRow = std::map<std::string, std::string>;

std::vector<CsvRow> focus_rows(const Report& report, FocusVersion version = FocusVersion::v1_2) {
  std::ostringstream out;
  write_focus_csv(report, version, out);
  const std::string text = out.str();
  CsvReader csv(text);
  REQUIRE(csv.next());
  const std::vector<std::string> header = csv.fields();
  std::vector<CsvRow> rows;
  while (csv.next()) {
    REQUIRE(csv.fields().size() == header.size());
    CsvRow& row = rows.emplace_back();
    for (std::size_t k = 0; k < header.size(); ++k) row[header[k]] = csv.fields()[k];
  }
  return rows;
}

Money money(const std::string& decimal) {
  return from_usd(std::stod(decimal));
}

Money sum(const std::vector<CsvRow>& rows, const std::string& column) {
  Money total;
  for (const CsvRow& row : rows) total += money(row.at(column));
  return total;
}

Money bill_of(const Report& report) {
  Money total;
  for (const Replay& replay : report.replays) {
    for (const BillLine& bill_line : replay.record.bill) total += bill_line.amount;
  }
  return total;
}

}  // namespace

TEST_CASE(
    "FOCUS has every column that version 1.2 makes mandatory with a value unless null means something") {
  const std::vector<CsvRow> rows = focus_rows(sample_with_every_charge());
  REQUIRE(rows.size() == 14);
  for (const CsvRow& row : rows) {
    for (const char* column :
         {"BilledCost",        "BillingAccountId",   "BillingAccountName", "BillingCurrency",
          "BillingPeriodEnd",  "BillingPeriodStart", "ChargeCategory",     "ChargeDescription",
          "ChargePeriodEnd",   "ChargePeriodStart",  "ContractedCost",     "EffectiveCost",
          "InvoiceIssuerName", "ListCost",           "PricingQuantity",    "PricingUnit",
          "ProviderName",      "PublisherName",      "ServiceCategory",    "ServiceName"}) {
      INFO(column);
      CHECK(row.at(column) != "");
    }
    // No charge corrects one of an earlier month.
    CHECK(row.at("ChargeClass") == "");
    // Conditional and recommended ones that are never null for usage and purchases.
    for (const char* column :
         {"BillingAccountType", "ChargeFrequency", "ContractedUnitPrice", "ListUnitPrice", "PricingCategory",
          "PricingCurrency", "ServiceSubcategory", "SkuId", "SkuMeter", "SkuPriceId"}) {
      INFO(column);
      CHECK(row.at(column) != "");
    }
  }
}

TEST_CASE("FOCUS values are among those allowed and null where the specification says so") {
  using Values = std::set<std::string>;
  const std::map<std::string, Values> allowed = {
      {"ChargeCategory", {"Usage", "Purchase"}},
      {"ChargeFrequency", {"One-Time", "Recurring", "Usage-Based"}},
      {"PricingCategory", {"Standard", "Dynamic", "Committed", "Other"}},
      {"CommitmentDiscountCategory", {"", "Usage", "Spend"}},
      {"CommitmentDiscountStatus", {"", "Used", "Unused"}},
      {"ServiceCategory", {"Compute", "Storage", "Networking", "Analytics"}},
      {"ServiceSubcategory",
       {"Virtual Machines", "Block Storage", "Object Storage", "Data Transfer", "Data Processing"}},
      {"BillingCurrency", {"USD"}},
      {"RegionId", {"us-east-1"}},
      {"RegionName", {"US East (N. Virginia)"}},
      {"AvailabilityZone", {"", "us-east-1a"}}};
  for (const CsvRow& row : focus_rows(sample_with_every_charge())) {
    for (const auto& [column, values] : allowed) {
      INFO(column << " = " << row.at(column));
      CHECK(values.contains(row.at(column)));
    }
    const bool committed = row.at("CommitmentDiscountId") != "";
    const bool usage = row.at("ChargeCategory") == "Usage";
    for (const char* column :
         {"CommitmentDiscountCategory", "CommitmentDiscountName", "CommitmentDiscountQuantity",
          "CommitmentDiscountType", "CommitmentDiscountUnit"}) {
      CHECK((row.at(column) != "") == committed);
    }
    CHECK((row.at("CommitmentDiscountStatus") != "") == (committed && usage));
    CHECK((row.at("PricingCategory") == "Committed") == (committed && usage));
    const bool consumed = usage && row.at("CommitmentDiscountStatus") != "Unused";
    CHECK((row.at("ConsumedQuantity") != "") == consumed);
    CHECK((row.at("ConsumedUnit") != "") == consumed);
    if (consumed) CHECK(std::stod(row.at("ConsumedQuantity")) > 0);
    CHECK((row.at("ResourceId") == "") == (row.at("ResourceType") == ""));
    CHECK(nlohmann::json::parse(row.at("Tags"))["mix"] == "spot across zones");
  }
}

TEST_CASE("FOCUS billed and effective costs sum to the bill and unit price times quantity is the cost") {
  const Report report = sample_with_every_charge();
  const std::vector<CsvRow> rows = focus_rows(report);
  CHECK(sum(rows, "BilledCost") == bill_of(report));
  CHECK(sum(rows, "EffectiveCost") == bill_of(report));
  for (const CsvRow& row : rows) {
    const double quantity = std::stod(row.at("PricingQuantity"));
    CHECK(quantity * std::stod(row.at("ListUnitPrice")) ==
          Approx(std::stod(row.at("ListCost"))).margin(2e-9));
    CHECK(quantity * std::stod(row.at("ContractedUnitPrice")) ==
          Approx(std::stod(row.at("ContractedCost"))).margin(2e-9));
  }
}

TEST_CASE("FOCUS: a charge over the end of a month is one charge in each month's billing period") {
  const std::vector<CsvRow> rows = focus_rows(sample_with_every_charge());
  std::vector<std::string> periods;
  for (const CsvRow& row : rows) {
    CHECK(row.at("ChargePeriodStart") >= row.at("BillingPeriodStart"));
    CHECK(row.at("ChargePeriodStart") < row.at("ChargePeriodEnd"));
    CHECK(row.at("ChargePeriodEnd") <= row.at("BillingPeriodEnd"));
    if (row.at("ResourceId").ends_with("instance-2") && row.at("x_Item") == "instance") {
      periods.push_back(row.at("ChargePeriodStart") + " " + row.at("ChargePeriodEnd"));
    }
  }
  CHECK(periods == std::vector<std::string>{"2020-01-19T11:00:00Z 2020-02-01T00:00:00Z",
                                            "2020-02-01T00:00:00Z 2020-03-01T00:00:00Z",
                                            "2020-03-01T00:00:00Z 2020-03-09T11:00:00Z"});
}

TEST_CASE("FOCUS: the first hour that the provider cut short was used and costs nothing") {
  const CsvRow free = focus_rows(sample_with_every_charge()).at(1);
  CHECK(free.at("BilledCost") == "0");
  CHECK(free.at("PricingQuantity") == "0");
  CHECK(free.at("ConsumedQuantity") == "1800");
  CHECK(free.at("PricingCategory") == "Dynamic");
}

TEST_CASE("FOCUS: earlier versions leave out what came later") {
  const Report report = sample_with_every_charge();
  const CsvRow oldest = focus_rows(report, FocusVersion::v1_0).front();
  CHECK(oldest.contains("PricingCategory"));
  CHECK(oldest.contains("x_UsageType"));
  CHECK(!oldest.contains("ServiceSubcategory"));
  CHECK(!oldest.contains("InvoiceId"));
  const CsvRow middle = focus_rows(report, FocusVersion::v1_1).front();
  CHECK(middle.contains("ServiceSubcategory"));
  CHECK(!middle.contains("BillingAccountType"));
  CHECK(focus_rows(report).front().contains("BillingAccountType"));
}

TEST_CASE("FOCUS: the file is as approved") {
  std::ostringstream out;
  write_focus_csv(sample_with_every_charge(), FocusVersion::v1_2, out);
  require_approved("reports/focus.csv", out.str());
}

TEST_CASE("a zone lies in the region that its name begins with") {
  CHECK(focus::region_of("us-east-1a") == "us-east-1");
  CHECK(focus::region_of("ap-southeast-10b") == "ap-southeast-10");
  CHECK(focus::region_of("us-gov-west-1a") == "us-gov-west-1");
  CHECK(focus::region_of("us-west-2-lax-1a") == "us-west-2");
  for (const char* other : {"", "a", "zone 1", "us-east", "us-east-", "1-a-2", "us-east-1A", "use1-az1"}) {
    CHECK(focus::region_of(other) == "");
  }
  CHECK(focus::region_name("eu-west-1") == "Europe (Ireland)");
  CHECK(focus::region_name("xx-nowhere-1") == "");
}
