#include "reports/text/parallelism_text.h"

#include <algorithm>

#include <fmt/format.h>

namespace spotmix::reports {
namespace {

bool are_equal(const std::vector<int>& numbers) {
  return std::adjacent_find(numbers.begin(), numbers.end(), std::not_equal_to<>()) == numbers.end();
}

/// Nothing for what is usual.
std::string sync_text(const GradientSyncFigures& sync) {
  if (sync.kind == "parameter_server") {
    return fmt::format(", {}parameter_server of {}{}",
                       sync.asynchronous.value_or(false) ? "asynchronous " : "", sync.servers.value_or(1),
                       sync.servers_on_workers.value_or(true) ? " beside the workers" : "");
  }
  if (sync.kind == "periodic_average")
    return fmt::format(", periodic_average every {}", sync.every.value_or(1));
  return sync.overlap ? "" : ", no overlap";
}

}  // namespace

std::string stage_layers_text(const std::vector<int>& stage_layers) {
  std::string text;
  for (const int layers : stage_layers) text += (text.empty() ? "" : " ") + std::to_string(layers);
  return text;
}

std::string parallelism_text(const ParallelismFigures& p) {
  std::string text = fmt::format("data {}", p.data);
  if (p.tensor > 1) text += fmt::format(" × tensor {}", p.tensor);
  if (p.pipeline > 1) text += fmt::format(" × pipeline {}", p.pipeline);
  if (p.expert > 1) text += fmt::format(", expert {}", p.expert);
  if (p.micro_batch > 0) text += fmt::format(", micro-batch {}", p.micro_batch);
  if (!p.schedule.empty()) text += ", " + p.schedule;
  if (p.chunks > 1) text += fmt::format(" of {} chunks", p.chunks);
  if (!are_equal(p.stage_layers)) text += fmt::format(" over {} layers", stage_layers_text(p.stage_layers));
  if (p.sequence_parallel) text += ", sequence parallel";
  if (!p.recompute.empty() && p.recompute != "none") text += ", recompute " + p.recompute;
  if (!p.sharding.empty() && p.sharding != "none") text += ", sharding " + p.sharding;
  if (p.gradient_sync) text += sync_text(*p.gradient_sync);
  return text;
}

}  // namespace spotmix::reports
