// `spotmix explain`: one training step of each mix and the layers behind it.
#include <sstream>

#include "base/files/whole_file.h"
#include "base/units/digits.h"
#include "cli/inputs.h"
#include "cli/messages.h"
#include "cli/output.h"
#include "cli/simulate.h"
#include "cli/step_figures.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/version.h"
#include "models/workload/workload.h"
#include "reports/json/explanation_json.h"
#include "reports/terminal/explanation_table.h"
#include "reports/trace/step_trace.h"

namespace spotmix::cli {
namespace {

using scenarios::PhaseDetails;

/// `timings`: of the same layers, or nothing where the step cannot run.
std::vector<reports::LayerFigures> layers_of(const models::Workload& workload,
                                             const std::vector<models::LayerTiming>& timings) {
  std::vector<reports::LayerFigures> layers;
  for (std::size_t i = 0; i < workload.layers.size(); ++i) {
    const models::Layer& layer = workload.layers[i];
    reports::LayerFigures figures;
    figures.name = layer.name;
    figures.repeat = layer.repeat;
    figures.parameters = layer.parameters;
    for (const auto& product : layer.forward) figures.forward_flop += models::flop(product);
    figures.training_flop = figures.forward_flop;
    for (const auto& product : layer.input_gradient) figures.training_flop += models::flop(product);
    for (const auto& product : layer.weight_gradient) figures.training_flop += models::flop(product);
    if (i < timings.size()) {
      figures.forward_s = to_digits(timings[i].forward_s);
      figures.backward_s = to_digits(timings[i].backward_s);
      figures.communication_s = to_digits(timings[i].communication_s);
    }
    layers.push_back(figures);
  }
  return layers;
}

reports::CommunicationFigures communication_of(const models::CommunicationParts& parts) {
  return {to_digits(parts.in_layers_s), to_digits(parts.weights_s), to_digits(parts.between_stages_s),
          to_digits(parts.gradients_s), to_digits(parts.tied_embeddings_s)};
}

std::optional<int> if_any(int size) {
  return size > 0 ? std::optional(size) : std::nullopt;
}

std::optional<double> time_of(const models::StepBreakdown& step) {
  return step.feasible() ? std::optional(to_digits(step.time_s)) : std::nullopt;
}

reports::PhaseFigures phase_figures(const PhaseDetails& phase) {
  return {phase.name,
          phase.samples.value_or(0),
          phase.global_batch,
          if_any(phase.image_size),
          if_any(phase.sequence_length),
          time_of(phase.step)};
}

reports::RunnerUp runner_up(const models::Alternative& other, const models::StepInput& input) {
  const models::StepBreakdown& step = other.step;
  return {parallelism_figures(step.parallelism, input), time_of(step), step.memory_per_device_gib, other.why};
}

void add_phase(const PhaseDetails& phase, reports::ExplainedMix& explained) {
  explained.memory = memory_figures(phase.step);
  explained.why = phase.why;
  explained.considered = phase.considered;
  for (const models::Alternative& other : phase.runners_up)
    explained.runners_up.push_back(runner_up(other, *phase.input));
  const auto timings =
      phase.step.feasible() ? models::layer_timings(*phase.input) : std::vector<models::LayerTiming>{};
  if (phase.step.feasible()) explained.communication = communication_of(phase.step.communication);
  explained.layers = layers_of(phase.input->workload, timings);
}

reports::ExplainedMix explained(const Prepared& prepared, std::size_t i) {
  const sim::Mix& mix = prepared.built.experiment.mixes[i];
  const scenarios::MixDetails& details = prepared.built.details[i];
  reports::ExplainedMix explained;
  explained.name = mix.name;
  explained.infeasible_reason = mix.infeasible_reason;
  explained.step = step_figures(details);
  explained.sources = details.sources;
  explained.rates = details.rates;
  if (!details.step || details.phases.empty()) return explained;
  add_phase(main_phase(details), explained);
  const bool phased = details.phases.size() > 1 || !details.phases.front().name.empty();
  for (const PhaseDetails& phase : details.phases) {
    if (phased) explained.phases.push_back(phase_figures(phase));
  }
  return explained;
}

reports::Explanation explanation_of(const Prepared& prepared) {
  reports::Explanation explanation{kVersion, prepared.scenario.name, prepared.scenario.settings, {}};
  for (std::size_t i = 0; i < prepared.built.details.size(); ++i) {
    explanation.mixes.push_back(explained(prepared, i));
  }
  return explanation;
}

/// One step of every mix that can run and whose rate was computed.
std::vector<reports::StepTimeline> timelines_of(const Prepared& prepared) {
  std::vector<reports::StepTimeline> timelines;
  for (std::size_t i = 0; i < prepared.built.details.size(); ++i) {
    const scenarios::MixDetails& details = prepared.built.details[i];
    for (const PhaseDetails& phase : details.phases) {
      if (!phase.step.feasible()) continue;
      const std::string& mix = prepared.built.experiment.mixes[i].name;
      reports::StepTimeline timeline{phase.name.empty() ? mix : mix + ", " + phase.name, {}};
      models::step_time(*phase.input, &timeline.spans);
      timelines.push_back(std::move(timeline));
    }
  }
  return timelines;
}

void write_trace(const Prepared& prepared, const std::filesystem::path& path) {
  WholeFile file(path);
  write_step_trace(prepared.scenario.name, kVersion, timelines_of(prepared), file.stream());
  file.commit();
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
  if (options.trace && inputs.many)
    throw BadArguments("--trace: found several scenarios, expected one: a file holds the steps of one");
  std::vector<reports::Explanation> explanations;
  const ExitCode code =
      for_each_scenario(inputs, scenarios::shipped_provider(), options.settings, options.quiet,
                        [&](const std::filesystem::path&, const Prepared& prepared) {
                          explanations.push_back(explanation_of(prepared));
                          if (options.trace) write_trace(prepared, *options.trace);
                        });
  std::ostringstream out;
  write(explanations, inputs.many, options.format, out);
  print(out.str());
  return code;
}

}  // namespace spotmix::cli
