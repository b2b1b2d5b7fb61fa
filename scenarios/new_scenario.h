// A first scenario from a few words: a model, how much to train, by when, for how much.
//
// It has no traces: spot prices are on demand less a saving, and the Spot Advisor's bands say how often
// instances are interrupted. What is assumed is returned as notes and is in the scenario's description.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result/problem.h"
#include "scenarios/provider/provider.h"

namespace spotmix::scenarios {

struct NewScenario {
  std::filesystem::path file;  ///< Where it will lie; names of files are relative to its folder.
  std::optional<std::string> model;
  std::optional<std::filesystem::path> huggingface;  ///< A config.json, instead of a model.
  std::optional<double> tokens;
  std::optional<double> samples;  ///< Instead of tokens.
  std::optional<double> deadline_h;
  std::optional<double> budget_usd;
  std::string region = "us-east-1";
  double saving = 0.6;  ///< Of spot against on demand.
};

struct ScenarioText {
  std::string text;
  std::vector<std::string> notes;  ///< What was chosen and assumed, a sentence each.
};

/// The instance types are those that train the model for the least money on demand and by the deadline; the
/// problems are the scenario's own, or that none of the types can train the model.
Result<ScenarioText> new_scenario(const NewScenario& asked, const Provider& provider);

}  // namespace spotmix::scenarios
