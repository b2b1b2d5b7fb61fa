#include "reports/trace/tracks.h"

#include <catch2/catch.hpp>

using namespace spotmix;
using namespace spotmix::reports;

namespace {

using Kind = sim::TimelineKind;

/// An event of the job at a second, with the seconds of work done by then.
sim::TimelineEvent job(int at_s, Kind kind, int done_s = 0) {
  return {Time{seconds{at_s}}, kind, sim::kNoInstance, 0, {}, seconds{done_s}, {}};
}

sim::TimelineEvent instance(int at_s, Kind kind, std::uint32_t number = 0) {
  return {Time{seconds{at_s}}, kind, number, 1, sim::Purchase::on_demand, {}, {}};
}

std::vector<Track> tracks(std::vector<sim::TimelineEvent> timeline) {
  return tracks_of({0, 0, {Time{}, std::move(timeline), {}}});
}

Span span(Activity activity, int from_s, int to_s) {
  return {activity, Time{seconds{from_s}}, Time{seconds{to_s}}};
}

}  // namespace

TEST_CASE("training since the checkpoint that a loss goes back to is shown as lost") {
  const auto drawn = tracks({job(0, Kind::restart_begun), job(10, Kind::training_begun, 0),
                             job(110, Kind::checkpoint_begun, 100), job(120, Kind::checkpoint_saved, 100),
                             job(170, Kind::work_lost, 100), job(170, Kind::waiting_begun, 100),
                             job(200, Kind::restart_begun, 100), job(210, Kind::training_begun, 100),
                             job(260, Kind::finished, 150)});
  CHECK(drawn.at(0).spans ==
        std::vector<Span>{span(Activity::restart, 0, 10), span(Activity::training, 10, 110),
                          span(Activity::checkpoint, 110, 120), span(Activity::lost, 120, 170),
                          span(Activity::waiting, 170, 200), span(Activity::restart, 200, 210),
                          span(Activity::training, 210, 260)});
}

TEST_CASE("a loss that goes back beyond a checkpoint splits the training at the moment it goes back to") {
  const auto drawn = tracks({job(0, Kind::training_begun, 0), job(100, Kind::checkpoint_begun, 100),
                             job(110, Kind::checkpoint_saved, 100), job(150, Kind::work_lost, 40),
                             job(150, Kind::waiting_begun, 40)});
  CHECK(drawn.at(0).spans == std::vector<Span>{span(Activity::training, 0, 40), span(Activity::lost, 40, 100),
                                               span(Activity::checkpoint, 100, 110),
                                               span(Activity::lost, 110, 150)});
}

TEST_CASE("a gang that goes on without an instance goes on training") {
  const auto drawn =
      tracks({instance(0, Kind::launch_requested, 0), instance(0, Kind::instance_ready, 0),
              instance(0, Kind::launch_requested, 7), instance(0, Kind::instance_ready, 7),
              job(0, Kind::training_begun), instance(50, Kind::interrupted, 7), job(90, Kind::finished)});
  CHECK(drawn.at(0).spans == std::vector<Span>{span(Activity::training, 0, 90)});
  REQUIRE(drawn.size() == 3);
  CHECK(drawn[1].instance == 0);
  CHECK(drawn[2].instance == 7);
  CHECK(drawn[2].pool == 1);
  CHECK(drawn[2].purchase == sim::Purchase::on_demand);
  CHECK(drawn[2].spans == std::vector<Span>{span(Activity::ready, 0, 50)});
  CHECK(drawn[2].marks.at(0).kind == Kind::interrupted);
}

TEST_CASE("what is still open when the story ends lasts until then") {
  const auto drawn = tracks({instance(10, Kind::launch_requested), instance(40, Kind::notice)});
  CHECK(drawn.at(0).spans == std::vector<Span>{span(Activity::waiting, 0, 40)});
  CHECK(drawn.at(1).spans == std::vector<Span>{span(Activity::pending, 10, 40)});
  CHECK(drawn.at(1).marks.size() == 1);
}
