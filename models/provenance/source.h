// Where a figure comes from: the one form in which kernels, steps, markets and reports say it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/enums/enums.h"

namespace spotmix::models {

/// measured: timed by spotmix-measure on the machine itself. published: from a table, a data sheet, a trace
/// or a formula of others. scaled: carried over from another device by peaks and bandwidths. given: by the
/// scenario. assumed: a default of the program, not measured for this case.
enum class SourceKind : std::uint8_t { measured, published, scaled, given, assumed };
constexpr auto enum_names(SourceKind) {
  using enum SourceKind;
  return enum_table<SourceKind>({{measured, "measured"},
                                 {published, "published"},
                                 {scaled, "scaled"},
                                 {given, "given"},
                                 {assumed, "assumed"}});
}

/// Samples are not given or assumed.
constexpr bool is_of_samples(SourceKind kind) {
  return kind <= SourceKind::scaled;
}

struct Source {
  std::string figure;  ///< What it is the source of, such as "matrix products".
  SourceKind kind = SourceKind::assumed;
  std::string from;      ///< The device, table, trace or key of the scenario.
  std::string citation;  ///< Who says so, with date and licence where they are known.
  /// What is known of how far such figures are off: median |error|, a fraction.
  std::optional<double> error{};

  bool operator==(const Source&) const = default;
};

/// Adds a source unless it is among them.
void add_source(std::vector<Source>& sources, Source source);

}  // namespace spotmix::models
