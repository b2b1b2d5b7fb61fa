// The training of a scenario file: workload and parallelism.
#include <utility>

#include "base/json/node.h"
#include "base/units/prefixes.h"
#include "scenarios/read_parts.h"

namespace spotmix::scenarios {
namespace {

constexpr double kBytesPerMebibyte = 1048576.0;

ClusterShape read_cluster(const Node& node) {
  ClusterShape shape;
  for (const std::string& instance : node.keys()) {
    shape[instance] = node.integer<int>(instance).value_or(1);
  }
  return shape;
}

AmountSpec read_amount(const Node& node) {
  return {node.number("samples"), node.number("steps"), node.number("epochs")};
}

models::ListedLayer read_layer(const Node& node) {
  models::ListedLayer layer;
  layer.form = node.choice<models::LayerForm>("kind");
  layer.name = node.string("name").value_or("");
  layer.repeat = node.integer<int>("repeat").value_or(1);
  layer.out_channels = node.integer<int>("out_channels");
  layer.kernel = node.integer<int>("kernel");
  layer.stride = node.integer<int>("stride");
  layer.groups = node.integer<int>("groups");
  layer.out_size = node.integer<int>("out_size");
  layer.in = node.integer<int>("in");
  layer.out = node.integer<int>("out");
  layer.rows = node.integer<int>("rows");
  layer.vocabulary = node.integer<int>("vocabulary");
  layer.hidden = node.integer<int>("hidden");
  layer.heads = node.integer<int>("heads");
  layer.key_value_heads = node.integer<int>("key_value_heads");
  layer.feed_forward = node.integer<int>("feed_forward");
  layer.experts = node.integer<int>("experts");
  layer.experts_per_token = node.integer<int>("experts_per_token");
  layer.elements = node.number("elements");
  layer.forward_passes = node.number("forward_passes");
  layer.backward_passes = node.number("backward_passes");
  layer.batch_norm = node.boolean("batch_norm");
  layer.activation = node.boolean("activation");
  layer.shortcut = node.boolean("shortcut");
  layer.gated = node.boolean("gated");
  layer.causal = node.boolean("causal");
  layer.tied = node.boolean("tied");
  layer.keys = node.keys();
  return layer;
}

void read_model(const Node& node, WorkloadSpec& workload) {
  workload.model = node.string("model");
  const Node model = node.object("model");
  if (workload.model || !node.has("model")) return;
  workload.model_is_object = true;
  workload.huggingface = model.string("huggingface");
  if (!model.has("layers")) return;
  models::LayerList list;
  list.name = model.string("name").value_or(list.name);
  list.channels = model.integer<int>("channels").value_or(list.channels);
  for (const Node& layer : model.objects("layers")) list.layers.push_back(read_layer(layer));
  workload.layers = std::move(list);
}

PhaseSpec read_phase(const Node& node) {
  return {read_amount(node),
          node.integer<int>("image_size"),
          node.integer<int>("sequence_length"),
          node.integer("global_batch"),
          node.integer("batch_per_device"),
          node.path()};
}

std::optional<TargetSpec> read_target(const Node& workload) {
  TargetSpec target;
  if (const auto text = workload.string("target")) {
    target.quality = *text;
    target.is_text = true;
    return target;
  }
  if (!workload.has("target")) return std::nullopt;
  const Node node = workload.object("target");
  target.quality = node.string("quality").value_or("");
  target.benchmark = node.string("benchmark");
  target.amount = {node.number("samples"), std::nullopt, node.number("epochs")};
  target.critical_batch = node.number("critical_batch");
  target.spread = node.number("spread");
  return target;
}

}  // namespace

WorkloadSpec read_workload(const Node& node) {
  WorkloadSpec workload;
  read_model(node, workload);
  workload.precision = node.choice<models::Precision>("precision");
  workload.optimizer = node.choice<models::Optimizer>("optimizer");
  workload.global_batch = node.integer("global_batch");
  workload.batch_per_device = node.integer("batch_per_device");
  workload.image_size = node.integer<int>("image_size");
  workload.sequence_length = node.integer<int>("sequence_length");
  workload.kernel_profiles = node.strings("kernel_profiles");
  workload.proportional_shares = node.string("shares") == "proportional";
  if (const auto gradient_gb = node.number("gradient_gb"))
    workload.gradient_bytes = *gradient_gb * kBytesPerGigabyte;
  if (const auto activation_gb = node.number("activation_gb"))
    workload.activation_bytes = *activation_gb * kBytesPerGigabyte;
  workload.amount = read_amount(node);
  workload.amount.tokens = node.number("tokens");
  for (const Node& phase : node.objects("phases")) workload.phases.push_back(read_phase(phase));
  workload.target = read_target(node);
  workload.samples_per_epoch = node.number("samples_per_epoch");
  workload.draws_step_error = node.string("step_error") != "none";
  workload.step_jitter = node.number("step_jitter").value_or(0);
  workload.software = node.string("software").value_or(workload.software);
  workload.fused_attention = node.boolean("fused_attention").value_or(workload.software == "llm_foundry");
  for (const Node& rate : node.objects("samples_per_s")) {
    workload.given_rates.push_back({read_cluster(rate.object("cluster")),
                                    rate.number("samples_per_s").value_or(0),
                                    rate.string("source").value_or(""), rate.number("error")});
  }
  return workload;
}

ParallelismSpec read_parallelism(const Node& node) {
  ParallelismSpec spec;
  models::Parallelism& p = spec.settings;
  p.data = node.integer<int>("data").value_or(0);
  p.tensor = node.integer<int>("tensor").value_or(p.tensor);
  p.pipeline = node.integer<int>("pipeline").value_or(p.pipeline);
  p.expert = node.integer<int>("expert").value_or(p.expert);
  p.micro_batch = node.integer<int>("micro_batch").value_or(p.micro_batch);
  p.schedule = node.choice<models::PipelineSchedule>("schedule").value_or(p.schedule);
  const bool interleaved = p.schedule == models::PipelineSchedule::interleaved;
  p.chunks = node.integer<int>("chunks").value_or(interleaved ? 2 : p.chunks);
  for (const double layers : node.numbers("stage_layers")) p.stage_layers.push_back(static_cast<int>(layers));
  p.recompute = node.choice<models::Recompute>("recompute").value_or(p.recompute);
  p.sharding = node.choice<models::Sharding>("sharding").value_or(p.sharding);
  p.sequence_parallel = node.boolean("sequence_parallel").value_or(p.sequence_parallel);
  spec.keys = node.keys();
  const Node sync = node.object("gradient_sync");
  spec.sync_keys = sync.keys();
  p.gradient_sync = sync.choice<models::GradientSync>("kind").value_or(p.gradient_sync);
  p.overlap = sync.boolean("overlap").value_or(p.overlap);
  if (const auto bucket = sync.number("bucket_mib")) p.bucket_bytes = *bucket * kBytesPerMebibyte;
  p.servers = sync.integer<int>("servers").value_or(p.servers);
  p.asynchronous = sync.boolean("asynchronous").value_or(p.asynchronous);
  p.average_every = sync.integer<int>("every").value_or(p.average_every);
  return spec;
}

}  // namespace spotmix::scenarios
