// The lines that tables, Markdown and JUnit have in common. For the .cpp files of this folder.
#pragma once

#include <string>
#include <vector>

#include "reports/baseline/compare.h"

namespace spotmix::reports {

/// The differences that drift, then those that only changed; nothing of what is equal.
std::vector<const Difference*> findings_of(const ScenarioComparison& scenario);

/// "nine-zone-p3: drift in 3 of 84 figures", or "… no drift in 84 figures".
std::string headline_of(const ScenarioComparison& scenario);

/// What the change may come from; empty when nothing changed at all.
std::string cause_of(const ScenarioComparison& scenario);

/// "from +$0.40 to +$0.44", or "" for what does not depend on chance.
std::string interval_text(const Difference& difference);

/// "new warning: TEXT" and "warning gone: TEXT", new ones first.
std::vector<std::string> warning_changes(const ScenarioComparison& scenario);

}  // namespace spotmix::reports
