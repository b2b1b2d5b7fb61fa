#include "models/step/pipeline.h"

#include <algorithm>
#include <random>

#include <catch2/catch.hpp>

using namespace spotmix;
using models::PipelineWork;
using Schedule = models::PipelineSchedule;

namespace {

PipelineWork equal_pipeline(Schedule schedule, int devices, int chunks, int micro_batches) {
  PipelineWork work{
      .schedule = schedule, .devices = devices, .chunks = chunks, .micro_batches = micro_batches};
  work.pieces.assign(static_cast<std::size_t>(devices) * static_cast<std::size_t>(chunks),
                     {StepDuration{700}, StepDuration{1400}});
  return work;
}

PipelineWork random_pipeline(std::mt19937& random) {
  const auto up_to = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)) + 1; };
  PipelineWork work;
  work.schedule = static_cast<Schedule>(up_to(3) - 1);
  work.devices = up_to(8);
  work.chunks = work.schedule == Schedule::interleaved ? up_to(4) : 1;
  work.micro_batches = work.chunks > 1 ? work.devices * up_to(5) : up_to(30);
  work.sender_waits = up_to(2) == 1;
  const bool sends = up_to(2) == 1;
  for (int i = 0; i + 1 < work.devices * work.chunks; ++i)
    work.transfers.emplace_back(sends ? up_to(300) : 0);
  const bool equal = up_to(2) == 1;
  const models::PieceCost one{StepDuration{up_to(1000)}, StepDuration{up_to(2000)}};
  for (int i = 0; i < work.devices * work.chunks; ++i) {
    work.pieces.push_back(equal ? one
                                : models::PieceCost{StepDuration{up_to(1000)}, StepDuration{up_to(2000)}});
  }
  if (up_to(2) == 1) work.pieces.back().forward += StepDuration{2500};
  return work;
}

}  // namespace

TEST_CASE("A pipeline of equal stages takes (m + p - 1)(f + b)") {
  for (const Schedule schedule : {Schedule::gpipe, Schedule::one_forward_one_backward}) {
    const PipelineWork work = equal_pipeline(schedule, 4, 1, 10);
    CHECK(models::run_pipeline(work).length == StepDuration{(10 + 4 - 1) * 2100});
  }
}

TEST_CASE("Interleaving v chunks divides the bubble by v") {
  const PipelineWork work = equal_pipeline(Schedule::interleaved, 4, 3, 8);
  CHECK(models::run_pipeline(work).length == StepDuration{(8 * 3 + 4 - 1) * 2100});
}

TEST_CASE("The event engine and the closed form agree to the picosecond wherever both apply") {
  std::mt19937 random(20260);
  int both = 0;
  for (int i = 0; i < 5000; ++i) {
    const PipelineWork work = random_pipeline(random);
    const auto formula = models::closed_form(work);
    if (!formula) continue;
    ++both;
    const models::PipelineRun run = models::run_pipeline(work);
    REQUIRE(run.length == formula->length);
    REQUIRE(run.end == formula->end);
    REQUIRE(run.busy == formula->busy);
    REQUIRE(run.sending == formula->sending);
  }
  CHECK(both > 2000);
}

TEST_CASE("No schedule is shorter than its busiest device or than one micro-batch's way through") {
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) {
    const PipelineWork work = random_pipeline(random);
    const models::PipelineRun run = models::run_pipeline(work);
    StepDuration way{};
    for (const models::PieceCost& piece : work.pieces) way += piece.forward + piece.backward;
    CHECK(run.length >= way);
    for (const StepDuration busy : run.busy) CHECK(run.length >= busy);
  }
}

TEST_CASE("Every micro-batch passes every piece once each way and no device does two things at once") {
  PipelineWork work = equal_pipeline(Schedule::interleaved, 3, 2, 6);
  work.transfers.assign(5, StepDuration{50});
  work.pieces[4].forward = StepDuration{900};
  std::vector<models::Span> spans;
  const models::PipelineRun run = models::run_pipeline(work, &spans);
  const auto passes =
      std::count_if(spans.begin(), spans.end(), [](const models::Span& span) { return span.chunk >= 0; });
  CHECK(passes == 2L * 6 * 6);
  for (const models::Span& a : spans) {
    CHECK(a.start + a.length <= run.length);
    for (const models::Span& b : spans) {
      if (&a == &b || a.row != b.row) continue;
      CHECK((a.start + a.length <= b.start || b.start + b.length <= a.start));
    }
  }
}
