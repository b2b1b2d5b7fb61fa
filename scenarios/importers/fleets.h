// Auto Scaling groups, EC2 Fleets and Spot Fleets → mixes of a scenario.
//
// Takes the documents of fleet_documents.h. Of an Auto Scaling group the base and the percentage of the rest,
// rounded up, are on demand (docs/rules.md 16); a fleet says the units of each part. A MixedInstancesPolicy
// alone needs --count. Where the strategies of the on-demand part and of the spot part differ, the mix has a
// group for each.
#pragma once

#include <span>
#include <string>

#include "scenarios/import.h"
#include "scenarios/importers/formats.h"

namespace spotmix::scenarios {

/// Whether the text is a document that fleets may be in, even if none of them can be read.
bool is_fleets(const std::string& text);

/// {"mixes": [...]}: its items go under `mixes` of a scenario. Every problem of every request is reported.
Result<Imported> import_fleets(std::span<const ImportedFile> files, const ImportOptions& options);

}  // namespace spotmix::scenarios
