#include "models/parallelism/parallelism.h"

namespace spotmix::models {
namespace {

std::string count(int value) {
  return std::to_string(value);
}

/// The extent that tensor parallelism divides; 0 where it divides none.
double split_extent(const MatrixProduct& product) {
  switch (product.split) {
    case Split::m:
      return product.m;
    case Split::n:
      return product.n;
    case Split::k:
      return product.k;
    case Split::batch:
      return product.batch;
    case Split::none:
      break;
  }
  return 0;
}

}  // namespace

int micro_batch_samples(const Parallelism& p, int global_batch) {
  const int share = (global_batch + p.data - 1) / p.data;
  return p.micro_batch > 0 ? p.micro_batch : share;
}

int micro_batches(const Parallelism& p, int global_batch) {
  const int share = (global_batch + p.data - 1) / p.data;
  const int samples = micro_batch_samples(p, global_batch);
  return (share + samples - 1) / samples;
}

std::optional<std::string> problem(const Parallelism& p, int device_count, int global_batch, int layers) {
  if (p.data < 1 || p.tensor < 1 || p.pipeline < 1 || p.expert < 1)
    return "every degree of parallelism must be at least 1";
  if (devices(p) != device_count) {
    return "data " + count(p.data) + " x tensor " + count(p.tensor) + " x pipeline " + count(p.pipeline) +
           " needs " + count(devices(p)) + " devices, the cluster has " + count(device_count);
  }
  if (global_batch < p.data) {
    return "a global batch of " + count(global_batch) + " leaves some of the " + count(p.data) +
           " data-parallel ranks without a sample";
  }
  if (p.data % p.expert != 0) return "expert " + count(p.expert) + " does not divide data " + count(p.data);
  if (p.chunks < 1) return "chunks must be at least 1";
  const int pieces = p.schedule == PipelineSchedule::interleaved ? p.pipeline * p.chunks : p.pipeline;
  if (pieces > layers) return count(pieces) + " pipeline pieces for " + count(layers) + " layers";
  if (p.schedule == PipelineSchedule::interleaved && p.chunks > 1 &&
      micro_batches(p, global_batch) % p.pipeline != 0) {
    return "the interleaved schedule needs a multiple of " + count(p.pipeline) +
           " micro-batches, there are " + count(micro_batches(p, global_batch));
  }
  return std::nullopt;
}

std::optional<std::string> tensor_problem(const Workload& workload, int tensor) {
  if (tensor == 1) return std::nullopt;
  bool any = false;
  for (const Layer& layer : workload.layers) {
    // The vocabulary of embedding and head is padded to fit.
    if (layer.kind == LayerKind::embedding || layer.kind == LayerKind::head) continue;
    for (const MatrixProduct& product : layer.forward) {
      const double extent = split_extent(product);
      if (extent == 0) continue;
      any = true;
      if (static_cast<long long>(extent) % tensor == 0) continue;
      return "tensor " + count(tensor) + " does not divide the " + count(static_cast<int>(extent)) +
             (product.split == Split::batch ? " heads" : " columns") + " of " + product.name;
    }
  }
  if (!any) return workload.name + " has no layers that tensor parallelism divides";
  return std::nullopt;
}

}  // namespace spotmix::models
