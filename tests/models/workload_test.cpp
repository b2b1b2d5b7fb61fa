#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "models/workload/library.h"
#include "tests/models/fixtures.h"

using namespace spotmix::models;
using spotmix::tests::named;

TEST_CASE("Parameters of published networks are as torchvision and the papers count them") {
  CHECK(parameters(named("resnet18")) == 11'689'512);
  CHECK(parameters(named("resnet34")) == 21'797'672);
  CHECK(parameters(named("resnet50")) == 25'557'032);
  CHECK(parameters(named("resnet101")) == 44'549'160);
  CHECK(parameters(named("resnet152")) == 60'192'808);
  CHECK(parameters(named("resnext101-32x4d")) == 44'177'704);
  CHECK(parameters(named("vgg11")) == 132'863'336);
  CHECK(parameters(named("vgg16")) == 138'357'544);
  CHECK(parameters(named("vgg19")) == 143'667'240);
  CHECK(parameters(named("alexnet")) == 61'100'840);
  CHECK(parameters(named("inception-v3")) == 23'834'568);
  CHECK(parameters(named("efficientnet-b0")) == 5'288'548);
  CHECK(parameters(named("efficientnet-b4")) == 19'341'616);
  CHECK(parameters(named("unet")) == Approx(31.0e6).epsilon(0.01));
  CHECK(parameters(named("mask-rcnn")) == Approx(44.4e6).epsilon(0.02));
  CHECK(parameters(named("nnunet-3d")) == Approx(31.2e6).epsilon(0.03));
  CHECK(parameters(named("resnet18-cifar")) == 11'173'962);
  CHECK(parameters(named("bert-base")) == Approx(110.1e6).epsilon(0.005));
  CHECK(parameters(named("bert-large")) == Approx(336.2e6).epsilon(0.002));
  CHECK(parameters(named("gpt2")) == 124'439'808);
  CHECK(parameters(named("gpt2-xl")) == 1'557'611'200);
  CHECK(parameters(named("gpt3-175b")) == Approx(175e9).epsilon(0.005));
  CHECK(parameters(named("gpt3-1t")) == Approx(1008e9).epsilon(0.005));
  // llm-foundry prints these for MPT.
  CHECK(parameters(named("mpt-125m")) == 125'311'488);
  CHECK(parameters(named("mpt-7b")) == 6'658'859'008);
  CHECK(parameters(named("mpt-70b")) == 64'862'437'376);
  CHECK(parameters(named("t5-base")) == Approx(222.9e6).epsilon(0.005));
  CHECK(parameters(named("t5-11b")) == Approx(11.3e9).epsilon(0.01));
  CHECK(parameters(named("llama2-7b")) == 6'738'415'616);
  CHECK(parameters(named("llama2-70b")) == 68'976'648'192);
  CHECK(parameters(named("llama3-8b")) == 8'030'261'248);
  CHECK(parameters(named("mixtral-8x7b")) == 46'702'792'704);
  CHECK(parameters(named("transformer-big")) == Approx(210e6).epsilon(0.02));
  CHECK(parameters(named("transformer-xl-base")) == Approx(192e6).epsilon(0.05));
  CHECK(parameters(named("gnmt")) == Approx(160e6).epsilon(0.03));
  CHECK(parameters(named("ncf")) == Approx(31.8e6).epsilon(0.01));
  CHECK(parameters(named("dlrm")) == Approx(24.0e9).epsilon(0.02));
}

TEST_CASE("Forward FLOP of published networks are as the papers give them") {
  CHECK(forward_flop(named("resnet50")) / 2 == Approx(4.09e9).epsilon(0.01));
  CHECK(forward_flop(named("resnet152")) / 2 == Approx(11.5e9).epsilon(0.01));
  CHECK(forward_flop(named("vgg16")) / 2 == Approx(15.5e9).epsilon(0.01));
  CHECK(forward_flop(named("inception-v3")) / 2 == Approx(5.7e9).epsilon(0.02));
  CHECK(forward_flop(named("efficientnet-b0")) / 2 == Approx(0.39e9).epsilon(0.03));
}

TEST_CASE("Backward takes twice the FLOP of forward save what the first layer does not pass on") {
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

TEST_CASE("A convolution reads each pixel once however often its kernel meets it") {
  const Workload network = named("vgg16");
  CHECK(network.layers.front().forward.front().reuse == 9);
  CHECK(named("resnet50").layers.front().forward.front().reuse == Approx(49.0 / 4));
}

TEST_CASE("A misspelt workload is none") {
  CHECK_FALSE(find_workload("resnet51"));
}

TEST_CASE("The documentation lists every name of the library") {
  std::ifstream file(SPOTMIX_SOURCE_DIR "/docs/scenario.md");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  REQUIRE_FALSE(text.empty());
  for (const std::string& name : workload_names()) {
    CAPTURE(name);
    CHECK(text.find("`" + name + "`") != std::string::npos);
  }
}
