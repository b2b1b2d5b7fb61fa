#include "scenarios/import.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <random>

#include <catch2/catch.hpp>

#include "base/files/whole_file.h"
#include "base/text/text_values.h"
#include "scenarios/trace.h"

using namespace spotmix;
using namespace spotmix::scenarios;
namespace fs = std::filesystem;

namespace {

const fs::path kShared = fs::path(SPOTMIX_SOURCE_DIR) / ".." / "shared" / "data";

fs::path input(const std::string& name, const std::string& text) {
  const fs::path folder = fs::path(SPOTMIX_BINARY_DIR) / "scratch-import";
  fs::create_directories(folder);
  std::ofstream(folder / name, std::ios::binary) << text;
  return folder / name;
}

std::string row(const char* zone, const char* product, const char* price, const char* time) {
  return std::string(R"({"AvailabilityZone":")") + zone +
         R"(","InstanceType":"m5.large","ProductDescription":")" + product + R"(","SpotPrice":")" + price +
         R"(","Timestamp":")" + time + R"("})";
}

Trace imported(const std::vector<fs::path>& inputs, const ImportOptions& options = {}) {
  const Result<Imported> result = import_files(inputs, options);
  for (const Problem& problem : result.problems) UNSCOPED_INFO(to_line(problem));
  REQUIRE(result);
  Result<Trace> trace = parse_trace("imported", result.value->text);
  REQUIRE(trace);
  return *trace.value;
}

std::string refused(const std::vector<fs::path>& inputs, const ImportOptions& options = {}) {
  const Result<Imported> result = import_files(inputs, options);
  CHECK_FALSE(result);
  return result.problems.empty() ? "" : result.problems.front().message;
}

}  // namespace

TEST_CASE("Pages of a price history are merged and sorted and freed of repeats", "[rule 18]") {
  const auto first =
      input("page1.json", R"({"SpotPriceHistory":[)" +
                              row("us-east-1a", "Linux/UNIX", "0.0300", "2021-01-03T00:00:00+00:00") + "," +
                              row("us-east-1a", "Linux/UNIX", "0.0200", "2021-01-02T00:00:00+00:00") + "]}");
  const auto second = input(
      "page2.json", "[" + row("us-east-1a", "Linux/UNIX", "0.020000", "2021-01-02T00:00:00+00:00") + "," +
                        row("us-east-1a", "Linux/UNIX", "0.0200", "2021-01-01T12:00:00+00:00") + "," +
                        row("us-east-1b", "Linux/UNIX", "0.0500", "2021-01-01T00:00:00+00:00") + "]");
  const Trace trace = imported({first, second});
  REQUIRE(trace.pools.size() == 2);
  const TracePool& a = trace.pools[0];
  CHECK(a.zone == "us-east-1a");
  CHECK(a.prices->at == std::vector<Time>{*parse_time("2021-01-01T12:00:00Z"), *parse_time("2021-01-03")});
  CHECK(a.prices->value == std::vector<HourlyPrice>{usd_per_hour(0.02), usd_per_hour(0.03)});
  // The newest row of all pages is a moment at which every pool's last price still held.
  CHECK(trace.pools[1].end == a.end);
  CHECK(a.end == *parse_time("2021-01-03T00:00:01Z"));
}

TEST_CASE("the order of rows and pages makes no difference") {
  std::vector<std::string> rows;
  for (int day = 1; day <= 28; ++day) {
    const std::string time =
        "2021-02-" + std::string(day < 10 ? "0" : "") + std::to_string(day) + "T00:00:00+00:00";
    rows.push_back(
        row("us-east-1a", "Linux/UNIX", ("0.0" + std::to_string(10 + day % 5)).c_str(), time.c_str()));
  }
  std::string expected;
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(rows.begin(), rows.end(), random);
    std::array<std::string, 2> pages;
    for (std::size_t i = 0; i < rows.size(); ++i) pages[i % 2] += (pages[i % 2].empty() ? "" : ",") + rows[i];
    const auto result =
        import_files({input("p1.json", "[" + pages[0] + "]"), input("p2.json", "[" + pages[1] + "]")}, {});
    REQUIRE(result);
    if (expected.empty()) expected = result.value->text;
    CHECK(result.value->text == expected);
  }
}

TEST_CASE("products are never mixed") {
  const auto page =
      input("two.json", "[" + row("us-east-1a", "Linux/UNIX", "0.02", "2021-01-02T00:00:00Z") + "," +
                            row("us-east-1a", "Windows", "0.09", "2021-01-02T00:00:00Z") + "]");
  CHECK(refused({page}) ==
        "found 2 products mixed, expected one: give --product with one of \"Linux/UNIX\", \"Windows\"");
  ImportOptions options;
  options.product = "Windows";
  CHECK(imported({page}, options).pools.at(0).prices->value.at(0) == usd_per_hour(0.09));
  options.product = "Windoze";
  CHECK(refused({page}, options) ==
        "found no prices of what was asked for, expected at least one: the products are \"Linux/UNIX\", "
        "\"Windows\"; did you mean "
        "\"Windows\"?");
}

TEST_CASE("A price history with a broken row is refused and the row is named") {
  const auto bad = [](const char* price, const char* time) {
    const auto result =
        import_files({input("bad.json", "[" + row("us-east-1a", "Linux/UNIX", price, time) + "]")}, {});
    return result.problems.empty() ? ""
                                   : result.problems.front().where + ": " + result.problems.front().message;
  };
  CHECK(bad("0.02x", "2021-01-02T00:00:00Z") ==
        "[0].SpotPrice: found \"0.02x\", expected a price such as \"0.0437\"");
  CHECK(bad("-1", "2021-01-02T00:00:00Z") ==
        "[0].SpotPrice: found \"-1\", expected a price such as \"0.0437\"");
  CHECK(bad("0.02", "2 January") ==
        "[0].Timestamp: found \"2 January\", expected a time from 1970 to 2199 such as "
        "\"2021-02-09T01:40:10+00:00\"");
}

TEST_CASE("A CSV of prices is sorted and takes its pool from its name") {
  const std::string text =
      "timestamp_utc,price_usd_per_hour\n2015-03-11 16:58:12+00:00,0.0321\n2015-03-11 "
      "16:54:38+00:00,0.0324\n";
  write_file(input("2015-us-east-1a-Linux-c3.xlarge.csv.gz", ""), text);
  const Trace trace =
      imported({fs::path(SPOTMIX_BINARY_DIR) / "scratch-import" / "2015-us-east-1a-Linux-c3.xlarge.csv.gz"});
  CHECK(trace.pools.at(0).instance == "c3.xlarge");
  CHECK(trace.pools.at(0).zone == "us-east-1a");
  CHECK(trace.pools.at(0).product == "Linux/UNIX");
  CHECK(trace.pools.at(0).prices->value ==
        std::vector<HourlyPrice>{usd_per_hour(0.0324), usd_per_hour(0.0321)});
  CHECK(refused({input("prices.csv", text)}) == "found no instance type, expected one: give --instance");
}

TEST_CASE("A CSV of prices with a broken line is refused and the line is named") {
  const auto result =
      import_files({input("2015-us-east-1a-Linux-c3.xlarge.csv",
                          "timestamp_utc,price_usd_per_hour\n2015-03-11 16:54:38,0.03\nnonsense\n")},
                   {});
  REQUIRE(result.problems.size() == 1);
  CHECK(result.problems[0].where == "line 3");
}

TEST_CASE("Capacity files say yes and no in opposite ways and each is read its own way") {
  const std::string ticks = R"({"metadata": {"gap_seconds": 600}, "data": [0, 0, 1, 1, 0]})";
  const auto capacity = [&](const std::string& name, const ImportOptions& options = {}) {
    return imported({input(name, ticks)}, options).pools.at(0);
  };
  const TracePool unavailable = capacity("us-west-2a_v100_1.txt");
  CHECK(unavailable.instance == "p3.2xlarge");
  CHECK(unavailable.capacity->binary);
  CHECK(unavailable.capacity->series.value == std::vector<int>{1, 0, 1});
  CHECK(unavailable.capacity->series.at ==
        std::vector<Time>{Time{}, Time{seconds{1200}}, Time{seconds{2400}}});
  CHECK(unavailable.end == Time{seconds{3000}});
  const TracePool count = capacity("2022-us-west-2a_v100_1.json");
  CHECK_FALSE(count.capacity->binary);
  CHECK(count.capacity->series.value == std::vector<int>{0, 1, 0});
  CHECK(capacity("16node-us-east-2b-p3.2xlarge.json").zone == "us-east-2b");
  CHECK(refused({input("mystery.json", ticks)}) == "found no instance type, expected one: give --instance");
  ImportOptions options;
  options.instance = "p3.2xlarge";
  options.zone = "us-east-1a";
  options.capacity_meaning = CapacityMeaning::available_is_one;
  CHECK(capacity("mystery.json", options).capacity->series.value == std::vector<int>{0, 1, 0});
}

TEST_CASE("a capacity file whose meaning cannot be told is refused") {
  ImportOptions options;
  options.instance = "p3.2xlarge";
  options.zone = "us-east-1a";
  const auto file = input("mystery.json", R"({"metadata": {"gap_seconds": 600}, "data": [0, 1]})");
  CHECK(refused({file}, options) ==
        "found numbers whose meaning cannot be told, expected --capacity-values unavailable, available or "
        "count");
}

TEST_CASE("a log of nodes that come and go becomes a count") {
  ImportOptions options;
  options.instance = "p3.2xlarge";
  options.zone = "us-east-1";
  const auto log = input("log.csv", "0,add,a\n0,add,b\n60000,add,c\n120000,remove,a\n120000,remove,b\n");
  const TracePool pool = imported({log}, options).pools.at(0);
  CHECK(pool.capacity->series.at == std::vector<Time>{Time{}, Time{seconds{60}}, Time{seconds{120}}});
  CHECK(pool.capacity->series.value == std::vector<int>{2, 3, 1});
  CHECK(refused({input("log.csv", "0,add,a\n0,add,a\n")}, options) ==
        "found node \"a\" added twice, expected the opposite");
  CHECK(refused({input("log.csv", "5,add,a\n0,add,b\n")}, options) ==
        "found a time before that of the line above, expected ascending times");
}

TEST_CASE("Prices of one trace of ours and capacity of another are merged") {
  const char* head =
      R"({"spotmix_trace":1,"source":"x","pools":[{"instance":"i","zone":"z","start":"2023-01-01T00:00:00Z","end":"2023-01-02T00:00:00Z",)";
  const auto prices = input("a.json", std::string(head) + R"("prices":{"after_s":[0],"usd_per_h":["1"]}}]})");
  const auto capacity =
      input("b.json", std::string(head) + R"("capacity":{"kind":"count","after_s":[0],"available":[3]}}]})");
  const Trace trace = imported({prices, capacity});
  REQUIRE(trace.pools.size() == 1);
  CHECK(trace.pools[0].prices);
  CHECK(trace.pools[0].capacity);
  CHECK(refused({prices, prices}) ==
        "found i in z a second time, expected prices and capacity of a pool once");
}

TEST_CASE("Prices and capacity that end at different times are cut at the earlier with a warning") {
  const auto pool = [](const char* end, const char* series) {
    return std::string(R"({"spotmix_trace":1,"source":"x","pools":[{"instance":"i","zone":"z",)") +
           R"("start":"2023-01-01T00:00:00Z","end":")" + end + "\"," + series + "}]}";
  };
  const auto prices = input(
      "long.json", pool("2023-01-03T00:00:00Z", R"("prices":{"after_s":[0,90000],"usd_per_h":["1","2"]})"));
  const auto capacity = input(
      "short.json",
      pool("2023-01-02T00:00:00Z", R"("capacity":{"kind":"count","after_s":[0,3600],"available":[3,4]})"));
  for (const auto& inputs : {std::vector{prices, capacity}, std::vector{capacity, prices}}) {
    const Trace trace = imported(inputs);
    REQUIRE(trace.pools.size() == 1);
    CHECK(trace.pools[0].end == *parse_time("2023-01-02T00:00:00Z"));
    CHECK(trace.pools[0].prices->at.size() == 1);
    CHECK(trace.pools[0].capacity->series.at.size() == 2);
    const Result<Imported> result = import_files(inputs, {});
    REQUIRE(result.warnings.size() == 1);
    CHECK(result.warnings[0].message ==
          "prices and capacity of i in z end at different times, 2023-01-02T00:00:00Z and "
          "2023-01-03T00:00:00Z; both are cut at the earlier");
  }
  const auto late = input(
      "late.json",
      pool("2023-01-04T00:00:00Z", R"("capacity":{"kind":"count","after_s":[200000],"available":[3]})"));
  CHECK(refused({prices, late}) ==
        "found prices and capacity of i in z that have no time in common, expected them of the same time");
}

TEST_CASE("what is nothing that we know is refused") {
  CHECK(refused({input("text.txt", "hello\n")}).starts_with("found a format that is not known"));
  CHECK(refused({}) == "found no input, expected at least one file");
}

TEST_CASE("every price and capacity file of ../shared/data imports") {
  if (!fs::exists(kShared)) {
    WARN("../shared/data is not there: its files are not imported");
    return;
  }
  std::vector<fs::path> files;
  for (const char* folder :
       {"capacity/v100_9zone", "capacity/h100_13zone", "capacity/cbl", "capacity/nodes", "prices"}) {
    for (const auto& entry : fs::directory_iterator(kShared / folder)) files.push_back(entry.path());
  }
  int imports = 0;
  for (const fs::path& file : files) {
    const std::string name = file.filename().string();
    if (name == "LICENSE" || name == "NOTICE" || name.starts_with("aws_egress") ||
        name.starts_with("spot-advisor"))
      continue;
    INFO(name);
    ImportOptions options;
    options.product = "Linux/UNIX";
    if (name.starts_with("bamboo")) {
      options.instance = "p3.2xlarge";
      options.zone = "us-east-1";
    }
    CHECK_FALSE(imported({file}, options).pools.empty());
    ++imports;
  }
  CHECK(imports >= 50);
}
