#include "reports/trace/chrome_trace.h"

#include <map>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "reports/text/names.h"

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;
using sim::TimelineEvent;
using sim::TimelineKind;

constexpr std::uint64_t kJobTrack = 0;

double microseconds(Duration duration) {
  return static_cast<double>(duration.count()) / 1e3;
}

/// One process of the trace: turns events into spans, of which each track has at most one open.
class Process {
 public:
  Process(std::size_t number, Time start, Json& events) : number_(number), start_(start), events_(events) {}

  void name(const std::string& text) { metadata("process_name", kJobTrack, text); }
  void name_track(std::uint64_t track, const std::string& text) { metadata("thread_name", track, text); }

  /// Ends the track's span, if one is open, and opens another.
  void begin(std::uint64_t track, const char* what, Time at) {
    end(track, at);
    open_[track] = {what, at};
  }
  void end(std::uint64_t track, Time at) {
    const auto found = open_.find(track);
    if (found == open_.end()) return;
    const auto [what, from] = found->second;
    open_.erase(found);
    if (at <= from) return;
    events_.push_back({{"name", what},
                       {"ph", "X"},
                       {"pid", number_},
                       {"tid", track},
                       {"ts", microseconds(from - start_)},
                       {"dur", microseconds(at - from)}});
  }
  void end_all(Time at) {
    while (!open_.empty()) end(open_.begin()->first, at);
  }
  void mark(std::uint64_t track, const char* what, Time at) {
    events_.push_back({{"name", what},
                       {"ph", "i"},
                       {"s", "t"},
                       {"pid", number_},
                       {"tid", track},
                       {"ts", microseconds(at - start_)}});
  }

 private:
  void metadata(const char* what, std::uint64_t track, const std::string& text) {
    events_.push_back(
        {{"name", what}, {"ph", "M"}, {"pid", number_}, {"tid", track}, {"args", {{"name", text}}}});
  }

  struct Span {
    const char* what;
    Time from;
  };
  std::size_t number_;
  Time start_;
  Json& events_;
  std::map<std::uint64_t, Span> open_;
};

void follow_instance(const Report& report, const TimelineEvent& event, Process& process) {
  const std::uint64_t track = std::uint64_t{event.instance} + 1;
  switch (event.kind) {
    case TimelineKind::launch_requested: {
      const PoolName& pool = report.pools.at(event.pool);
      process.name_track(track, fmt::format("{} {} {} {}", event.instance, pool.instance_type, pool.zone,
                                            name_of(event.purchase)));
      return process.begin(track, "pending", event.at);
    }
    case TimelineKind::instance_running:
      return process.begin(track, "boot", event.at);
    case TimelineKind::instance_ready:
      return process.begin(track, "ready", event.at);
    case TimelineKind::notice:
      return process.mark(track, "notice", event.at);
    case TimelineKind::launch_failed:
    case TimelineKind::interrupted:
      process.mark(track, sim::name_of(event.kind), event.at);
      [[fallthrough]];
    default:
      return process.end(track, event.at);
  }
}

void follow_job(const TimelineEvent& event, Process& process) {
  switch (event.kind) {
    case TimelineKind::restart_begun:
      return process.begin(kJobTrack, "restart", event.at);
    case TimelineKind::training_begun:
    case TimelineKind::checkpoint_saved:
      return process.begin(kJobTrack, "training", event.at);
    case TimelineKind::checkpoint_begun:
      return process.begin(kJobTrack, "checkpoint", event.at);
    case TimelineKind::finished:
    case TimelineKind::out_of_time:
      process.end(kJobTrack, event.at);
      [[fallthrough]];
    default:
      return process.mark(kJobTrack, sim::name_of(event.kind), event.at);
  }
}

/// The job trains with all its instances or not at all.
bool breaks_gang(const TimelineEvent& event) {
  return event.kind == TimelineKind::interrupted || event.kind == TimelineKind::stopped;
}

void follow(const Report& report, const Replay& replay, Json& events) {
  Process process(replay.mix + 1, replay.record.start, events);
  process.name(fmt::format("{}, replication {}", report.batch.mixes.at(replay.mix).name, replay.replication));
  process.name_track(kJobTrack, "job");
  process.begin(kJobTrack, "waiting", replay.record.start);
  Time last = replay.record.start;
  bool over = false;
  for (const TimelineEvent& event : replay.record.timeline) {
    last = std::max(last, event.at);
    if (event.instance == sim::kNoInstance) {
      follow_job(event, process);
      over = over || event.kind == TimelineKind::finished || event.kind == TimelineKind::out_of_time;
    } else {
      follow_instance(report, event, process);
      if (breaks_gang(event) && !over) process.begin(kJobTrack, "waiting", event.at);
    }
  }
  process.end_all(last);
}

}  // namespace

void write_chrome_trace(const Report& report, std::ostream& out) {
  Json events = Json::array();
  for (const Replay& replay : report.replays) follow(report, replay, events);
  const Json document = {{"traceEvents", events},
                         {"displayTimeUnit", "ms"},
                         {"otherData", {{"scenario", report.scenario}, {"version", report.spotmix_version}}}};
  out << document.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace spotmix::reports
