// How long spot instances live where a scenario gives a hazard instead of a trace, and the vCPU quotas.
#pragma once

#include <memory>
#include <string>

#include "scenarios/scenario.h"
#include "scenarios/warning.h"
#include "sim/fleet/mix.h"
#include "sim/market/lifetime.h"
#include "sim/market/market.h"

namespace spotmix::scenarios {

struct Provider;

/// The share of instances interrupted in a month at one point of a Spot Advisor band (docs/rules.md 20), in
/// percent. `highest_percent` ends the band above 20 %, which has no published end.
double monthly_percent(AdvisorBand band, AdvisorPoint point, double highest_percent);

/// The bands that the scenario's `spot_advisor_data` names, by region. Says what is wrong with the file.
[[nodiscard]] Problems read_advisor(Scenario& scenario, const Provider& provider);

/// The band of an instance type in a region; nullopt where the scenario names none for it. What is typed in
/// the scenario goes before its data.
std::optional<AdvisorBand> advisor_band(const HazardSpec& hazard, const std::string& instance,
                                        const std::string& region);

/// Lifetimes of spot instances of one type; null: the provider takes none besides what traces say.
std::shared_ptr<const sim::LifetimeModel> lifetime_of(const HazardSpec& hazard, const std::string& instance,
                                                      const std::string& region, AdvisorPoint point);

/// If the mix holds spot instances that neither a trace nor a hazard of the scenario takes away; false of one
/// that cannot train.
bool nothing_interrupts(const Scenario& scenario, const MixSpec& spec, const sim::Mix& mix,
                        const sim::Market& market);

/// What to say of such a mix.
Finding no_interruption_risk();

/// Each mix that buys spot under Spot Advisor bands becomes three: at the low end, the middle and the high
/// end of the bands, named "NAME (5 %/month)" and so on. Thresholds of the mix then hold for all three.
Scenario with_advisor_ranges(Scenario scenario);

/// The quota class of an instance type as the provider counts vCPUs: "standard" (families A, C, D, H, I, M,
/// R, T, Z), or the letters that the type begins with, such as "p" or "g" ("g" with VT).
std::string quota_class(const std::string& instance);

}  // namespace spotmix::scenarios
