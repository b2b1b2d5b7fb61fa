// One price history in all the forms in which people keep it: what comes out is the same.
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "base/files/whole_file.h"
#include "base/text/encoding.h"
#include "scenarios/import.h"
#include "tests/scratch.h"

using namespace spotmix;
using scenarios::ImportOptions;
using scenarios::Trace;

namespace {

struct Row {
  const char* zone;
  const char* price;
  const char* time;
  long epoch_s;
};
const std::vector<Row> kRows{{"us-east-1a", "0.918000", "2021-05-29T20:01:05+00:00", 1622318465},
                             {"us-east-1b", "0.918100", "2021-05-29T11:00:00+00:00", 1622286000},
                             {"us-east-1a", "0.920100", "2021-05-28T03:00:00+00:00", 1622170800}};

template <class Form>
std::string joined(const char* separator, Form&& form) {
  std::string text;
  for (const Row& row : kRows) text += (text.empty() ? "" : separator) + form(row);
  return text;
}

std::string object(const Row& row) {
  return fmt::format(R"({{"AvailabilityZone": "{}", "InstanceType": "p3.2xlarge", )"
                     R"("ProductDescription": "Linux/UNIX", "SpotPrice": "{}", "Timestamp": "{}"}})",
                     row.zone, row.price, row.time);
}

std::string page() {
  return R"({"SpotPriceHistory": [)" + joined(", ", object) + "]}";
}

std::string utf16(const std::string& ascii, bool little) {
  std::string text = little ? "\xff\xfe" : "\xfe\xff";
  for (const char c : ascii) text += little ? std::string{c, '\0'} : std::string{'\0', c};
  return text;
}

Result<Trace> import_text(const std::string& text, const ImportOptions& options,
                          const char* name = "x.json") {
  const tests::Scratch scratch;
  const auto file = scratch.path() / name;
  write_file(file, text);
  return scenarios::import_trace({file}, options);
}

Trace trace_of(const std::string& text, const ImportOptions& options = {}) {
  CAPTURE(text);
  Result<Trace> trace = import_text(text, options);
  for (const Problem& problem : trace.problems) UNSCOPED_INFO(to_line(problem));
  REQUIRE(trace);
  trace.value->source = "";
  return *trace.value;
}

ImportOptions options_for(const char* instance, const char* product) {
  ImportOptions options;
  if (instance != nullptr) options.instance = instance;
  if (product != nullptr) options.product = product;
  return options;
}

void check_same(const std::string& text, const ImportOptions& options = {}) {
  CHECK(scenarios::trace_to_text(trace_of(text, options)) == scenarios::trace_to_text(trace_of(page())));
}

}  // namespace

TEST_CASE("A price history is read whatever marks and encoding its text has") {
  check_same("\xef\xbb\xbf" + page());
  check_same(utf16(page(), true));
  check_same(utf16(page(), false));
  CHECK_FALSE(without_mark(std::string("\xff\xfe{", 3)));
  CHECK_FALSE(without_mark(std::string("\xff\xfe\x00\xd8", 4)));  // half of a surrogate pair
}

TEST_CASE("A price history is read from JSON Lines and from pages one after the other") {
  check_same(joined("\n", object) + "\n");
  const std::string first = R"({"SpotPriceHistory": [)" + object(kRows[0]) + "]}";
  const std::string rest = R"({"SpotPriceHistory": [)" + object(kRows[1]) + ", " + object(kRows[2]) + "]}";
  check_same(first + "\n" + rest);
  check_same("[" + first + ", " + rest + "]");
  check_same("[[" + object(kRows[0]) + "], [" + object(kRows[1]) + ", " + object(kRows[2]) + "]]");
}

TEST_CASE("A price history may hold numbers for texts and seconds or milliseconds for times") {
  const auto numbers = [](long per_second) {
    return "[" +
           joined(", ",
                  [&](const Row& row) {
                    return fmt::format(
                        R"({{"AvailabilityZone": "{}", "InstanceType": "p3.2xlarge", )"
                        R"("ProductDescription": "Linux/UNIX", "SpotPrice": {}, "Timestamp": {}}})",
                        row.zone, std::stod(row.price), row.epoch_s * per_second);
                  }) +
           "]";
  };
  check_same(numbers(1));
  check_same(numbers(1000));
}

TEST_CASE("A price history without product or type takes them from the options") {
  const std::string text =
      "[" +
      joined(", ",
             [](const Row& row) {
               return fmt::format(R"({{"AvailabilityZone": "{}", "SpotPrice": "{}", "Timestamp": "{}"}})",
                                  row.zone, row.price, row.time);
             }) +
      "]";
  check_same(text, options_for("p3.2xlarge", "Linux/UNIX"));
  const Result<Trace> without = import_text(text, options_for("p3.2xlarge", nullptr));
  REQUIRE(without.problems.size() == kRows.size());
  CHECK_THAT(to_line(without.problems[0]),
             Catch::Contains("ProductDescription") && Catch::Contains("--product"));
}

TEST_CASE("A price history is read from the columns that a query made") {
  check_same("[" +
                 joined(", ",
                        [](const Row& row) {
                          return fmt::format(R"(["{}", "{}", "{}"])", row.zone, row.price, row.time);
                        }) +
                 "]",
             options_for("p3.2xlarge", "Linux/UNIX"));
}

TEST_CASE("A price history is read from the text output of the AWS CLI") {
  check_same(joined("\n", [](const Row& row) {
    return fmt::format("SPOTPRICEHISTORY\t{}\tp3.2xlarge\tLinux/UNIX\t{}\t{}", row.zone, row.price, row.time);
  }));
}

TEST_CASE("A price history is read from tables with a header or columns that show what they are") {
  check_same("AvailabilityZone,InstanceType,ProductDescription,SpotPrice,Timestamp\n" +
             joined("\n", [](const Row& row) {
               return fmt::format("{},p3.2xlarge,Linux/UNIX,{},{}", row.zone, row.price, row.time);
             }));
  int index = 0;  // as pandas writes them
  check_same(",AvailabilityZone,InstanceType,ProductDescription,SpotPrice,Timestamp\r\n" +
             joined("\r\n", [&](const Row& row) {
               return fmt::format("{},{},p3.2xlarge,\"Linux/UNIX\",{},{}", index++, row.zone, row.price,
                                  row.time);
             }));
  check_same(joined("\n", [](const Row& row) {
    return fmt::format("{}\tp3.2xlarge\tLinux/UNIX\t{}\t{}", row.zone, row.price, row.time);
  }));
  ImportOptions options = options_for("p3.2xlarge", "Linux/UNIX");
  options.columns = {"price", "-", "time", "zone"};
  check_same(
      joined("\n",
             [](const Row& row) { return fmt::format("{},7.5,{},{}", row.price, row.epoch_s, row.zone); }),
      options);
}

TEST_CASE("The zone ids of a price history are kept") {
  const Trace trace = trace_of("use1-az6\tp3.2xlarge\tLinux/UNIX\t0.918000\t2021-05-29T20:01:05+00:00\n");
  REQUIRE(trace.pools.size() == 1);
  CHECK(trace.pools[0].zone == "use1-az6");
}

TEST_CASE("A price history may put a blank before the offset of its times") {
  const std::string row = R"([{"AvailabilityZone": "a-b-1c", "InstanceType": "p3.2xlarge", )"
                          R"("ProductDescription": "Linux/UNIX", "SpotPrice": "1", "Timestamp": "{}"}])";
  const auto at = [&](const char* time) {
    std::string text = row;
    text.replace(text.find("{}"), 2, time);
    return trace_of(text).pools.at(0).start;
  };
  CHECK(at("2021-05-29 20:01:05.000000 +02:00") == at("2021-05-29T18:01:05Z"));
}

TEST_CASE("A row of a price table that is wider than its header is refused with its line") {
  const Result<Trace> trace =
      import_text("zone,instance,product,price,time\nus-east-1a,p3.2xlarge,Linux/UNIX,1,918000,2021-05-29\n",
                  {}, "x.csv");
  REQUIRE(trace.problems.size() == 1);
  CHECK_THAT(to_line(trace.problems[0]), Catch::Contains("line 2: found 6 columns, expected 5"));
}
