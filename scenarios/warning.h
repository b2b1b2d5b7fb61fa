// Warnings of a scenario: each has a stable code, by which other programs know it (docs/results.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/enums/enums.h"
#include "base/result/problem.h"

namespace spotmix::scenarios {

/// What a warning is of. New codes are added, none changes its name.
enum class WarningCode : std::uint8_t {
  // Of the model and its measurements.
  model_keys_unread,
  text_model_only,
  sequence_length_assumed,
  sequence_too_long,
  precision_not_supported,
  software_not_measured,
  measurement_unused,
  batch_outside_curve,
  // Of the market.
  instance_unknown,
  zone_unknown,
  region_unused,
  band_unknown,
  no_interruption_risk,
  price_later,
  price_dated,
  reservation_by_discount,
  traffic_not_charged,
  distance_ignored,
  traces_replayed,
  // Of what a mix does or asks for.
  rate_by_composition,
  rate_by_weight,
  checkpoint_interval,
  price_never_met,
  quota_too_small,
  capacity_too_small,
  horizon_too_short,
};
constexpr auto enum_names(WarningCode) {
  using enum WarningCode;
  return enum_table<WarningCode>({{model_keys_unread, "model_keys_unread"},
                                  {text_model_only, "text_model_only"},
                                  {sequence_length_assumed, "sequence_length_assumed"},
                                  {sequence_too_long, "sequence_too_long"},
                                  {precision_not_supported, "precision_not_supported"},
                                  {software_not_measured, "software_not_measured"},
                                  {measurement_unused, "measurement_unused"},
                                  {batch_outside_curve, "batch_outside_curve"},
                                  {instance_unknown, "instance_unknown"},
                                  {zone_unknown, "zone_unknown"},
                                  {region_unused, "region_unused"},
                                  {band_unknown, "band_unknown"},
                                  {no_interruption_risk, "no_interruption_risk"},
                                  {price_later, "price_later"},
                                  {price_dated, "price_dated"},
                                  {reservation_by_discount, "reservation_by_discount"},
                                  {traffic_not_charged, "traffic_not_charged"},
                                  {distance_ignored, "distance_ignored"},
                                  {traces_replayed, "traces_replayed"},
                                  {rate_by_composition, "rate_by_composition"},
                                  {rate_by_weight, "rate_by_weight"},
                                  {checkpoint_interval, "checkpoint_interval"},
                                  {price_never_met, "price_never_met"},
                                  {quota_too_small, "quota_too_small"},
                                  {capacity_too_small, "capacity_too_small"},
                                  {horizon_too_short, "horizon_too_short"}});
}

inline Problem warning_of(WarningCode code, std::string file, std::string where, std::string message) {
  return {std::move(file), std::move(where), std::move(message), std::string(name_of(code)), {}};
}

/// What is said of one mix; whoever knows which adds the place.
struct Finding {
  WarningCode code{};
  std::string text;
};

}  // namespace spotmix::scenarios
