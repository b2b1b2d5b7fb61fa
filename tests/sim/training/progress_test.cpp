// Progress against a model that steps through time a second at a time.
#include "sim/training/progress.h"

#include <catch2/catch.hpp>

#include "sim/engine/random.h"

using namespace spotmix;
using namespace spotmix::sim;

namespace {

CheckpointSpec every(Duration interval, Duration write) {
  CheckpointSpec spec;
  spec.interval = interval;
  spec.write = write;
  return spec;
}

/// The plain truth, second by second.
struct Naive {
  std::int64_t work, interval, write;
  std::int64_t done = 0, saved = 0, writing = 0, since_checkpoint = 0, write_left = 0;

  void second() {
    if (done == work) return;
    if (write_left > 0) {
      ++writing;
      if (--write_left == 0) saved = done;
      return;
    }
    ++done;
    if (++since_checkpoint == interval && done < work) {
      since_checkpoint = 0;
      write_left = write;
      if (write == 0) saved = done;
    }
    if (done == work) saved = work;
  }
};

}  // namespace

TEST_CASE("Periodic checkpoints: done, saved and finish time equal a second-by-second model") {
  RandomStream random(3, 0, 0, Purpose::step_noise);
  for (int round = 0; round < 300; ++round) {
    const auto draw = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.below(n)); };
    Naive naive{1 + draw(400), 1 + draw(60), draw(20)};
    Progress progress(seconds{naive.work}, every(seconds{naive.interval}, seconds{naive.write}));
    progress.begin(seconds{1000});
    std::int64_t finished_at = -1;
    for (std::int64_t t = 0; t <= 800; ++t) {
      REQUIRE(progress.done(seconds{1000 + t}) == seconds{naive.done});
      REQUIRE(progress.saved(seconds{1000 + t}) == seconds{naive.saved});
      if (finished_at < 0 && naive.done == naive.work) finished_at = t;
      naive.second();
    }
    if (finished_at >= 0) CHECK(progress.finish_time() == Time{seconds{1000 + finished_at}});
  }
}

TEST_CASE("An interruption undoes the work since the last complete checkpoint") {
  Progress progress(hours{10}, every(minutes{30}, minutes{1}));
  progress.begin(Time{0});
  // 0:30 trained, 0:31 saved, 1:01 trained, the second checkpoint is still being written at 1:01:30.
  Duration lost{0};
  const Progress::Spent spent = progress.lose(minutes{61} + seconds{30}, lost);
  CHECK(lost == minutes{30});
  CHECK(spent.work == minutes{60});
  CHECK(spent.writing == seconds{90});
  CHECK(progress.done(hours{2}) == minutes{30});
}

TEST_CASE("Without checkpoints an interruption undoes everything, with continuous ones nothing") {
  CheckpointSpec spec;
  Duration lost{0};
  spec.kind = CheckpointSpec::Kind::none;
  Progress none(hours{10}, spec);
  none.begin(Time{0});
  none.lose(hours{3}, lost);
  CHECK(lost == hours{3});
  spec.kind = CheckpointSpec::Kind::continuous;
  Progress continuous(hours{10}, spec);
  continuous.begin(Time{0});
  continuous.lose(hours{3}, lost);
  CHECK(lost == Duration{0});
  CHECK(continuous.saved(hours{3}) == hours{3});
}

TEST_CASE("A paused job that saves loses nothing afterwards") {
  Progress progress(hours{10}, every(hours{1}, minutes{5}));
  progress.begin(Time{0});
  progress.pause(minutes{20});
  progress.save();
  Duration lost{0};
  progress.begin(minutes{25});
  progress.lose(minutes{30}, lost);
  CHECK(lost == minutes{5});
  CHECK(progress.saved(minutes{30}) == minutes{20});
}

TEST_CASE("No checkpoint is written at the end of the job") {
  Progress progress(hours{2}, every(hours{1}, minutes{5}));
  progress.begin(Time{0});
  CHECK(progress.finish_time() == Time{hours{2} + minutes{5}});
  std::vector<Time> writes;
  progress.visit_checkpoints(hours{9}, [&](Time begin, Time) { writes.push_back(begin); });
  CHECK(writes == std::vector<Time>{hours{1}});
}
