#include <algorithm>

#include <nlohmann/json.hpp>

#include "reports/json/step_json.h"
#include "reports/profile_report.h"

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;
using models::KernelProfile;

Json shape_json(const models::MatmulShape& shape) {
  return {{"m", shape.m},
          {"n", shape.n},
          {"k", shape.k},
          {"batch", shape.batch},
          {"layout", name_of(shape.layout)}};
}

Json shape_json(const std::optional<models::MatmulShape>& shape) {
  return shape ? shape_json(*shape) : Json(nullptr);
}

Json both(const Json& first, const Json& second) {
  return {{"first", first}, {"second", second}};
}

Json products_json(const KernelProfile& first, const KernelProfile& second) {
  Json products = Json::array();
  for (const models::MatmulDifference& one : models::matmul_differences(first, second)) {
    products.push_back(
        {{"precision", name_of(one.precision)},
         {"shapes", one.shapes},
         {"ratio", {{"median", one.median_ratio}, {"p10", one.p10_ratio}, {"p90", one.p90_ratio}}},
         {"furthest", {{"shape", shape_json(one.furthest)}, {"ratio", one.furthest_ratio}}},
         {"first", one.first},
         {"second", one.second}});
  }
  return products;
}

Json memory_json(const KernelProfile& first, const KernelProfile& second) {
  const auto rate = [](const KernelProfile& profile, std::optional<double> models::MemoryBandwidth::*of) {
    return profile.memory_bandwidth ? or_null((*profile.memory_bandwidth).*of) : Json(nullptr);
  };
  using Bandwidth = models::MemoryBandwidth;
  Json memory;
  for (const auto& [key, of] : {std::pair("copy_bytes_per_s", &Bandwidth::copy_bytes_per_s),
                                std::pair("read_bytes_per_s", &Bandwidth::read_bytes_per_s),
                                std::pair("write_bytes_per_s", &Bandwidth::write_bytes_per_s)}) {
    memory[key] = both(rate(first, of), rate(second, of));
  }
  return memory;
}

Json launch_json(const KernelProfile& profile) {
  return profile.launch_latency ? Json(profile.launch_latency->launch_s) : Json(nullptr);
}

Json line_json(const models::CollectiveFit& fit) {
  return {{"latency_s", fit.latency_s}, {"bytes_per_s", 1 / fit.seconds_per_byte}};
}

Json collectives_json(const KernelProfile& first, const KernelProfile& second) {
  Json collectives = Json::array();
  for (const models::CollectiveDifference& one : models::collective_differences(first, second)) {
    collectives.push_back({{"operation", one.group->operation},
                           {"algorithm", one.group->algorithm},
                           {"topology", one.group->topology},
                           {"nodes", one.group->nodes},
                           {"ranks", one.first->ranks},
                           {"first", line_json(*one.first)},
                           {"second", line_json(*one.second)}});
  }
  return collectives;
}

Json held_back_json(const ProfileCheck& check) {
  Json groups = Json::array();
  for (const models::HeldBack& group : check.held_back) {
    groups.push_back({{"precision", name_of(group.precision)},
                      {"kind", name_of(group.provenance.kind)},
                      {"source", group.provenance.source},
                      {"library", group.provenance.library},
                      {"samples", group.samples},
                      {"median_error", group.median_error},
                      {"p90_error", group.p90_error},
                      {"bias", group.bias},
                      {"passed", check.judged(group) ? Json(check.passed(group)) : Json(nullptr)}});
  }
  return groups;
}

Json reach_json(const ProfileCheck& check) {
  Json list = Json::array();
  for (const models::Reach& reach : check.reach) {
    list.push_back({{"precision", name_of(reach.precision)},
                    {"shapes", reach.shapes},
                    {"extrapolated", reach.extrapolated},
                    {"smallest", shape_json(reach.smallest)},
                    {"largest", shape_json(reach.largest)}});
  }
  return list;
}

Json asked_json(const ProfileCheck& check) {
  Json list = Json::array();
  for (const AskedProduct& asked : check.asked) {
    list.push_back({{"precision", name_of(asked.precision)},
                    {"shape", shape_json(asked.shape)},
                    {"time_s", asked.time.time_s},
                    {"sample_distance", asked.time.sample_distance},
                    {"extrapolated", asked.time.extrapolated}});
  }
  return list;
}

}  // namespace

bool ProfileCheck::judged(const models::HeldBack& group) const {
  return group.provenance.kind == models::SourceKind::measured;
}

bool ProfileCheck::passed(const models::HeldBack& group) const {
  return !judged(group) || !(group.median_error > max_error);
}

bool ProfileCheck::passed() const {
  return std::all_of(held_back.begin(), held_back.end(),
                     [this](const models::HeldBack& group) { return passed(group); });
}

void write_profile_check_json(const ProfileCheck& check, std::ostream& out) {
  write_document({{"device", check.device},
                  {"max_error", check.max_error},
                  {"passed", check.passed()},
                  {"held_back", held_back_json(check)},
                  {"reach", reach_json(check)},
                  {"asked", asked_json(check)}},
                 out);
}

void write_profile_difference_json(const KernelProfile& first, const KernelProfile& second,
                                   std::ostream& out) {
  write_document({{"first", first.device},
                  {"second", second.device},
                  {"matrix_products", products_json(first, second)},
                  {"memory", memory_json(first, second)},
                  {"launch_s", both(launch_json(first), launch_json(second))},
                  {"collectives", collectives_json(first, second)}},
                 out);
}

}  // namespace spotmix::reports
