#include "sim/step/step.h"

#include <algorithm>
#include <limits>

#include "models/memory/memory.h"
#include "models/parallelism/layer_cost.h"
#include "sim/step/overlap.h"

namespace spotmix::sim {
namespace {

// What a large AllReduce reaches of the links it runs on, by nccl-tests on p3dn, p4d and p5
// (e_allreduce_busbw).
constexpr double kLinkEfficiency = 0.8;
constexpr double kIntraHop_s = 3.4e-6;  // NCCL's own NVLink hop, Simple protocol (nccl_tuning_constants).
constexpr double kInterHop_s = 14e-6;   // NCCL's own network hop, Simple protocol.
constexpr double kZoneHop_s = 500e-6;   // Between zones of one region, one way.

/// The slowest links and the most devices that one ring passes.
struct Ring {
  int ranks = 1;
  int instances = 1;
  double bytes_per_s = 0;
  double inter_hop_s = kInterHop_s;
};

Ring ring_of(const Cluster& cluster) {
  Ring ring{
      .ranks = device_count(cluster), .instances = 0, .bytes_per_s = std::numeric_limits<double>::infinity()};
  for (const InstanceGroup& group : cluster.groups) ring.instances += group.instances;
  for (const InstanceGroup& group : cluster.groups) {
    if (group.devices_per_instance > 1)
      ring.bytes_per_s = std::min(ring.bytes_per_s, group.intra_bytes_per_s);
    if (ring.instances > 1) ring.bytes_per_s = std::min(ring.bytes_per_s, group.inter_bytes_per_s);
  }
  if (cluster.zones > 1) ring.inter_hop_s = kZoneHop_s;
  return ring;
}

/// Ring AllReduce: 2(n − 1)/n · S/B and 2(n − 1) hops, of which 2(N − 1) between instances.
double all_reduce_s(const Ring& ring, double bytes) {
  if (ring.ranks < 2) return 0;
  const double n = ring.ranks;
  const double hops = 2 * (n - 1);
  const double inter_hops = 2 * (ring.instances - 1.0);
  return hops / n * bytes / (kLinkEfficiency * ring.bytes_per_s) + (hops - inter_hops) * kIntraHop_s +
         inter_hops * ring.inter_hop_s;
}

std::string problem(const StepInput& input) {
  if (input.cluster.groups.empty()) return "the cluster has no instances";
  if (input.global_batch < 1) return "the global batch must be at least 1";
  const Ring ring = ring_of(input.cluster);
  if (ring.ranks > 1 && !(ring.bytes_per_s > 0)) return "the bandwidth between the devices is not known";
  for (const InstanceGroup& group : input.cluster.groups) {
    if (group.devices_per_instance < 1 || group.instances < 1) return "a group of the cluster has no devices";
    if (models::find_device(group.device) == nullptr) {
      return "no device '" + group.device + "'; the nearest is '" +
             std::string(models::nearest_device_name(group.device)) + "'";
    }
  }
  return "";
}

/// Compute and gradients of one device for one micro-batch, backward in the order it runs.
struct DevicePass {
  double forward_s = 0, backward_s = 0;
  std::vector<GradientSource> backward;
};

DevicePass device_pass(const StepInput& input, const models::Parallelism& parallelism,
                       const models::DeviceSpec& device) {
  const models::LayerSettings settings{
      .device = &device,
      .precision = input.precision,
      .samples = static_cast<double>(models::micro_batch_samples(parallelism, input.global_batch)),
      .recompute = parallelism.recompute};
  const double gradient_bytes =
      models::bytes_per_parameter(input.precision, input.optimizer, false).gradients;
  DevicePass pass;
  for (auto layer = input.workload.layers.rbegin(); layer != input.workload.layers.rend(); ++layer) {
    const models::LayerCost cost = models::layer_cost(*layer, settings);
    pass.forward_s += layer->repeat * cost.forward_s;
    pass.backward_s += layer->repeat * cost.backward_s;
    pass.backward.insert(pass.backward.end(), static_cast<std::size_t>(layer->repeat),
                         {cost.backward_s, layer->parameters * gradient_bytes});
  }
  return pass;
}

}  // namespace

int device_count(const Cluster& cluster) {
  int count = 0;
  for (const InstanceGroup& group : cluster.groups) count += group.devices_per_instance * group.instances;
  return count;
}

StepBreakdown step_time(const StepInput& input) {
  StepBreakdown step;
  step.infeasible_reason = problem(input);
  if (!step.feasible()) return step;
  step.parallelism = input.parallelism.value_or(models::Parallelism{.data = device_count(input.cluster)});
  models::Parallelism& parallelism = step.parallelism;
  if (parallelism.tensor > 1 || parallelism.pipeline > 1 || parallelism.sharding != models::Sharding::none) {
    step.infeasible_reason = "only data parallelism is modelled";
    return step;
  }
  const auto misfit = models::problem(parallelism, device_count(input.cluster), input.global_batch,
                                      models::layer_count(input.workload));
  if (misfit) {
    step.infeasible_reason = *misfit;
    return step;
  }
  parallelism.micro_batch = models::micro_batch_samples(parallelism, input.global_batch);

  // Every device takes the same share, so the step waits for the slowest.
  const models::DeviceSpec* slowest = nullptr;
  DevicePass pass;
  for (const InstanceGroup& group : input.cluster.groups) {
    const models::DeviceSpec* device = models::find_device(group.device);
    DevicePass other = device_pass(input, parallelism, *device);
    if (slowest == nullptr || other.forward_s + other.backward_s > pass.forward_s + pass.backward_s) {
      slowest = device;
      pass = std::move(other);
    }
  }

  const Ring ring = ring_of(input.cluster);
  const std::vector<Bucket> buckets =
      fill_buckets(pass.backward, parallelism.overlap ? parallelism.bucket_bytes : 1e18);
  std::vector<double> bucket_s;
  for (const Bucket& bucket : buckets) bucket_s.push_back(all_reduce_s(ring, bucket.bytes));
  for (const double time_s : bucket_s) step.communication_s += time_s;
  const double end_s = exchange_end_s(buckets, bucket_s);

  const int batches = models::micro_batches(parallelism, input.global_batch);
  const double update_s = models::optimizer_update_s(*slowest, input.precision, input.optimizer,
                                                     models::parameters(input.workload));
  step.compute_s = batches * (pass.forward_s + pass.backward_s) + update_s;
  step.exposed_communication_s = ring.ranks > 1 ? std::max(0.0, end_s - pass.backward_s) : 0;
  step.time_s = step.compute_s + step.exposed_communication_s;
  step.samples_per_s = input.global_batch / step.time_s;
  const models::MemoryUse memory =
      models::memory_per_device(input.workload, {.precision = input.precision,
                                                 .optimizer = input.optimizer,
                                                 .parallelism = parallelism,
                                                 .global_batch = input.global_batch});
  step.memory_per_device_gib = memory.total_bytes() / 1073741824.0;
  step.sources = {"device " + std::string(slowest->name) + ": " + std::string(slowest->source) +
                      "; kernel times scaled from its peak",
                  "workload " + input.workload.name + ": " + input.workload.source,
                  "AllReduce: ring over links of " + std::to_string(ring.bytes_per_s / 1e9) + " GB/s"};
  return step;
}

}  // namespace spotmix::sim
