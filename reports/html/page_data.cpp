#include "reports/html/page_data.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "reports/html/column.h"
#include "reports/html/market_data.h"
#include "reports/json/kept_json.h"
#include "reports/json/step_json.h"
#include "reports/results/figures.h"
#include "reports/results/thresholds.h"
#include "reports/results/verdict.h"
#include "reports/results/waterfall.h"
#include "reports/trace/tracks.h"

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;

Json verdict_json(const Report& report) {
  const Verdict verdict = verdict_of(report);
  return {{"text", verdict_text(report)},
          {"spread", spread_text(report)},
          {"best", or_null(verdict.best)},
          {"likely", or_null(verdict.likely)},
          {"on_demand", or_null(verdict.on_demand)},
          {"saving", or_null(verdict.saving)},
          {"good_odds", kGoodOdds}};
}

Json waterfall_json(const Report& report) {
  const auto waterfall = waterfall_of(report);
  if (!waterfall) return nullptr;
  Json steps = Json::array();
  for (const WaterfallStep& step : waterfall->steps)
    steps.push_back({{"cause", step.cause}, {"name", step.name}, {"usd", step.usd}});
  return {{"from", waterfall->reference}, {"to", waterfall->winner}, {"steps", steps}};
}

/// In ascending order: what is drawn of replications does not ask which is which.
Json ascending_column(std::vector<std::int64_t> values, double scale) {
  std::sort(values.begin(), values.end());
  return column_json(values, scale, kMostUnits);
}

/// How many there are; the times of those that finished, and the costs of all.
Json replications_json(const sim::MixResult& mix) {
  if (mix.replications.empty()) return nullptr;
  std::vector<std::int64_t> times;
  std::vector<std::int64_t> costs;
  for (const sim::ReplicationOutcome& outcome : mix.replications) {
    if (outcome.finished()) times.push_back(outcome.time_to_train.count());
    costs.push_back(outcome.cost.nano_usd);
  }
  return {{"count", mix.replications.size()},
          {"times_s", ascending_column(std::move(times), kSecondsPerTick)},
          {"costs_usd", ascending_column(std::move(costs), kUsdPerNano)}};
}

/// A table as columns, one value of each per row.
class Table {
 public:
  template <class Rows, class Value>
  Table& column(const char* name, const Rows& rows, Value&& value) {
    std::vector<std::int64_t> values;
    for (const auto& row : rows) values.push_back(static_cast<std::int64_t>(value(row)));
    table_[name] = column_json(values, 1, kMostUnits);
    return *this;
  }
  template <class Rows, class When>
  Table& moments(const char* name, const Rows& rows, Time start, When&& when) {
    std::vector<std::int64_t> ticks;
    for (const auto& row : rows) ticks.push_back((when(row) - start).count());
    table_[name] = column_json(ticks, kSecondsPerTick, kMostUnits);
    return *this;
  }
  Json take() { return std::move(table_); }

 private:
  Json table_ = Json::object();
};

/// The instances of a replay with what they, and the job, did. Track 0 is the job.
Json replay_json(const Replay& replay) {
  const std::vector<Track> tracks = tracks_of(replay);
  using OnTrack = std::pair<std::size_t, Span>;
  using MarkOnTrack = std::pair<std::size_t, Mark>;
  std::vector<OnTrack> spans;
  std::vector<MarkOnTrack> marks;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    for (const Span& span : tracks[i].spans) spans.emplace_back(i, span);
    for (const Mark& mark : tracks[i].marks) marks.emplace_back(i, mark);
  }
  const Time start = replay.record.start;
  const std::vector<Track> instances(tracks.begin() + 1, tracks.end());
  return {{"mix", replay.mix},
          {"replication", replay.replication},
          {"start", to_unix_seconds(start)},
          {"instances", Table()
                            .column("number", instances, [](const Track& track) { return track.instance; })
                            .column("pool", instances, [](const Track& track) { return track.pool; })
                            .column("purchase", instances, [](const Track& track) { return track.purchase; })
                            .take()},
          {"spans", Table()
                        .column("track", spans, [](const OnTrack& row) { return row.first; })
                        .column("activity", spans, [](const OnTrack& row) { return row.second.activity; })
                        .moments("from", spans, start, [](const OnTrack& row) { return row.second.from; })
                        .moments("to", spans, start, [](const OnTrack& row) { return row.second.to; })
                        .take()},
          {"marks", Table()
                        .column("track", marks, [](const MarkOnTrack& row) { return row.first; })
                        .column("kind", marks, [](const MarkOnTrack& row) { return row.second.kind; })
                        .moments("at", marks, start, [](const MarkOnTrack& row) { return row.second.at; })
                        .take()}};
}

/// The names behind the numbers of a replay's columns.
Json names_json() {
  return {{"activities", names_of<Activity>()},
          {"marks", names_of<sim::TimelineKind>()},
          {"purchases", names_of<sim::Purchase>()}};
}

Json path_json(const Figure& figure) {
  if (figure.of_step) return Json::array({"step", figure.key()});
  return figure.group().empty() ? Json::array({figure.key()}) : Json::array({figure.group(), figure.key()});
}

/// The columns of the page's table of mixes, from left to right.
Json figures_json(const Report& report) {
  std::vector<const Figure*> shown;
  for (const Figure& figure : figures()) {
    if (figure.page && figure.asked_for({report.deadline, report.budget})) shown.push_back(&figure);
  }
  std::sort(shown.begin(), shown.end(),
            [](const Figure* a, const Figure* b) { return a->page->place < b->page->place; });
  Json columns = Json::array();
  for (const Figure* figure : shown) {
    columns.push_back({{"path", path_json(*figure)},
                       {"kind", name_of(figure->kind)},
                       {"unit", name_of(figure->unit)},
                       {"heading", figure->page->heading},
                       {"spread", figure->page->spread},
                       {"descending", figure->page->more_is_better}});
  }
  return columns;
}

/// Names that are not UTF-8 do not stop it.
std::string compact(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

PageData page_data(const Report& report) {
  Json data;
  data["verdict"] = verdict_json(report);
  data["waterfall"] = waterfall_json(report);
  data["thresholds"] = Json::array();
  for (const ThresholdResult& threshold : report.thresholds) {
    data["thresholds"].push_back({{"text", text_of(threshold)}, {"met", threshold.met}});
  }
  data["figures"] = figures_json(report);
  data["pools"] = Json::array();
  for (const PoolName& pool : report.pools) {
    data["pools"].push_back({{"instance_type", pool.instance_type}, {"zone", pool.zone}});
  }
  data["replications"] = Json::array();
  for (const sim::MixResult& mix : report.batch.mixes) {
    data["replications"].push_back(replications_json(mix));
  }
  Json series = Json::array();
  data["market"] = report.market ? market_json(*report.market, series) : Json(nullptr);
  data["replays"] = Json::array();
  for (const Replay& replay : report.replays) data["replays"].push_back(replay_json(replay));
  data["names"] = names_json();
  data["reproduction"] = reproduction_json(report.reproduction);
  return {compact(data), compact(series)};
}

}  // namespace spotmix::reports
