#include <array>
#include <cmath>

#include <nlohmann/json.hpp>

#include "base/units/digits.h"
#include "models/kernels/profile_io.h"

namespace spotmix::models {
namespace {

using json = nlohmann::ordered_json;

constexpr int kTimeDigits = 9;

/// Whole numbers without a trailing ".0".
json number(double value) {
  constexpr double kExactlyWhole = 9e15;
  if (std::abs(value) < kExactlyWhole && value == std::floor(value)) return static_cast<std::int64_t>(value);
  return value;
}

json microseconds(double seconds) {
  return number(to_digits(seconds * 1e6, kTimeDigits));
}

json microseconds(const std::vector<double>& seconds) {
  json result = json::array();
  for (const double value : seconds) result.push_back(microseconds(value));
  return result;
}

void write_provenance(json& out, const Provenance& provenance) {
  out["kind"] = name_of(provenance.kind);
  out["source"] = provenance.source;
  out["library"] = provenance.library;
  if (!provenance.licence.empty()) out["licence"] = provenance.licence;
  if (!provenance.note.empty()) out["note"] = provenance.note;
}

template <typename Samples>
void write_times(json& out, const Samples& samples) {
  out["median_us"] = microseconds(samples.median_s);
  if (!samples.p10_s.empty()) out["p10_us"] = microseconds(samples.p10_s);
  if (!samples.p90_s.empty()) out["p90_us"] = microseconds(samples.p90_s);
  if (!samples.count.empty()) out["count"] = samples.count;
}

/// A column, or its one value when all samples share it.
json shared_or_column(json column) {
  for (const json& value : column) {
    if (value != column.front()) return column;
  }
  return column.empty() ? column : json(column.front());
}

json write(const MatmulSamples& samples) {
  json out;
  write_provenance(out, samples.provenance);
  out["precision"] = name_of(samples.precision);
  json m = json::array(), n = json::array(), k = json::array(), batch = json::array(), layout = json::array();
  for (const MatmulShape& shape : samples.shapes) {
    m.push_back(shape.m);
    n.push_back(shape.n);
    k.push_back(shape.k);
    batch.push_back(shape.batch);
    layout.push_back(name_of(shape.layout));
  }
  out["m"] = std::move(m);
  out["n"] = std::move(n);
  out["k"] = std::move(k);
  out["batch"] = shared_or_column(std::move(batch));
  out["layout"] = shared_or_column(std::move(layout));
  write_times(out, samples);
  if (samples.fit) {
    const RooflineParameters& tiled = samples.fit->tiled;
    const PlainRooflineParameters& plain = samples.fit->plain;
    out["fit"] = {{"tiled",
                   {{"compute_share", tiled.compute_share},
                    {"bandwidth_share", tiled.bandwidth_share},
                    {"launch_us", microseconds(tiled.launch_s)},
                    {"cache_balance", tiled.cache_balance},
                    {"per_tile_us", microseconds(tiled.per_tile_s)},
                    {"slicing_us", microseconds(tiled.slicing_s)}}},
                  {"plain",
                   {{"compute_share", plain.compute_share},
                    {"bandwidth_share", plain.bandwidth_share},
                    {"launch_us", microseconds(plain.launch_s)}}},
                  {"tiled_weights", samples.fit->tiled_weights},
                  {"plain_weights", samples.fit->plain_weights},
                  {"left_out_median_error", samples.fit->left_out_median_error}};
  }
  return out;
}

json write(const MemoryOpSamples& samples) {
  constexpr std::array kAttention{"batch", "length", "heads", "key_value_heads", "head_width"};
  constexpr std::array kMatrix{"rows", "columns"};
  const bool attention = samples.op == MemoryOp::attention || samples.op == MemoryOp::attention_causal;
  json out;
  write_provenance(out, samples.provenance);
  out["op"] = name_of(samples.op);
  out["precision"] = name_of(samples.precision);
  const std::size_t dimensions = attention ? kAttention.size() : kMatrix.size();
  for (std::size_t d = 0; d < dimensions; ++d) {
    json column = json::array();
    for (const MemoryOpShape& shape : samples.shapes) column.push_back(shape[d]);
    out[attention ? kAttention[d] : kMatrix[d]] = std::move(column);
  }
  write_times(out, samples);
  if (samples.fit) {
    out["fit"] = {{"parameters", samples.fit->parameters},
                  {"weights", samples.fit->weights},
                  {"left_out_median_error", samples.fit->left_out_median_error}};
  }
  return out;
}

json write(const CollectiveSamples& samples) {
  json out;
  write_provenance(out, samples.provenance);
  out["operation"] = samples.operation;
  out["algorithm"] = samples.algorithm;
  out["topology"] = samples.topology;
  out["nodes"] = samples.nodes;
  out["ranks"] = samples.ranks;
  json bytes = json::array();
  for (const double value : samples.bytes) bytes.push_back(number(value));
  out["bytes"] = std::move(bytes);
  write_times(out, samples);
  if (!samples.fits.empty()) {
    json fits = json::array();
    for (const CollectiveFit& fit : samples.fits) {
      fits.push_back({{"ranks", fit.ranks},
                      {"latency_us", microseconds(fit.latency_s)},
                      {"seconds_per_byte", to_digits(fit.seconds_per_byte, kTimeDigits)},
                      {"median_error", to_digits(fit.median_error, 4)}});
    }
    out["fits"] = std::move(fits);
  }
  return out;
}

json write(const MemoryBandwidth& bandwidth) {
  json out;
  write_provenance(out, bandwidth.provenance);
  const auto put = [&out](const char* key, const std::optional<double>& value) {
    if (value) out[key] = number(to_digits(*value, kTimeDigits));
  };
  put("copy_bytes_per_s", bandwidth.copy_bytes_per_s);
  put("read_bytes_per_s", bandwidth.read_bytes_per_s);
  put("write_bytes_per_s", bandwidth.write_bytes_per_s);
  return out;
}

json write(const DeviceLimits& limits) {
  json peaks = json::object();
  for (const Precision precision : values_of<Precision>()) {
    if (const auto& peak = limits.peak_flop_per_s[static_cast<std::size_t>(precision)])
      peaks[std::string(name_of(precision))] = number(*peak);
  }
  return {{"multiprocessors", limits.multiprocessors},
          {"peak_flop_per_s", std::move(peaks)},
          {"memory_bytes_per_s", number(limits.memory_bytes_per_s)},
          {"l2_bytes", number(limits.l2_bytes)}};
}

template <typename Group>
void put_groups(json& out, const char* key, const std::vector<Group>& groups) {
  if (groups.empty()) return;
  json list = json::array();
  for (const Group& group : groups) list.push_back(write(group));
  out[key] = std::move(list);
}

/// Objects and lists of objects over several lines, columns on one.
void print(const json& value, std::string& text, const std::string& indent) {
  const bool list_of_objects = value.is_array() && !value.empty() && value.front().is_object();
  if (!value.is_object() && !list_of_objects) {
    text += value.dump();
    return;
  }
  const std::string inner = indent + "  ";
  text += value.is_object() ? "{" : "[";
  bool first = true;
  for (const auto& [key, element] : value.items()) {
    text += first ? "\n" : ",\n";
    first = false;
    text += inner;
    if (value.is_object()) text += json(key).dump() + ": ";
    print(element, text, inner);
  }
  text += "\n" + indent + (value.is_object() ? "}" : "]");
}

}  // namespace

std::string to_json(const KernelProfile& profile) {
  json out;
  out["format"] = "spotmix-kernel-profile";
  out["version"] = 1;
  out["device"] = profile.device;
  if (profile.architecture) out["architecture"] = name_of(*profile.architecture);
  out["limits"] = write(profile.limits);
  if (profile.date) out["date"] = *profile.date;
  if (profile.driver) out["driver"] = *profile.driver;
  if (profile.runtime) out["runtime"] = *profile.runtime;
  if (profile.compute_clock_hz) out["compute_clock_hz"] = number(*profile.compute_clock_hz);
  if (profile.memory_clock_hz) out["memory_clock_hz"] = number(*profile.memory_clock_hz);
  put_groups(out, "matmul", profile.matmul);
  put_groups(out, "memory_ops", profile.memory_ops);
  put_groups(out, "collectives", profile.collectives);
  if (profile.memory_bandwidth) out["memory_bandwidth"] = write(*profile.memory_bandwidth);
  if (profile.launch_latency) {
    json node;
    write_provenance(node, profile.launch_latency->provenance);
    node["launch_us"] = microseconds(profile.launch_latency->launch_s);
    out["launch_latency"] = std::move(node);
  }
  std::string text;
  print(out, text, "");
  return text + "\n";
}

}  // namespace spotmix::models
