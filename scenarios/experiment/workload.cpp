#include "scenarios/experiment/workload.h"

#include <filesystem>

#include <fmt/format.h>

#include "base/json/json_text.h"
#include "base/text/nearest.h"
#include "models/workload/library.h"
#include "scenarios/importers/huggingface_config.h"
#include "scenarios/warning.h"

namespace spotmix::scenarios {
namespace {

Problem problem_at(const Scenario& scenario, const std::string& path, std::string message) {
  return {scenario.file.string(), path, std::move(message)};
}

Result<models::Workload> named(const Scenario& scenario, const SampleSizes& sizes) {
  const WorkloadSpec& spec = scenario.workload;
  const auto workload =
      models::find_workload(*spec.model, {sizes.image_size, sizes.sequence_length, spec.fused_attention});
  if (workload) return *workload;
  const auto names = models::workload_names();
  return problem_at(scenario, "workload.model",
                    fmt::format("found {}, expected {}{} (`spotmix catalog --models` lists all)",
                                in_quotes(*spec.model), one_of(names), did_you_mean(*spec.model, names)));
}

/// What a config.json holds and the model lacks, with the size of the model that was made.
Problems warnings_of(const std::string& file, const models::HuggingFaceConfig& config,
                     const models::Workload& workload) {
  Problems warnings;
  const std::string counted =
      fmt::format("the model has {:.6g} B parameters", models::parameters(workload) / 1e9);
  if (!config.unknown_keys.empty()) {
    warnings.push_back(warning_of(
        WarningCode::model_keys_unread, file, "",
        fmt::format("no family reads {} as a size, and spotmix passes over {}; {}",
                    list_of(config.unknown_keys), config.unknown_keys.size() == 1 ? "it" : "them", counted)));
  }
  if (!config.other_parts.empty()) {
    warnings.push_back(warning_of(
        WarningCode::text_model_only, file, "",
        fmt::format("only the text model is trained, without {}; {}", list_of(config.other_parts), counted)));
  }
  return warnings;
}

Result<models::Workload> from_huggingface(const Scenario& scenario, const SampleSizes& sizes) {
  const std::filesystem::path named(*scenario.workload.huggingface);
  const std::filesystem::path file = named.is_absolute() ? named : scenario.file.parent_path() / named;
  const Result<models::HuggingFaceConfig> config = read_huggingface_config(file);
  if (!config) return config.problems;
  Result<models::TransformerShape> shape = models::shape_of(*config.value, sizes.sequence_length);
  for (Problem& refusal : shape.problems) refusal.file = file.string();
  if (!shape) return std::move(shape.problems);
  models::TransformerShape& transformer = *shape.value;
  const std::string name = named.filename().string();
  transformer.fused_attention = scenario.workload.fused_attention;
  transformer.source += fmt::format(" ({})", name);
  Result<models::Workload> result = models::transformer(transformer);
  result.warnings = warnings_of(file.string(), *config.value, *result.value);
  const auto warn_of_length = [&](WarningCode code, std::string message) {
    result.warnings.push_back(
        warning_of(code, scenario.file.string(), "workload.sequence_length", std::move(message)));
  };
  if (!sizes.sequence_length) {
    const models::AssumedLength assumed = models::assumed_sequence_length(*config.value);
    result.value->length_assumed_by = fmt::format("{}: {}", name, assumed.why);
    warn_of_length(WarningCode::sequence_length_assumed,
                   fmt::format("missing; {} tokens are assumed: {} ({})", assumed.tokens, assumed.why, name));
  }
  const auto longest = config.value->max_position_embeddings;
  if (longest && transformer.sequence_length > *longest) {
    warn_of_length(
        WarningCode::sequence_too_long,
        fmt::format("{} tokens are more than the {} positions that {} has (max_position_embeddings)",
                    transformer.sequence_length, *longest, name));
  }
  return result;
}

Result<models::Workload> from_list(const Scenario& scenario, const SampleSizes& sizes) {
  const WorkloadSpec& spec = scenario.workload;
  Result<models::Workload> made =
      models::workload_of(*spec.layers, {sizes.image_size, sizes.sequence_length, spec.fused_attention});
  for (Problem& refused : made.problems)
    refused = problem_at(scenario, "workload.model.layers" + refused.where, std::move(refused.message));
  return made;
}

}  // namespace

SampleSizes sizes_of(const WorkloadSpec& spec) {
  return {spec.image_size, spec.sequence_length};
}

Result<models::Workload> workload_of(const Scenario& scenario, const SampleSizes& sizes) {
  const WorkloadSpec& spec = scenario.workload;
  if (spec.model) return named(scenario, sizes);
  if (spec.huggingface) return from_huggingface(scenario, sizes);
  if (spec.layers) return from_list(scenario, sizes);
  return problem_at(scenario, "workload.model", "found nothing, expected a model");
}

models::Optimizer optimizer_of(const WorkloadSpec& spec, const models::Workload& workload) {
  return spec.optimizer.value_or(workload.family == "convolution" ? models::Optimizer::momentum
                                                                  : models::Optimizer::adam);
}

}  // namespace spotmix::scenarios
