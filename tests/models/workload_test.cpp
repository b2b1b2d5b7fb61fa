#include <catch2/catch.hpp>

#include "models/workload/library.h"

using namespace spotmix::models;

namespace {
Workload named(const std::string& name, const WorkloadInputs& inputs = {}) {
  return find_workload(name, inputs).value();
}
}  // namespace

TEST_CASE("Parameters of published networks are as torchvision and the papers count them") {
  CHECK(parameters(named("resnet18")) == 11'689'512);
  CHECK(parameters(named("resnet34")) == 21'797'672);
  CHECK(parameters(named("resnet50")) == 25'557'032);
  CHECK(parameters(named("resnet101")) == 44'549'160);
  CHECK(parameters(named("resnet152")) == 60'192'808);
  // BertForPreTraining of bert-large-uncased.
  CHECK(parameters(named("bert-large")) == Approx(336.2e6).epsilon(0.002));
}

TEST_CASE("Forward FLOP of published networks are as the papers give them") {
  CHECK(forward_flop(named("resnet50")) / 2 == Approx(4.09e9).epsilon(0.01));
  CHECK(forward_flop(named("resnet152")) / 2 == Approx(11.5e9).epsilon(0.01));
}

TEST_CASE("Backward takes twice the FLOP of forward, save what the first layer does not pass on") {
  const Workload workload = named("bert-large");
  CHECK(training_flop(workload) == Approx(3 * forward_flop(workload)));
}

TEST_CASE("Smaller images and shorter sequences take less work with the same parameters") {
  const Workload small = named("resnet50", {.image_size = 128});
  CHECK(parameters(small) == parameters(named("resnet50")));
  CHECK(forward_flop(small) ==
        Approx(forward_flop(named("resnet50")) * 128 * 128 / (224.0 * 224)).epsilon(0.05));
  CHECK(forward_flop(named("bert-large", {.sequence_length = 128})) < forward_flop(named("bert-large")) / 4);
}

TEST_CASE("A misspelt workload gets the nearest names") {
  CHECK_FALSE(find_workload("resnet51"));
  CHECK(nearest_workload_names("bert_large").front() == "bert-large");
  CHECK(nearest_workload_names("resnet-50").front() == "resnet50");
}
