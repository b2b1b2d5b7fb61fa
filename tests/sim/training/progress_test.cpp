// Progress against a model that steps through time a second at a time.
#include "sim/training/progress.h"

#include <catch2/catch.hpp>

#include "base/random/random.h"

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
  std::int64_t work, interval, write, upload, full_every, write_increment, upload_increment;
  std::int64_t done = 0, saved = 0, writing = 0, since_checkpoint = 0, write_left = 0, writes = 0, now = 0;
  std::vector<std::pair<std::int64_t, std::int64_t>> uploads{};  // ready at, work in it

  void settle() {
    for (const auto& [at, work_saved] : uploads) {
      if (at <= now && done < work) saved = std::max(saved, work_saved);
    }
    if (done == work) saved = work;
  }
  bool last_was_full() const { return (writes - 1) % full_every == 0; }
  void wrote() { uploads.emplace_back(now + (last_was_full() ? upload : upload_increment), done); }
  void second() {
    ++now;
    if (done == work) return;
    if (write_left > 0) {
      ++writing;
      if (--write_left == 0) wrote();
      return settle();
    }
    ++done;
    if (++since_checkpoint == interval && done < work) {
      since_checkpoint = 0;
      write_left = writes++ % full_every == 0 ? write : write_increment;
      if (write_left == 0) wrote();
    }
    settle();
  }
};

}  // namespace

TEST_CASE("Periodic checkpoints agree with a second-by-second model on work done and saved and finish time") {
  RandomStream random(3, 0, 0, Purpose::step_noise);
  for (int round = 0; round < 300; ++round) {
    const auto draw = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.below(n)); };
    Naive naive{1 + draw(400), 1 + draw(60), draw(20),          draw(3) * draw(40),
                1 + draw(4),   draw(10),     draw(3) * draw(20)};
    CheckpointSpec spec = every(seconds{naive.interval}, seconds{naive.write});
    spec.upload = seconds{naive.upload};
    spec.full_every = static_cast<int>(naive.full_every);
    spec.write_increment = seconds{naive.write_increment};
    spec.upload_increment = seconds{naive.upload_increment};
    Progress progress(seconds{naive.work}, spec);
    Progress::Spent spent;
    progress.begin(Time{seconds{1000}});
    std::int64_t finished_at = -1;
    for (std::int64_t t = 0; t <= 800; ++t) {
      REQUIRE(progress.done(Time{seconds{1000 + t}}) == seconds{naive.done});
      REQUIRE(progress.saved(Time{seconds{1000 + t}}) == seconds{naive.saved});
      const Progress::Spent more = progress.spend(Time{seconds{1000 + t}});
      spent.training += more.training;
      spent.writing += more.writing;
      REQUIRE(spent.training == seconds{naive.done});
      REQUIRE(spent.writing == seconds{naive.writing});
      if (finished_at < 0 && naive.done == naive.work) finished_at = t;
      naive.second();
    }
    if (finished_at >= 0) CHECK(progress.finish_time() == Time{seconds{1000 + finished_at}});
  }
}

TEST_CASE("An interruption undoes the work since the last complete checkpoint") {
  Progress progress(hours{10}, every(minutes{30}, minutes{1}));
  progress.begin(Time{});
  // 0:30 trained, 0:31 saved, 1:01 trained, the second checkpoint is still being written at 1:01:30.
  const Progress::Spent spent = progress.spend(Time{minutes{61} + seconds{30}});
  CHECK(progress.lose(Time{minutes{61} + seconds{30}}) == minutes{30});
  CHECK(spent.training == minutes{60});
  CHECK(spent.writing == seconds{90});
  CHECK(progress.done(Time{hours{2}}) == minutes{30});
}

TEST_CASE("An interruption undoes everything without checkpoints and nothing with continuous ones") {
  CheckpointSpec spec;
  spec.kind = CheckpointSpec::Kind::none;
  Progress none(hours{10}, spec);
  none.begin(Time{});
  CHECK(none.lose(Time{hours{3}}) == hours{3});
  spec.kind = CheckpointSpec::Kind::continuous;
  Progress continuous(hours{10}, spec);
  continuous.begin(Time{});
  CHECK(continuous.lose(Time{hours{3}}) == Duration{0});
  CHECK(continuous.saved(Time{hours{3}}) == hours{3});
}

TEST_CASE("A paused job that saves loses nothing afterwards") {
  Progress progress(hours{10}, every(hours{1}, minutes{5}));
  progress.begin(Time{});
  progress.pause(Time{minutes{20}});
  progress.save();
  progress.begin(Time{minutes{25}});
  CHECK(progress.lose(Time{minutes{30}}) == minutes{5});
  CHECK(progress.saved(Time{minutes{30}}) == minutes{20});
}

TEST_CASE("No checkpoint is written at the end of the job") {
  Progress progress(hours{2}, every(hours{1}, minutes{5}));
  progress.begin(Time{});
  CHECK(progress.finish_time() == Time{hours{2} + minutes{5}});
  std::vector<Time> writes;
  progress.visit_checkpoints(Time{hours{9}}, [&](Time begin, Time) { writes.push_back(begin); });
  CHECK(writes == std::vector<Time>{Time{hours{1}}});
}

TEST_CASE("Half a gang takes twice the time for the work and loses the time it took") {
  Progress progress(hours{10}, every(hours{1}, minutes{6}));
  progress.begin(Time{}, Speed{500'000'000});
  CHECK(progress.done(Time{hours{1}}) == minutes{30});
  CHECK(progress.saved(Time{minutes{66}}) == minutes{30});
  CHECK(progress.finish_time() == Time{hours{20} + 19 * minutes{6}});
  CHECK(progress.lose(Time{minutes{96}}) == minutes{30});
  CHECK(progress.done(Time{minutes{96}}) == minutes{30});
}
