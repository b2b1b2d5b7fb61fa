// `spotmix explain`: one training step of each mix and the layers behind it.
#include <sstream>

#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/simulate.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/version.h"
#include "models/workload/workload.h"
#include "reports/json/explanation_json.h"
#include "reports/terminal/explanation_table.h"
#include "scenarios/experiment/throughput.h"

namespace spotmix::cli {
namespace {

std::vector<reports::LayerFigures> layers_of(const models::Workload& workload) {
  std::vector<reports::LayerFigures> layers;
  for (const models::Layer& layer : workload.layers) {
    reports::LayerFigures figures;
    figures.name = layer.name;
    figures.repeat = layer.repeat;
    figures.parameters = layer.parameters;
    for (const auto& product : layer.forward) figures.forward_flop += models::flop(product);
    figures.training_flop = figures.forward_flop;
    for (const auto& product : layer.input_gradient) figures.training_flop += models::flop(product);
    for (const auto& product : layer.weight_gradient) figures.training_flop += models::flop(product);
    layers.push_back(figures);
  }
  return layers;
}

reports::ExplainedMix explained(const Prepared& prepared, std::size_t i) {
  const sim::Mix& mix = prepared.built.experiment.mixes[i];
  const scenarios::MixDetails& details = prepared.built.details[i];
  reports::ExplainedMix explained{
      mix.name, mix.infeasible_reason, step_figures(details), {}, details.sources};
  if (!details.step) return explained;
  if (const auto workload = scenarios::named_workload(prepared.scenario.workload))
    explained.layers = layers_of(*workload);
  return explained;
}

reports::Explanation explanation_of(const Prepared& prepared) {
  reports::Explanation explanation{kVersion, prepared.scenario.name, {}};
  for (std::size_t i = 0; i < prepared.built.details.size(); ++i) {
    explanation.mixes.push_back(explained(prepared, i));
  }
  return explanation;
}

void write(const std::vector<reports::Explanation>& explanations, bool many, Format format,
           std::ostream& out) {
  if (explanations.empty()) return;
  if (format == Format::json) {
    many ? write_explanations_json(kVersion, explanations, out)
         : write_explanation_json(explanations.front(), out);
    return;
  }
  for (const reports::Explanation& explanation : explanations) {
    if (&explanation != &explanations.front()) out << '\n';
    write_explanation_table(explanation, standard_output_style(), out);
  }
}

}  // namespace

ExitCode explain(const ExplainOptions& options) {
  const Inputs inputs = expand_inputs(options.inputs);
  std::vector<reports::Explanation> explanations;
  const ExitCode code =
      for_each_scenario(inputs, options.quiet, [&](const std::filesystem::path&, const Prepared& prepared) {
        explanations.push_back(explanation_of(prepared));
      });
  std::ostringstream out;
  write(explanations, inputs.many, options.format, out);
  print(out.str());
  return code;
}

}  // namespace spotmix::cli
