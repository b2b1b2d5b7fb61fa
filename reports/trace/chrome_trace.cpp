#include "reports/trace/chrome_trace.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "reports/trace/tracks.h"

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;

double microseconds(Duration duration) {
  return static_cast<double>(duration.count()) / 1e3;
}

/// One process of the trace: a replication of a mix.
class Process {
 public:
  Process(const Report& report, const Replay& replay, Json& events)
      : report_(report), number_(replay.mix + 1), start_(replay.record.start), events_(events) {
    metadata("process_name", 0,
             fmt::format("{}, replication {}", report.batch.mixes.at(replay.mix).name, replay.replication));
  }

  void add(const Track& track) {
    const bool is_job = track.instance == sim::kNoInstance;
    const std::uint64_t number = is_job ? 0 : std::uint64_t{track.instance} + 1;
    metadata("thread_name", number, is_job ? "job" : name_of_instance(track));
    for (const Span& span : track.spans) {
      Json event = part(number, name_of(span.activity), "X", span.from);
      event["dur"] = microseconds(span.to - span.from);
      events_.push_back(event);
    }
    for (const Mark& mark : track.marks) {
      Json event = part(number, name_of(mark.kind), "i", mark.at);
      event["s"] = "t";
      events_.push_back(event);
    }
  }

 private:
  std::string name_of_instance(const Track& track) const {
    const PoolName& pool = report_.pools.at(track.pool);
    return fmt::format("{} {} {} {}", track.instance, pool.instance_type, pool.zone, name_of(track.purchase));
  }
  Json part(std::uint64_t track, std::string_view name, const char* phase, Time at) const {
    return {
        {"name", name}, {"ph", phase}, {"pid", number_}, {"tid", track}, {"ts", microseconds(at - start_)}};
  }
  void metadata(const char* what, std::uint64_t track, const std::string& text) {
    events_.push_back(
        {{"name", what}, {"ph", "M"}, {"pid", number_}, {"tid", track}, {"args", {{"name", text}}}});
  }

  const Report& report_;
  std::size_t number_;
  Time start_;
  Json& events_;
};

}  // namespace

void write_chrome_trace(const Report& report, std::ostream& out) {
  Json events = Json::array();
  for (const Replay& replay : report.replays) {
    Process process(report, replay, events);
    for (const Track& track : tracks_of(replay)) process.add(track);
  }
  const Json document = {{"traceEvents", events},
                         {"displayTimeUnit", "ms"},
                         {"otherData", {{"scenario", report.scenario}, {"version", report.spotmix_version}}}};
  out << document.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace spotmix::reports
