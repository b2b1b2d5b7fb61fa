// Auto Scaling groups with a MixedInstancesPolicy → mixes of a scenario.
//
// Takes the answer of `aws autoscaling describe-auto-scaling-groups`, the input of
// `create-auto-scaling-group`, or a MixedInstancesPolicy alone (then --count says how many units). What is on
// demand is the base and the percentage of the rest, rounded up (docs/rules.md 16). Where the strategies of
// the on-demand part and of the spot part differ, the mix has a group for each.
#pragma once

#include <span>
#include <string>

#include "scenarios/import.h"
#include "scenarios/importers/formats.h"

namespace spotmix::scenarios {

bool is_auto_scaling_groups(const std::string& text);

/// {"mixes": [...]}: its items go under `mixes` of a scenario. Every problem of every group is reported.
Result<Imported> import_auto_scaling_groups(std::span<const ImportedFile> files,
                                            const ImportOptions& options);

}  // namespace spotmix::scenarios
