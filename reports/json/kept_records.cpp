#include "reports/json/kept_records.h"

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "reports/json/columns.h"

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;
using sim::BillItem;
using sim::BillLine;
using sim::Purchase;
using sim::TimelineEvent;
using sim::TimelineKind;

// A column of kinds holds indices into a list of names that stands beside it, so that a later version, which
// may know more kinds, still reads it.

/// Of the file's list of names, what each stands for here.
template <class Kind>
std::vector<Kind> kinds_of(const Node& list) {
  std::vector<Kind> kinds;
  for (const Node& name : list.items()) {
    const auto kind = parse_enum<Kind>(name.text());
    if (!kind) name.expected("a kind that this version knows");
    kinds.push_back(*kind);
  }
  return kinds;
}

/// A column whose numbers are below `limit`, or are `other`.
std::vector<std::uint32_t> indices(const Node& node, const std::string& key, std::size_t count,
                                   std::size_t limit, std::uint32_t other) {
  std::vector<std::uint32_t> result;
  for (const std::int64_t value : column_of(node.at(key), count)) {
    const bool good =
        value >= 0 && (value < static_cast<std::int64_t>(limit) || value == std::int64_t{other});
    if (!good) node.at(key).fail("found a number that is out of its range");
    result.push_back(static_cast<std::uint32_t>(value));
  }
  return result;
}

constexpr std::size_t kAnyInstance = 0xffffffff;

Json events_json(const std::vector<TimelineEvent>& events) {
  using Event = TimelineEvent;
  return {{"count", events.size()},
          {"at_ns", column(events, [](const Event& e) { return ticks_of(e.at); })},
          {"kind", column(events, [](const Event& e) { return e.kind; })},
          {"instance", column(events, [](const Event& e) { return e.instance; })},
          {"pool", column(events, [](const Event& e) { return e.pool; })},
          {"purchase", column(events, [](const Event& e) { return e.purchase; })},
          {"progress_ns", column(events, [](const Event& e) { return e.progress.count(); })},
          {"cost_nano_usd", column(events, [](const Event& e) { return e.cost.nano_usd; })},
          {"kinds", names_of<TimelineKind>()},
          {"purchases", names_of<Purchase>()}};
}

std::vector<TimelineEvent> events_of(const Node& node, std::size_t pools) {
  const std::size_t count = node.at("count").count();
  const auto kinds = kinds_of<TimelineKind>(node.at("kinds"));
  const auto purchases = kinds_of<Purchase>(node.at("purchases"));
  const auto at = column_of(node.at("at_ns"), count);
  const auto kind = indices(node, "kind", count, kinds.size(), 0);
  const auto instance = indices(node, "instance", count, kAnyInstance, sim::kNoInstance);
  const auto pool = indices(node, "pool", count, pools, 0);
  const auto purchase = indices(node, "purchase", count, purchases.size(), 0);
  const auto progress = column_of(node.at("progress_ns"), count);
  const auto cost = column_of(node.at("cost_nano_usd"), count);
  std::vector<TimelineEvent> events(count);
  for (std::size_t i = 0; i < count; ++i) {
    events[i] = {time_at(at[i]),        kinds.at(kind[i]), instance[i], pool[i], purchases.at(purchase[i]),
                 Duration{progress[i]}, Money{cost[i]}};
  }
  return events;
}

Json bill_json(const std::vector<BillLine>& bill) {
  return {{"count", bill.size()},
          {"instance", column(bill, [](const BillLine& l) { return l.instance; })},
          {"pool", column(bill, [](const BillLine& l) { return l.pool; })},
          {"purchase", column(bill, [](const BillLine& l) { return l.purchase; })},
          {"from_ns", column(bill, [](const BillLine& l) { return ticks_of(l.from); })},
          {"to_ns", column(bill, [](const BillLine& l) { return ticks_of(l.to); })},
          {"quantity_ns", column(bill, [](const BillLine& l) { return l.quantity.count(); })},
          {"unit_price_nano_usd_per_h",
           column(bill, [](const BillLine& l) { return l.unit_price.nano_usd_per_h; })},
          {"amount_nano_usd", column(bill, [](const BillLine& l) { return l.amount.nano_usd; })},
          {"item", column(bill, [](const BillLine& l) { return l.item; })},
          {"items", names_of<BillItem>()},
          {"purchases", names_of<Purchase>()}};
}

std::vector<BillLine> bill_of(const Node& node, std::size_t pools) {
  const std::size_t count = node.at("count").count();
  const auto items = kinds_of<BillItem>(node.at("items"));
  const auto purchases = kinds_of<Purchase>(node.at("purchases"));
  const auto instance = indices(node, "instance", count, kAnyInstance, sim::kWholeJob);
  const auto pool = indices(node, "pool", count, pools, 0);
  const auto purchase = indices(node, "purchase", count, purchases.size(), 0);
  const auto from = column_of(node.at("from_ns"), count);
  const auto to = column_of(node.at("to_ns"), count);
  const auto quantity = column_of(node.at("quantity_ns"), count);
  const auto price = column_of(node.at("unit_price_nano_usd_per_h"), count);
  const auto amount = column_of(node.at("amount_nano_usd"), count);
  const auto item = indices(node, "item", count, items.size(), 0);
  std::vector<BillLine> bill(count);
  for (std::size_t i = 0; i < count; ++i) {
    bill[i] = {instance[i],           pool[i],          purchases.at(purchase[i]),
               time_at(from[i]),      time_at(to[i]),   Duration{quantity[i]},
               HourlyPrice{price[i]}, Money{amount[i]}, items.at(item[i])};
  }
  return bill;
}

}  // namespace

Json replay_json(const Replay& replay) {
  return {{"mix", replay.mix},
          {"replication", replay.replication},
          {"start_ns", ticks_of(replay.record.start)},
          {"timeline", events_json(replay.record.timeline)},
          {"bill", bill_json(replay.record.bill)}};
}

Replay replay_of(const Node& node, std::size_t mixes, std::size_t pools) {
  Replay replay;
  replay.mix = node.at("mix").count();
  if (replay.mix >= mixes) node.at("mix").expected("the number of a mix");
  replay.replication = node.at("replication").natural();
  replay.record.start = time_at(node.at("start_ns").integer());
  replay.record.timeline = events_of(node.at("timeline"), pools);
  replay.record.bill = bill_of(node.at("bill"), pools);
  return replay;
}

}  // namespace spotmix::reports
