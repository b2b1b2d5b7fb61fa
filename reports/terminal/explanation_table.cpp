#include "reports/terminal/explanation_table.h"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/text/quantities.h"
#include "base/text/width.h"
#include "reports/results/shared_sources.h"
#include "reports/terminal/paint.h"
#include "reports/text/parallelism_text.h"
#include "reports/text/settings_text.h"
#include "reports/text/source_text.h"

namespace spotmix::reports {
namespace {

constexpr std::size_t kLabelWidth = 24;
constexpr std::size_t kValueWidth = 12;
constexpr std::size_t kLayerNameWidth = 28;
constexpr std::size_t kRunnerUpWidth = 34;

std::string share_text(double part_s, const std::optional<double>& whole_s) {
  return whole_s && *whole_s > 0 ? fmt::format("  {:>7}", percent_text(part_s / *whole_s)) : "";
}

class Lines {
 public:
  Lines(const TerminalStyle& style, std::ostream& out) : style_(style), out_(out) {}

  void fact(std::string_view label, const std::string& value, const std::string& share = "") {
    out_ << "  " << padded_right(label, kLabelWidth) << padded_left(value, kValueWidth) << share << '\n';
  }
  void time(std::string_view label, const std::optional<double>& time_s,
            const std::optional<double>& whole_s) {
    if (time_s) fact(label, duration_text(*time_s), share_text(*time_s, whole_s));
  }
  void paragraph(const std::string& text, std::string_view colour = {}) {
    out_ << painted(wrapped(text, style_.width, 4), colour, style_) << '\n';
  }
  void blank() { out_ << '\n'; }

 private:
  const TerminalStyle& style_;
  std::ostream& out_;
};

void write_times(const StepFigures& step, Lines& lines) {
  lines.time("one step", step.time_s, std::nullopt);
  lines.time("compute", step.compute_s, step.time_s);
  lines.time("exposed communication", step.exposed_communication_s, step.time_s);
  lines.time("pipeline bubble", step.bubble_s, step.time_s);
  lines.time("all communication", step.communication_s, step.time_s);
}

void write_communication(const CommunicationFigures& parts, const std::optional<double>& whole_s,
                         Lines& lines) {
  const auto part = [&](std::string_view label, double time_s) {
    if (time_s > 0) lines.time(label, time_s, whole_s);
  };
  part("  inside layers", parts.in_layers_s);
  part("  sharded weights", parts.weights_s);
  part("  between stages", parts.between_stages_s);
  part("  gradients", parts.gradients_s);
  part("  tied embeddings", parts.tied_embeddings_s);
}

/// Less than a tenth of a gibibyte in mebibytes: two digits of a gibibyte would leave nothing of it.
std::string memory_text(double gib) {
  if (gib == 0) return "0 GiB";
  return gib < 0.1 ? fmt::format("{:.3g} MiB", gib * 1024) : fmt::format("{:.2f} GiB", gib);
}

void write_memory(const MemoryFigures& memory, Lines& lines) {
  const auto part = [&](std::string_view label, double gib) { lines.fact(label, memory_text(gib)); };
  const double total = memory.parameters + memory.gradients + memory.optimizer + memory.activations +
                       memory.buffers + memory.reserved;
  lines.fact("memory per device", fmt::format("{:.2f} GiB", total), fmt::format("  of {:.4g}", memory.limit));
  part("  parameters", memory.parameters);
  part("  gradients", memory.gradients);
  part("  optimizer", memory.optimizer);
  part("  activations", memory.activations);
  part("  buffers", memory.buffers);
  part("  reserved", memory.reserved);
}

void write_runners_up(const ExplainedMix& mix, Lines& lines, std::ostream& out, const TerminalStyle& style) {
  if (mix.runners_up.empty()) return;
  lines.blank();
  out << painted(fmt::format("  {} {}  why not ({} ways were looked at)",
                             padded_right("otherwise divided", kRunnerUpWidth), padded_left("one step", 9),
                             mix.considered),
                 kBold, style)
      << '\n';
  for (const RunnerUp& other : mix.runners_up) {
    ParallelismFigures shape{.data = other.parallelism.data,
                             .tensor = other.parallelism.tensor,
                             .pipeline = other.parallelism.pipeline,
                             .expert = other.parallelism.expert};
    out << fmt::format("  {} {}  {}\n", padded_right(parallelism_text(shape), kRunnerUpWidth),
                       padded_left(other.time_s ? duration_text(*other.time_s) : "–", 9),
                       safe_text(other.why));
  }
}

void write_phases(const std::vector<PhaseFigures>& phases, Lines& lines, std::ostream& out,
                  const TerminalStyle& style) {
  if (phases.empty()) return;
  const auto line = [](std::string_view name, const std::string& samples, const std::string& batch,
                       const std::string& size, const std::string& step) {
    return fmt::format("  {} {} {} {} {}", padded_right(name, 12), padded_left(samples, 14),
                       padded_left(batch, 10), padded_left(size, 12), padded_left(step, 10));
  };
  lines.blank();
  out << painted(line("phase", "samples", "batch", "size", "one step"), kBold, style) << '\n';
  for (const PhaseFigures& phase : phases) {
    const std::string size = phase.image_size        ? fmt::format("{} px", *phase.image_size)
                             : phase.sequence_length ? fmt::format("{} tokens", *phase.sequence_length)
                                                     : "–";
    out << line(safe_text(phase.name), number_text(phase.samples), std::to_string(phase.global_batch), size,
                phase.step_s ? duration_text(*phase.step_s) : "–")
        << '\n';
  }
}

void write_rates(const RateFigures& rates, Lines& lines) {
  if (rates.tokens_per_s) lines.fact("tokens per second", number_text(*rates.tokens_per_s));
  if (rates.model_tflop_per_s_per_device && rates.mfu)
    lines.fact("model TFLOP/s per device", number_text(*rates.model_tflop_per_s_per_device),
               fmt::format("  = {} of peak (MFU)", percent_text(*rates.mfu)));
  if (rates.hfu && rates.hfu != rates.mfu)
    lines.fact("with recomputation", percent_text(*rates.hfu), "  of peak (HFU)");
}

void write_step(const ExplainedMix& mix, Lines& lines) {
  const StepFigures& step = *mix.step;
  write_times(step, lines);
  if (mix.communication) write_communication(*mix.communication, step.time_s, lines);
  if (step.error)
    lines.fact("known error", fmt::format("× {:.2f}", std::exp(step.error->sigma)),
               "  or ÷ as much, one standard deviation");
  if (step.samples_per_s) lines.fact("samples per second", number_text(*step.samples_per_s));
  if (step.rates) write_rates(*step.rates, lines);
  if (mix.memory) write_memory(*mix.memory, lines);
  if (!step.parallelism) return;
  const ParallelismFigures& p = *step.parallelism;
  lines.fact("devices", std::to_string(p.data * p.tensor * p.pipeline), "  = " + parallelism_text(p));
  if (!mix.why.empty()) lines.paragraph("  " + safe_text(mix.why));
}

std::string scaled(double value) {
  constexpr std::array<std::string_view, 6> kPrefixes = {"", " k", " M", " G", " T", " P"};
  std::size_t prefix = 0;
  while (value >= 999.95 && prefix + 1 < kPrefixes.size()) {
    value /= 1000;
    ++prefix;
  }
  return fmt::format("{:.4g}{}", value, kPrefixes[prefix]);
}

std::string layer_line(const std::string& name, const std::string& repeat, const std::string& parameters,
                       const std::string& flop, const std::string& forward, const std::string& backward,
                       const std::string& collectives) {
  return fmt::format("  {} {} {} {} {} {} {}",
                     padded_right(shortened(safe_text(name), kLayerNameWidth), kLayerNameWidth),
                     padded_left(repeat, 6), padded_left(parameters, 10), padded_left(flop, 11),
                     padded_left(forward, 9), padded_left(backward, 9), padded_left(collectives, 11));
}

std::string time_or_dash(const std::optional<double>& time_s) {
  return time_s ? duration_text(*time_s) : "–";
}

void write_layers(const std::vector<LayerFigures>& layers, Lines& lines, std::ostream& out,
                  const TerminalStyle& style) {
  if (layers.empty()) return;
  lines.blank();
  out << painted(
             layer_line("layer", "repeat", "parameters", "FLOP/sample", "forward", "backward", "collectives"),
             kBold, style)
      << '\n';
  for (const LayerFigures& layer : layers) {
    out << layer_line(layer.name, std::to_string(layer.repeat), scaled(layer.parameters),
                      scaled(layer.training_flop), time_or_dash(layer.forward_s),
                      time_or_dash(layer.backward_s), time_or_dash(layer.communication_s))
        << '\n';
  }
}

/// The first mix before this one that has the very same layers; nullptr when there is none.
const ExplainedMix* earlier_with_same_layers(const Explanation& explanation, const ExplainedMix& mix) {
  for (const ExplainedMix& earlier : explanation.mixes) {
    if (&earlier == &mix || mix.layers.empty()) return nullptr;
    if (!earlier.infeasible_reason && earlier.layers == mix.layers) return &earlier;
  }
  return nullptr;
}

/// Prints what several mixes have in common once.
void write_sources(const Explanation& explanation, Lines& lines) {
  std::vector<std::vector<models::Source>> by_mix;
  std::vector<std::string> names;
  for (const ExplainedMix& mix : explanation.mixes) {
    if (mix.infeasible_reason) continue;
    by_mix.push_back(mix.sources);
    names.push_back(mix.name);
  }
  const std::vector<SharedSource> shared = shared_sources(by_mix);
  if (shared.empty()) return;
  lines.blank();
  lines.paragraph("Where these numbers come from", kBold);
  for (const SharedSource& source : shared) {
    std::string text = source_text(source.source);
    if (source.mixes.size() < names.size()) text += " [" + mixes_text(source, names) + "]";
    lines.paragraph(safe_text(text), kDim);
  }
}

}  // namespace

void write_explanation_table(const Explanation& explanation, const TerminalStyle& style, std::ostream& out) {
  Lines lines(style, out);
  lines.paragraph(safe_text(explanation.scenario + settings_text(explanation.settings)), kBold);
  for (const ExplainedMix& mix : explanation.mixes) {
    lines.blank();
    lines.paragraph(safe_text(mix.name), kBold);
    if (mix.infeasible_reason) {
      lines.paragraph("  infeasible: " + safe_text(*mix.infeasible_reason), kRed);
      if (mix.memory) write_memory(*mix.memory, lines);
      write_runners_up(mix, lines, out, style);
      continue;
    }
    if (mix.step) write_step(mix, lines);
    if (!mix.rates.empty()) lines.paragraph("  trains at the rate of what runs: " + safe_text(mix.rates));
    write_runners_up(mix, lines, out, style);
    write_phases(mix.phases, lines, out, style);
    const ExplainedMix* same = earlier_with_same_layers(explanation, mix);
    if (same != nullptr) {
      lines.paragraph("  layers: those of " + safe_text(same->name));
    } else {
      write_layers(mix.layers, lines, out, style);
    }
  }
  write_sources(explanation, lines);
}

}  // namespace spotmix::reports
