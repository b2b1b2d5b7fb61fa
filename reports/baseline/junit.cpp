#include <sstream>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <fmt/format.h>

#include "base/text/width.h"
#include "reports/baseline/findings.h"
#include "reports/baseline/write.h"

namespace spotmix::reports {
namespace {

using Tree = boost::property_tree::ptree;

constexpr std::size_t kMostTestNameWidth = 200;

/// XML 1.0 has no way to write control characters; safe_text leaves none. Boost escapes the markup.
std::string name_text(const std::string& name) {
  return shortened(safe_text(name), kMostTestNameWidth);
}

struct Case {
  std::string name;
  std::string failure;  ///< empty: it passed
};

std::string failure_of(const ScenarioComparison& scenario, const std::string& mix) {
  std::string text;
  for (const Folded& line : folded_findings(scenario, mix)) {
    if (line.difference->drift) text += line_text(line) + "\n";
  }
  return text;
}

std::vector<Case> cases_of(const ScenarioComparison& scenario) {
  std::vector<Case> cases;
  for (const Difference& difference : scenario.differences) {
    if (!cases.empty() && cases.back().name == difference.mix) continue;
    cases.push_back({difference.mix, failure_of(scenario, difference.mix)});
  }
  for (const std::string& mix : scenario.added) cases.push_back({mix, "the baseline has no such mix\n"});
  for (const std::string& mix : scenario.removed) cases.push_back({mix, "only the baseline has this mix\n"});
  return cases;
}

/// Lines of a text, each safe.
std::string safe_lines(const std::string& text) {
  std::istringstream in(text);
  std::string result;
  for (std::string line; std::getline(in, line);) result += safe_text(line) + "\n";
  return result;
}

Tree suite_of(const ScenarioComparison& scenario) {
  Tree suite;
  std::size_t failures = 0;
  const std::vector<Case> cases = cases_of(scenario);
  for (const Case& one : cases) failures += one.failure.empty() ? 0 : 1;
  suite.put("<xmlattr>.name", name_text(scenario.scenario));
  suite.put("<xmlattr>.tests", cases.size());
  suite.put("<xmlattr>.failures", failures);
  const std::string winner = scenario.winner ? winner_text(*scenario.winner) : "";
  if (!winner.empty()) {
    Tree property;
    property.put("<xmlattr>.name", "winner");
    property.put("<xmlattr>.value", safe_text(winner));
    suite.add_child("properties.property", property);
  }
  for (const Case& one : cases) {
    Tree entry;
    entry.put("<xmlattr>.classname", name_text(scenario.scenario));
    entry.put("<xmlattr>.name", name_text(one.name));
    if (!one.failure.empty()) {
      Tree failure;
      failure.put("<xmlattr>.message", safe_text(one.failure.substr(0, one.failure.find('\n'))));
      failure.put("<xmlattr>.type", "drift");
      const std::string cause = cause_of(scenario);
      failure.put_value(safe_lines(winner + (winner.empty() ? "" : "\n") + one.failure + cause + "\n"));
      entry.add_child("failure", failure);
    }
    suite.add_child("testcase", entry);
  }
  return suite;
}

}  // namespace

void write_comparison_junit(const Comparison& comparison, std::ostream& out) {
  Tree suites;
  suites.put("<xmlattr>.name", "spotmix check");
  for (const ScenarioComparison& scenario : comparison.scenarios)
    suites.add_child("testsuite", suite_of(scenario));
  Tree document;
  document.add_child("testsuites", suites);
  boost::property_tree::write_xml(out, document,
                                  boost::property_tree::xml_writer_make_settings<std::string>(' ', 1));
}

}  // namespace spotmix::reports
