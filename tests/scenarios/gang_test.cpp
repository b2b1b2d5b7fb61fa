#include <catch2/catch.hpp>

#include "tests/scenarios/small_scenario.h"

using namespace spotmix;
using namespace spotmix::scenarios;
using nlohmann::json;
using tests::build;
using tests::mix_with;

namespace {

/// Eight p3.2xlarge whose gang is as given.
sim::Mix with_gang(json gang, const json& workload = json::object()) {
  json more = mix_with("gang", std::move(gang));
  more["mixes"][0]["groups"][0]["count"] = 8;
  more["workload"]["samples_per_s"] = json::parse(
      R"([{"cluster": {"p3.2xlarge": 8}, "samples_per_s": 700, "source": "assumed"},
          {"cluster": {"p3.2xlarge": 4}, "samples_per_s": 400, "source": "assumed"}])");
  more["workload"].update(workload);
  return build(more).experiment.mixes[0];
}

json computed() {
  return {{"samples_per_s", nullptr}, {"model", "resnet50"}, {"global_batch", 256}, {"precision", "fp16"}};
}

}  // namespace

TEST_CASE("a gang is rigid unless the mix says") {
  CHECK(build({}).experiment.mixes[0].gang.kind == sim::GangKind::rigid);
}

TEST_CASE("An elastic gang has the speed given for each size and that of the line in between") {
  const sim::GangSpec gang =
      with_gang({{"kind", "elastic"}, {"min", 2}, {"multiple_of", 2}, {"reconfigure_s", 30}}).gang;
  CHECK(gang.kind == sim::GangKind::elastic);
  CHECK(gang.min_units == 2);
  CHECK(gang.multiple_of == 2);
  CHECK(gang.reconfigure == seconds{30});
  REQUIRE(gang.speed.size() == 9);
  CHECK(gang.speed[0] == 0);
  CHECK(gang.speed[2] == Approx(200.0 / 700));
  CHECK(gang.speed[4] == Approx(400.0 / 700));
  CHECK(gang.speed[6] == Approx(550.0 / 700));
  CHECK(gang.speed[8] == 1);
}

TEST_CASE("A computed speed is that of a mix of that size whose batch is kept or scaled") {
  const auto rate = [](int count, int batch) {
    json more = mix_with("recovery", json::parse(R"({"checkpoint": {"size_gb": 1}})"));
    more["mixes"][0]["groups"][0]["count"] = count;
    more["workload"] = computed();
    more["workload"]["global_batch"] = batch;
    return *build(more).details[0].samples_per_s;
  };
  const auto speed = [](const char* batch) {
    return with_gang({{"kind", "elastic"}, {"batch", batch}}, computed()).gang.speed;
  };
  CHECK(speed("kept")[4] == Approx(rate(4, 256) / rate(8, 256)));
  CHECK(speed("scaled")[4] == Approx(rate(4, 128) / rate(8, 256)));
  // 256 samples do not divide by three: the step takes as long as one of 258.
  CHECK(speed("kept")[3] == Approx(rate(3, 258) * 256 / 258 / rate(8, 256)));
}

TEST_CASE("a smaller gang that keeps its batch works it off faster per device than one whose batch shrinks") {
  const auto speed = [](const char* batch) {
    return with_gang({{"kind", "elastic"}, {"batch", batch}}, computed()).gang.speed[4];
  };
  CHECK(speed("kept") >= speed("scaled"));
}

TEST_CASE("a gang does not shrink below what its model fits on") {
  // GPT-3 2.7B with its optimizer's state fits on no V100 of 16 GB alone.
  const json workload = {{"samples_per_s", nullptr}, {"model", "gpt3-2.7b"}, {"sequence_length", 1024},
                         {"global_batch", 64},       {"precision", "fp16"},  {"optimizer", "adam"}};
  const sim::GangSpec gang = with_gang({{"kind", "elastic"}}, workload).gang;
  CHECK(gang.min_units > 1);
  CHECK(gang.min_units < 8);
  for (int units = 0; units <= 8; ++units) {
    INFO(units);
    CHECK((gang.speed[static_cast<std::size_t>(units)] > 0) == (units >= gang.min_units));
  }
}

TEST_CASE("pipelines have a speed for each number of them") {
  const sim::GangSpec gang = with_gang({{"kind", "redundant_pipelines"},
                                        {"stages", 4},
                                        {"doubled_slowdown", 1.25},
                                        {"global_rendezvous_s", 60}})
                                 .gang;
  CHECK(gang.stages == 4);
  CHECK(gang.max_pipelines == 2);
  CHECK(gang.doubled_slowdown == 1.25);
  CHECK(gang.global_rendezvous == minutes{1});
  REQUIRE(gang.speed.size() == 3);
  CHECK(gang.speed[1] == Approx(400.0 / 700));
  CHECK(gang.speed[2] == 1);
  CHECK(with_gang({{"kind", "templates"}, {"stages", 4}}).gang.speed.size() == 9);
}

TEST_CASE("speeds that are given are taken") {
  const json gang = {{"kind", "redundant_pipelines"}, {"stages", 4}, {"speed", {0, 0.6, 1}}};
  CHECK(with_gang(gang).gang.speed == std::vector<double>{0, 0.6, 1});
}

TEST_CASE("A launch keeps to a zone and leaves it and replaces before termination as written") {
  const json launch = {
      {"single_zone", true}, {"leave_zone_after_min", 5}, {"replace_before_termination", true}};
  const sim::LaunchSpec spec = build(mix_with("launch", launch)).experiment.mixes[0].launch;
  CHECK(spec.single_zone);
  CHECK(spec.leave_zone_after == minutes{5});
  CHECK(spec.replace_before_termination);
  CHECK(build({}).experiment.mixes[0].launch.leave_zone_after == kForever);
}
