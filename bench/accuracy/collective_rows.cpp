#include "bench/accuracy/collective_rows.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <tuple>

#include "models/hardware/device.h"

namespace spotmix::accuracy {
namespace {

using namespace spotmix::models;

std::string device_name(std::string published) {
  if (published.ends_with("?")) published.pop_back();
  const DeviceSpec* device = find_device(published);
  return device ? std::string(device->name) : std::string();
}

std::string licence_of(const std::string& source) {
  return source.starts_with("vidur") ? "MIT" : "Apache-2.0";
}

std::string note_of(const CollectiveQuestion& question) {
  if (question.library.starts_with("torch-nccl"))
    return "one rank's kernel time, with its wait for the others";
  if (question.library.starts_with("xla")) return "as many groups at once as fill the system";
  return "";
}

KernelProfile& profile_of(std::vector<KernelProfile>& profiles, const std::string& device) {
  const auto place = std::ranges::lower_bound(profiles, device, {}, &KernelProfile::device);
  if (place != profiles.end() && place->device == device) return *place;
  KernelProfile profile;
  profile.device = device;
  profile.limits = limits_of(*find_device(device));
  return *profiles.insert(place, std::move(profile));
}

}  // namespace

std::vector<CollectiveRow> collective_rows(const Table& table) {
  std::vector<CollectiveRow> rows;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    CollectiveRow row;
    CollectiveQuestion& question = row.question;
    question.device = device_name(table.text(i, "gpu"));
    question.source = table.text(i, "source");
    question.library = table.text(i, "library");
    question.algorithm = table.text(i, "algorithm");
    question.topology = table.text(i, "interconnect");
    question.operation = table.text(i, "collective");
    question.nodes = static_cast<int>(table.number(i, "nodes").value_or(0));
    question.ranks = static_cast<int>(table.number(i, "ranks").value_or(0));
    question.bytes = table.number(i, "bytes").value_or(0);
    row.time_s = table.number(i, "time_us").value_or(0) * 1e-6;
    rows.push_back(std::move(row));
  }
  return rows;
}

bool is_kernel_time(const CollectiveRow& row) {
  return row.question.library == "torch-nccl-kerneltime";
}

void add_collectives(std::vector<KernelProfile>& profiles, const std::vector<CollectiveRow>& rows,
                     const std::function<bool(const CollectiveRow&)>& use) {
  using GroupKey =
      std::tuple<std::string, std::string, std::string, std::string, std::string, std::string, int>;
  std::map<GroupKey, CollectiveSamples> groups;
  for (const CollectiveRow& row : rows) {
    const CollectiveQuestion& question = row.question;
    if (question.device.empty() || row.time_s <= 0 || question.bytes <= 0 || !use(row)) continue;
    CollectiveSamples& group = groups[{question.device, question.operation, question.algorithm,
                                       question.library, question.source, question.topology, question.nodes}];
    group.provenance = {SourceKind::published, question.source, question.library, licence_of(question.source),
                        note_of(question)};
    group.operation = question.operation;
    group.algorithm = question.algorithm;
    group.topology = question.topology;
    group.nodes = question.nodes;
    group.ranks.push_back(question.ranks);
    group.bytes.push_back(question.bytes);
    group.median_s.push_back(row.time_s);
  }
  for (auto& [key, group] : groups)
    profile_of(profiles, std::get<0>(key)).collectives.push_back(std::move(group));
}

}  // namespace spotmix::accuracy
