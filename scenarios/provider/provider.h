// What a cloud sells: its instance types with their prices, and how often it interrupts spot instances.
//
// A provider is a value: the program makes the one that ships where a verb starts and hands it down; a test
// brings its own. scenarios/provider/data holds its figures; importers/catalog_tables.h says how the table of
// instance types is made and where each figure is from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result/problem.h"
#include "scenarios/provider/instance_type.h"
#include "scenarios/provider/spot_advisor.h"

namespace spotmix::scenarios {

struct Provider {
  std::vector<InstanceType> instances{};  ///< In the order of the file: by family, then size.
  Time prices_until{};                    ///< The last day for which any price is known to hold.
  SpotAdvisor spot_advisor{};             ///< The bands that scenarios name "published".
  std::string catalog_text{};             ///< As read; results carry its hash.
  std::string spot_advisor_text{};

  /// The instance type of that name, or nullptr.
  const InstanceType* find(std::string_view name) const;
  std::vector<std::string> names() const;
};

/// The provider whose instance types a catalog file lists, without bands; `file` names it in messages.
Result<Provider> read_provider(const std::string& file, std::string text);

/// AWS, as its data is linked into the program.
Provider shipped_provider();

}  // namespace spotmix::scenarios
