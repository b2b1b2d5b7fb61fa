#include "reports/trace/chrome_trace.h"

#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/reports/sample.h"

using namespace spotmix;
using namespace spotmix::reports;
using namespace spotmix::tests;
using nlohmann::json;

namespace {

json events_of(const Report& report) {
  std::ostringstream out;
  write_chrome_trace(report, out);
  return json::parse(out.str())["traceEvents"];
}

/// The spans of a track as "name from-to" in seconds.
std::vector<std::string> spans(const json& events, int track) {
  std::vector<std::string> found;
  for (const json& event : events) {
    if (event["ph"] != "X" || event["tid"] != track) continue;
    const double from = event["ts"].get<double>() / 1e6;
    std::ostringstream text;
    text << event["name"].get<std::string>() << ' ' << from << '-' << from + event["dur"].get<double>() / 1e6;
    found.push_back(text.str());
  }
  return found;
}

}  // namespace

TEST_CASE("The timeline shows each state of instances and of the job") {
  Report report = sample_with_replay();
  sim::ReplicationRecord& record = report.replays[0].record;
  const Time start = record.start;
  const auto job = [&](int at_s, sim::TimelineKind kind, int done_s = 0) {
    return sim::TimelineEvent{start + seconds{at_s}, kind, sim::kNoInstance, 0, {}, seconds{done_s}, {}};
  };
  const auto instance = [&](int at_s, sim::TimelineKind kind) {
    return sim::TimelineEvent{start + seconds{at_s}, kind, 0, 1, {}, {}, {}};
  };
  using Kind = sim::TimelineKind;
  record.timeline = {instance(0, Kind::launch_requested),  instance(30, Kind::instance_running),
                     instance(60, Kind::instance_ready),   job(60, Kind::restart_begun),
                     job(70, Kind::training_begun),        job(100, Kind::checkpoint_begun, 30),
                     job(110, Kind::checkpoint_saved, 30), instance(120, Kind::notice),
                     job(150, Kind::work_lost, 30),        job(150, Kind::waiting_begun, 30),
                     instance(150, Kind::interrupted),     job(200, Kind::out_of_time)};
  const json events = events_of(report);
  CHECK(spans(events, 0) == std::vector<std::string>{"waiting 0-60", "restart 60-70", "training 70-100",
                                                     "checkpoint 100-110", "lost 110-150",
                                                     "waiting 150-200"});
  CHECK(spans(events, 1) == std::vector<std::string>{"pending 0-30", "boot 30-60", "ready 60-150"});
}

TEST_CASE("Tracks and processes carry the names of mixes and pools whatever is in them") {
  Report report = sample_with_replay();
  report.batch.mixes[1].name = "\"</script>\xff";
  const json events = events_of(report);
  CHECK(events[0]["args"]["name"] == "\"</script>\uFFFD, replication 1");
  CHECK(events[1]["args"]["name"] == "job");
}

TEST_CASE("without a replay the trace is empty and still a trace") {
  CHECK(events_of(sample_report()) == json::array());
}
