#include "base/json/node.h"
#include "base/units/prefixes.h"
#include "scenarios/read_parts.h"

namespace spotmix::scenarios {
namespace {

std::optional<double> gigabytes(const Node& node, const char* key) {
  const auto value = node.number(key);
  return value ? std::optional(*value * kBytesPerGigabyte) : std::nullopt;
}

GroupSpec read_group(const Node& node) {
  GroupSpec group;
  for (const Node& instance : node.objects("instances")) {
    group.instances.push_back(
        {instance.string("instance").value_or(""), instance.integer<int>("weight").value_or(1)});
  }
  group.names_instance = node.has("instance");
  group.instances_as_list = !group.instances.empty();
  if (group.instances.empty()) group.instances.push_back({node.string("instance").value_or(""), 1});
  group.purchase = node.choice<sim::Purchase>("purchase").value_or(group.purchase);
  group.zones = node.strings("zones");
  group.count = node.integer<int>("count").value_or(1);
  group.max_price = node.price("max_price_usd_per_h");
  group.allocation = node.choice<sim::Allocation>("allocation").value_or(group.allocation);
  group.on_demand_base = node.integer<int>("on_demand_base");
  group.on_demand_percentage = node.integer<int>("on_demand_percentage");
  group.launch_together = node.boolean("launch_together").value_or(false);
  group.role = node.choice<GroupRole>("role").value_or(group.role);
  const Node reservation = node.object("reservation");
  group.reservation = {node.price("reserved_usd_per_h"), reservation.integer<int>("term_years"),
                       reservation.string("payment"), reservation.boolean("convertible").value_or(false)};
  return group;
}

PolicySettings read_policy(const Node& mix) {
  PolicySettings policy;
  if (mix.is_string("policy")) {
    policy.name = *mix.string("policy");
    policy.as_text = true;
    return policy;
  }
  const Node node = mix.object("policy");
  policy.name = node.string("name").value_or(policy.name);
  policy.decision_interval = node.duration("decision_interval_s", seconds{1});
  policy.fallback_wait = node.duration("fallback_wait_s", seconds{1});
  policy.pair_slice = node.duration("pair_slice_h", hours{1});
  policy.guarantee_deadline = node.boolean("guarantee_deadline");
  return policy;
}

CheckpointSettings read_checkpoint(const Node& node) {
  CheckpointSettings checkpoint;
  checkpoint.kind = node.choice<sim::CheckpointSpec::Kind>("interval_min");
  checkpoint.interval = node.duration("interval_min", minutes{1});
  checkpoint.rule = node.choice<IntervalRule>("interval_min");
  checkpoint.mean_between = node.duration("mean_between_interruptions_h", hours{1});
  if (checkpoint.interval || checkpoint.rule) checkpoint.kind = sim::CheckpointSpec::Kind::interval;
  checkpoint.full_every = node.integer<int>("full_every");
  checkpoint.increment_bytes = gigabytes(node, "increment_gb");
  checkpoint.asynchronous = node.boolean("asynchronous").value_or(false);
  checkpoint.snapshot_bytes_per_s = gigabytes(node, "snapshot_gb_per_s");
  checkpoint.store = node.choice<CheckpointStore>("store");
  checkpoint.keep = node.integer<int>("keep");
  if (const auto part_mib = node.number("part_mib")) checkpoint.part_bytes = *part_mib * 1048576;
  checkpoint.size_bytes = gigabytes(node, "size_gb");
  checkpoint.write_bytes_per_s = gigabytes(node, "write_gb_per_s");
  checkpoint.read_bytes_per_s = gigabytes(node, "read_gb_per_s");
  checkpoint.on_notice = node.boolean("on_notice");
  return checkpoint;
}

GangSettings read_gang(const Node& node) {
  GangSettings gang;
  gang.kind = node.choice<sim::GangKind>("kind").value_or(gang.kind);
  gang.min = node.integer<int>("min");
  gang.multiple_of = node.integer<int>("multiple_of");
  gang.reconfigure = node.duration("reconfigure_s", seconds{1});
  gang.survivors_hold_state = node.boolean("survivors_hold_state");
  gang.speed = node.numbers("speed");
  gang.stages = node.integer<int>("stages");
  gang.max_pipelines = node.integer<int>("max_pipelines");
  gang.doubled_slowdown = node.number("doubled_slowdown");
  gang.global_rendezvous = node.duration("global_rendezvous_s", seconds{1});
  gang.batch_is_scaled = node.string("batch") == "scaled";
  return gang;
}

}  // namespace

MixSpec read_mix(const Node& node) {
  MixSpec mix;
  mix.name = node.string("name").value_or("");
  for (const Node& group : node.objects("groups")) mix.groups.push_back(read_group(group));
  mix.policy = read_policy(node);
  const Node recovery = node.object("recovery");
  mix.checkpoint = read_checkpoint(recovery.object("checkpoint"));
  mix.restart = recovery.duration("restart_s", seconds{1});
  const Node launch = node.object("launch");
  mix.launch = {launch.duration("pending_s", seconds{1}),
                launch.duration("boot_s", seconds{1}),
                launch.duration("retry_s", seconds{1}),
                launch.boolean("single_zone").value_or(false),
                launch.duration("leave_zone_after_min", minutes{1}),
                launch.boolean("replace_before_termination").value_or(false)};
  mix.gang = read_gang(node.object("gang"));
  const Node storage = node.object("storage");
  mix.storage = {gigabytes(storage, "image_gb"), gigabytes(storage, "volume_gb"),
                 gigabytes(storage, "data_gb")};
  mix.cross_zone_speed = node.number("cross_zone_speed");
  mix.cross_region_speed = node.number("cross_region_speed");
  mix.reference = node.boolean("reference").value_or(false);
  mix.path = node.path();
  return mix;
}

}  // namespace spotmix::scenarios
