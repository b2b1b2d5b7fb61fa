// Names come from files that someone else wrote: whatever they are, every file stays what it is.
#include <algorithm>
#include <cstdlib>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/csv/csv_reader.h"
#include "base/text/width.h"
#include "reports/files/file_formats.h"
#include "reports/terminal/table.h"
#include "tests/reports/sample.h"

using namespace spotmix;
using namespace spotmix::reports;
using namespace spotmix::tests;

namespace {

const std::vector<std::string> kHostile = {
    "<script>alert(1)</script>", "=cmd()|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\tindented",
    "\"quoted\", with commas", "two\nlines\r\nand three", "| a | table |", "\x1b[31mred\x07",
    // NOLINTNEXTLINE(misc-misleading-bidirectional): an escape
    "\u202eright to left", "no UTF-8: \xff\xfe", std::string(10'000, 'n')};

/// A report with the name in every text that comes from a file.
Report report_with(const std::string& name) {
  Report report = sample_with_replay();
  report.scenario = name;
  report.description = name;
  for (std::size_t i = 0; i < report.batch.mixes.size(); ++i) {
    sim::MixResult& mix = report.batch.mixes[i];
    mix.name = i == 0 ? name : name + std::to_string(i);
    if (mix.infeasible_reason) mix.infeasible_reason = name;
  }
  for (PoolName& pool : report.pools) pool = {name, name};
  for (ThresholdResult& threshold : report.thresholds) threshold.mix = name;
  report.reproduction = Reproduction{name, name, {{"scenario", name, "abc"}}};
  return report;
}

std::string file_of(const FileFormat& format, const Report& report) {
  std::ostringstream out;
  format.write(report, {}, out);
  return out.str();
}

bool is_number(const std::string& field) {
  char* end = nullptr;
  std::strtod(field.c_str(), &end);
  return end == field.c_str() + field.size();
}

void check_csv(const std::string& text) {
  CsvReader csv(text);
  REQUIRE(csv.next());
  const std::size_t columns = csv.fields().size();
  do {
    CHECK(csv.fields().size() == columns);
    CHECK_FALSE(csv.unclosed());
    for (const std::string& field : csv.fields()) {
      if (field.empty() || is_number(field)) continue;
      CHECK(std::string("=+-@\t\r").find(field.front()) == std::string::npos);
    }
  } while (csv.next());
}

}  // namespace

TEST_CASE("Hostile names leave CSV columns whole and free of formulas and JSON valid") {
  for (const std::string& name : kHostile) {
    const Report report = report_with(name);
    for (const FileFormat& format : file_formats()) {
      INFO(format.file << " with " << name.substr(0, 40));
      const std::string text = file_of(format, report);
      if (format.file.ends_with(".csv")) check_csv(text);
      if (format.file.ends_with(".json")) CHECK(nlohmann::json::accept(text));
      if (!format.file.ends_with(".md")) continue;
      CHECK(text.size() < 65'536);
      CHECK(text.find("<script") == std::string::npos);
      std::istringstream lines(text);
      std::ptrdiff_t columns = 0;
      for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("|")) columns = 0;
        if (line.starts_with("|") && columns == 0) columns = std::count(line.begin(), line.end(), '|');
        if (columns > 0) CHECK(std::count(line.begin(), line.end(), '|') == columns);
      }
    }
  }
}

TEST_CASE("Hostile names leave the table within its width and send no control character") {
  for (const std::string& name : kHostile) {
    for (const std::size_t width : {40UL, 60UL, 80UL, 140UL}) {
      INFO("width " << width << " with " << name.substr(0, 40));
      std::ostringstream out;
      write_table(report_with(name), {width, false}, out);
      std::istringstream lines(out.str());
      for (std::string line; std::getline(lines, line);) {
        CHECK(display_width(line) <= width);
        CHECK(line == safe_text(line));
      }
    }
  }
}
