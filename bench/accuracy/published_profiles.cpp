#include "bench/accuracy/published_profiles.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <tuple>

namespace spotmix::accuracy {
namespace {

using namespace models;

std::int64_t whole(const Table& table, std::size_t row, std::string_view column) {
  const auto value = table.number(row, column);
  if (!value || *value < 1.0 || *value != std::floor(*value)) {
    throw std::runtime_error("row " + std::to_string(row + 1) + ", column " + std::string(column) +
                             ": expected a positive whole number, found \"" + table.text(row, column) + '"');
  }
  return static_cast<std::int64_t>(*value);
}

std::string device_name(const std::string& published) {
  const DeviceSpec* device = find_device(published);
  return device == nullptr ? std::string() : std::string(device->name);
}

/// Licences as data/PROVENANCE of the tables names them, by the source's first word.
std::string licence_of(const std::string& source) {
  const std::string project = source.substr(0, source.find(':'));
  static const std::map<std::string, std::string, std::less<>> kLicences{{"aiconfigurator", "Apache-2.0"},
                                                                         {"xla", "Apache-2.0"},
                                                                         {"vidur", "MIT"},
                                                                         {"neusight", "MIT"},
                                                                         {"llmcompass", "BSD-3-Clause"}};
  const auto found = kLicences.find(project);
  return found == kLicences.end() ? "" : found->second;
}

std::string note_of(const std::string& source) {
  if (source.starts_with("aiconfigurator"))
    return "random data, replayed as a graph, weights seldom in cache";
  if (source.starts_with("neusight")) return "launched one by one, host time included for small products";
  if (source.starts_with("vidur")) return "time of the kernel alone, whole microseconds";
  return "";
}

constexpr const char* kFlagged = "flagged in the table as beyond a physical limit or suspect";
constexpr const char* kNoTime = "the row has no time";
constexpr const char* kUnknownDevice = "the device is not an NVIDIA GPU that is modelled";
constexpr const char* kUnknownPrecision = "the precision is not modelled";

std::optional<MemoryOp> memory_op_of(const std::string& published) {
  static const std::map<std::string, MemoryOp, std::less<>> kNames{
      {"layernorm", MemoryOp::layer_norm},
      {"rmsnorm", MemoryOp::rms_norm},
      {"attention_fwd_causal", MemoryOp::attention_causal},
      {"attention_fwd_noncausal", MemoryOp::attention}};
  if (const auto found = kNames.find(published); found != kNames.end()) return found->second;
  return parse_enum<MemoryOp>(published);
}

/// "4096x1024" (rows, columns) or "b=4;s=2304;h=8;kv=8;d=80", without kv as many as heads.
MemoryOpShape memory_op_shape(const std::string& dims) {
  std::map<char, std::int64_t> sizes;
  MemoryOpShape plain{1, 1, 1, 1, 1};
  std::istringstream parts(dims);
  const bool named = dims.find('=') != std::string::npos;
  std::size_t next = 0;
  for (std::string part; std::getline(parts, part, named ? ';' : 'x');) {
    const std::size_t value_at = named ? part.find('=') + 1 : 0;
    const std::int64_t value = std::stoll(part.substr(value_at));
    if (named)
      sizes[part.front()] = value;
    else if (next < plain.size())
      plain[next++] = value;
  }
  if (!named) return plain;
  return {sizes.at('b'), sizes.at('s'), sizes.at('h'), sizes.contains('k') ? sizes.at('k') : sizes.at('h'),
          sizes.at('d')};
}

}  // namespace

unsigned fold_of(const MatmulShape& shape) {
  return fold_of_sizes(std::array{shape.m, shape.n, shape.k, shape.batch});
}
unsigned fold_of(const MemoryOpShape& shape) {
  return fold_of_sizes(shape);
}

std::vector<MatmulRow> gemm_rows(const Table& table) {
  std::vector<MatmulRow> rows;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    MatmulRow row;
    row.device = device_name(table.text(i, "gpu"));
    const auto precision = parse_enum<Precision>(table.text(i, "dtype"));
    if (row.device.empty()) row.unusable = kUnknownDevice;
    if (!precision) row.unusable = kUnknownPrecision;
    row.precision = precision.value_or(Precision::fp32);
    row.shape = {whole(table, i, "m"), whole(table, i, "n"), whole(table, i, "k"), whole(table, i, "batch")};
    const std::string& source = table.text(i, "source");
    row.provenance = {SourceKind::published, source, table.text(i, "library"), licence_of(source),
                      note_of(source)};
    row.time_s = table.number(i, "time_us").value_or(0.0) * 1e-6;
    if (!table.text(i, "flag").empty()) row.unusable = kFlagged;
    if (!(row.time_s > 0.0)) row.unusable = kNoTime;
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<MatmulRow> deepbench_rows(const Table& table) {
  std::vector<MatmulRow> rows;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    MatmulRow row;
    const std::string& gpu = table.text(i, "gpu");
    if (gpu.starts_with("NV_")) row.device = device_name(gpu);
    const std::string& precision = table.text(i, "precision");
    row.precision = precision == "Float" ? Precision::fp32 : Precision::fp16;
    // The table's matrices are stored by columns: what it calls M × N is our n × m, and its first matrix our
    // second.
    const bool first = table.text(i, "transB") == "T";
    const bool second = table.text(i, "transA") == "T";
    row.shape = {whole(table, i, "N"), whole(table, i, "M"), whole(table, i, "K"), 1,
                 first ? (second ? MatrixLayout::tt : MatrixLayout::tn)
                       : (second ? MatrixLayout::nt : MatrixLayout::nn)};
    row.provenance = {SourceKind::published, "DeepBench", table.text(i, "software"), "Apache-2.0",
                      precision == "Float" ? "" : precision};
    row.time_s = table.number(i, "time_ms").value_or(0.0) * 1e-3;
    if (!(row.time_s > 0.0)) row.unusable = kNoTime;
    if (row.device.empty()) row.unusable = kUnknownDevice;
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<MemoryOpRow> memory_op_rows(const Table& table) {
  std::vector<MemoryOpRow> rows;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    MemoryOpRow row;
    row.device = device_name(table.text(i, "gpu"));
    const auto op = memory_op_of(table.text(i, "op"));
    const auto precision = parse_enum<Precision>(table.text(i, "dtype"));
    if (row.device.empty()) row.unusable = kUnknownDevice;
    if (!precision) row.unusable = kUnknownPrecision;
    if (!op) row.unusable = "the operation is not modelled";
    row.op = op.value_or(MemoryOp::add);
    row.precision = precision.value_or(Precision::fp32);
    row.shape = memory_op_shape(table.text(i, "dims"));
    // "aiconfigurator:vllm/0.24.0:vllm_flash_attn" names the library after the first colon.
    const std::string& source = table.text(i, "source");
    const std::size_t colon = source.find(':');
    row.provenance = {SourceKind::published, source.substr(0, colon),
                      colon == std::string::npos ? "torch" : source.substr(colon + 1), licence_of(source),
                      note_of(source)};
    row.time_s = table.number(i, "time_us").value_or(0.0) * 1e-6;
    if (!(row.time_s > 0.0)) row.unusable = kNoTime;
    rows.push_back(std::move(row));
  }
  return rows;
}

namespace {

using Profiles = std::map<std::string, KernelProfile>;

KernelProfile& profile_of(Profiles& profiles, const std::string& device) {
  KernelProfile& profile = profiles[device];
  if (profile.device.empty()) {
    profile.device = device;
    profile.limits = limits_of(*find_device(device));
  }
  return profile;
}

void add_matmul(Profiles& profiles, const std::vector<MatmulRow>& rows, const FoldFilter& use) {
  using Key = std::tuple<std::string, std::string, std::string, Precision>;
  std::map<Key, MatmulSamples> groups;
  for (const MatmulRow& row : rows) {
    if (!row.unusable.empty() || !use(fold_of(row.shape))) continue;
    MatmulSamples& group = groups[{row.device, row.provenance.source, row.provenance.library, row.precision}];
    group.provenance = row.provenance;
    group.precision = row.precision;
    group.shapes.push_back(row.shape);
    group.median_s.push_back(row.time_s);
  }
  for (auto& [key, group] : groups) profile_of(profiles, std::get<0>(key)).matmul.push_back(std::move(group));
}

void add_memory_ops(Profiles& profiles, const std::vector<MemoryOpRow>& rows, const FoldFilter& use) {
  using Key = std::tuple<std::string, MemoryOp, std::string, std::string, Precision>;
  std::map<Key, MemoryOpSamples> groups;
  for (const MemoryOpRow& row : rows) {
    if (!row.unusable.empty() || !use(fold_of(row.shape))) continue;
    MemoryOpSamples& group =
        groups[{row.device, row.op, row.provenance.source, row.provenance.library, row.precision}];
    group.provenance = row.provenance;
    group.op = row.op;
    group.precision = row.precision;
    group.shapes.push_back(row.shape);
    group.median_s.push_back(row.time_s);
  }
  for (auto& [key, group] : groups)
    profile_of(profiles, std::get<0>(key)).memory_ops.push_back(std::move(group));
}

}  // namespace

std::vector<KernelProfile> profiles_from_tables(const DataDirectory& data, const FoldFilter& use) {
  Profiles profiles;
  if (const Table* table = data.find("k_gemm")) add_matmul(profiles, gemm_rows(*table), use);
  if (const Table* table = data.find("f_gemm_deepbench")) add_matmul(profiles, deepbench_rows(*table), use);
  if (const Table* table = data.find("k_memory_ops")) add_memory_ops(profiles, memory_op_rows(*table), use);
  std::vector<KernelProfile> result;
  for (auto& [name, profile] : profiles) result.push_back(std::move(profile));
  return result;
}

}  // namespace spotmix::accuracy
