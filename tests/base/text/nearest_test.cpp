#include "base/text/nearest.h"

#include <catch2/catch.hpp>

#include "base/text/edit_distance.h"

using namespace spotmix;

TEST_CASE("The edit distance counts inserts and deletes and replacements and swaps") {
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("cuont", "count") == 1);
  CHECK(edit_distance("P3.2XLARGE", "p3.2xlarge") == 0);
}

TEST_CASE("The nearest name is offered and none where no name is near") {
  const std::vector<std::string> names{"p3.2xlarge", "p3.8xlarge", "c5.large"};
  CHECK(nearest_name("p3.2xlrage", names) == "p3.2xlarge");
  CHECK(nearest_name("c5large", names) == "c5.large");
  CHECK(nearest_name("zzzzzzzzzzzzzzzzzzzz", names).empty());
  CHECK(did_you_mean("p3.8xlarg", names) == "; did you mean \"p3.8xlarge\"?");
}

TEST_CASE(
    "A name that is cut short or continues behind a hyphen is the name that it shares a beginning with") {
  const std::vector<std::string> names{
      "bert-base",      "gpt2",   "gpt3-1.3b", "gpt3-125m",       "mixtral-8x7b",       "resnet50",
      "resnet50-cifar", "t5-11b", "t5-base",   "transformer-big", "transformer-xl-base"};
  CHECK(nearest_name("t5", names) == "t5-11b");
  CHECK(nearest_name("mixtral", names) == "mixtral-8x7b");
  CHECK(nearest_name("Transformer-XL", names) == "transformer-xl-base");
  CHECK(nearest_name("gpt3", names) == "gpt3-1.3b");  // though gpt2 is one edit away
  CHECK(nearest_name("resnet50-v1.5", names) == "resnet50");
  CHECK(nearest_name("resnet50-cifar-100", names) == "resnet50-cifar");
  CHECK(nearest_name("bert-huge", names) == "bert-base");
  CHECK(nearest_name("resnet500", names) == "resnet50");
}

TEST_CASE("No name of another generation is suggested") {
  const std::vector<std::string> names{"p2.8xlarge", "p3.16xlarge", "p5.48xlarge",
                                       "g6e.xlarge", "m6i.8xlarge", "c6i.2xlarge"};
  CHECK(nearest_name("p6-b200.48xlarge", names).empty());
  CHECK(nearest_name("p6-b300.48xlarge", names).empty());
  CHECK(nearest_name("p4.48xlarge", names).empty());
  CHECK(nearest_name("p3.61xlarge", names) == "p3.16xlarge");  // digits swapped
  CHECK(nearest_name("p5.4xlarge", names) == "p5.48xlarge");   // one left out
  CHECK(nearest_name("g6e.1xlarge", names) == "g6e.xlarge");   // one too many
  CHECK(nearest_name("us-east-3", {"us-east-1", "us-east-2"}).empty());
}

TEST_CASE("a name that lacks its last letter goes before longer ones that begin as it does") {
  CHECK(nearest_name("zone", {"zone_reclaims", "zones"}) == "zones");
  CHECK(nearest_name("z", {"zone_reclaims", "zones"}).empty());
}

TEST_CASE("a long list of names is cut short and a long text fits a line") {
  const std::vector<std::string> many(100, "name");
  CHECK(one_of(many).ends_with("… (100 in all)"));
  CHECK(in_quotes(std::string(1000, 'x')).size() < 80);
}
