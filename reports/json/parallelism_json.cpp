#include "reports/json/parallelism_json.h"

#include <nlohmann/json.hpp>

#include "reports/json/step_json.h"

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;

Json gradient_sync_json(const std::optional<GradientSyncFigures>& sync) {
  if (!sync) return nullptr;
  return {{"kind", sync->kind},
          {"overlap", sync->overlap},
          {"bucket_mib", or_null(sync->bucket_mib)},
          {"servers", or_null(sync->servers)},
          {"servers_on_workers", or_null(sync->servers_on_workers)},
          {"asynchronous", or_null(sync->asynchronous)},
          {"every", or_null(sync->every)}};
}

int whole(const Node& node) {
  return static_cast<int>(node.integer());
}

std::string maybe_text(const Node& node, const std::string& key) {
  const auto found = node.find(key);
  return found ? found->text() : "";
}

GradientSyncFigures read_gradient_sync(const Node& node) {
  GradientSyncFigures sync;
  sync.kind = node.at("kind").text();
  sync.overlap = node.at("overlap").flag();
  if (const auto bucket = node.find("bucket_mib")) sync.bucket_mib = bucket->number();
  if (const auto servers = node.find("servers")) sync.servers = whole(*servers);
  if (const auto beside = node.find("servers_on_workers")) sync.servers_on_workers = beside->flag();
  if (const auto asynchronous = node.find("asynchronous")) sync.asynchronous = asynchronous->flag();
  if (const auto every = node.find("every")) sync.every = whole(*every);
  return sync;
}

}  // namespace

Json parallelism_json(const ParallelismFigures& p) {
  return {{"data", p.data},
          {"tensor", p.tensor},
          {"pipeline", p.pipeline},
          {"expert", p.expert},
          {"micro_batch", p.micro_batch > 0 ? Json(p.micro_batch) : Json(nullptr)},
          {"schedule", text_or_null(p.schedule)},
          {"chunks", p.chunks},
          {"stage_layers", p.stage_layers.empty() ? Json(nullptr) : Json(p.stage_layers)},
          {"recompute", text_or_null(p.recompute)},
          {"sharding", text_or_null(p.sharding)},
          {"sequence_parallel", p.sequence_parallel},
          {"gradient_sync", gradient_sync_json(p.gradient_sync)}};
}

ParallelismFigures read_parallelism(const Node& node) {
  ParallelismFigures p;
  p.data = whole(node.at("data"));
  p.tensor = whole(node.at("tensor"));
  p.pipeline = whole(node.at("pipeline"));
  p.expert = whole(node.at("expert"));
  if (const auto samples = node.find("micro_batch")) p.micro_batch = whole(*samples);
  p.schedule = maybe_text(node, "schedule");
  p.chunks = whole(node.at("chunks"));
  if (const auto layers = node.find("stage_layers")) {
    for (const Node& stage : layers->items()) p.stage_layers.push_back(whole(stage));
  }
  p.recompute = maybe_text(node, "recompute");
  p.sharding = maybe_text(node, "sharding");
  p.sequence_parallel = node.at("sequence_parallel").flag();
  if (const auto sync = node.find("gradient_sync")) p.gradient_sync = read_gradient_sync(*sync);
  return p;
}

}  // namespace spotmix::reports
