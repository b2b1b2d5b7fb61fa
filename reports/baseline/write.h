// A comparison with a baseline, for people, programs and CI.
#pragma once

#include <ostream>

#include "reports/baseline/compare.h"
#include "reports/terminal/table.h"

namespace spotmix::reports {

/// What changed, scenario by scenario, drift first, and the verdict.
void write_comparison_table(const Comparison& comparison, const TerminalStyle& style, std::ostream& out);

/// Every figure compared; docs/results.md describes the document.
void write_comparison_json(const Comparison& comparison, std::ostream& out);

/// The format that CI systems read as test results: a suite for each scenario, a case for each mix.
void write_comparison_junit(const Comparison& comparison, std::ostream& out);

/// For a pull request or a CI job's page; under 64 kB.
void write_comparison_markdown(const Comparison& comparison, std::ostream& out);

}  // namespace spotmix::reports
