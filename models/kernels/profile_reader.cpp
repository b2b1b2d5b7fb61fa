#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/enums/enums.h"
#include "base/files/read_file.h"
#include "base/json/node.h"
#include "base/text/nearest.h"
#include "models/kernels/profile_io.h"

namespace spotmix::models {
namespace {

constexpr double kMicrosecond = 1e-6;
constexpr std::string_view kFormat = "spotmix-kernel-profile";
constexpr int kVersion = 1;

/// Refuses members that the format does not have.
void allow(const Node& node, const std::vector<std::string>& keys) {
  for (const auto& [key, member] : node.members()) {
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    member.fail(fmt::format("found an unknown key, expected {}{}", one_of(keys), did_you_mean(key, keys)));
  }
}

double positive(const Node& node) {
  const double value = node.number();
  if (!(value > 0.0) || !std::isfinite(value)) node.expected("a positive number");
  return value;
}

std::int64_t size(const Node& node) {
  const std::int64_t value = node.integer();
  if (value < 1) node.expected("a positive whole number");
  return value;
}

double microseconds(const Node& node) {
  return positive(node) * kMicrosecond;
}

template <NamedEnum Enum>
Enum named(const Node& node) {
  const auto value = parse_enum<Enum>(node.text());
  if (!value) node.expected(one_of(names_of<Enum>()));
  return *value;
}

/// What `read` makes of the member; nullopt if it is missing or null.
template <typename Read>
auto maybe(const Node& node, const std::string& key, Read read) {
  const auto member = node.find(key);
  return member ? std::optional(read(*member)) : std::nullopt;
}

template <typename Read>
auto list(const Node& node, Read read) {
  std::vector<decltype(read(node))> values;
  for (const Node& item : node.items()) values.push_back(read(item));
  return values;
}

/// The list `key` of exactly `count` values.
template <typename Read>
auto column(const Node& node, const std::string& key, std::size_t count, Read read) {
  const Node member = node.at(key);
  auto values = list(member, read);
  if (values.size() != count) {
    member.fail(
        fmt::format("found {} values, expected {} as in the group's other columns", values.size(), count));
  }
  return values;
}

template <typename Read>
auto optional_column(const Node& node, const std::string& key, std::size_t count, Read read) {
  return node.find(key) ? column(node, key, count, read) : decltype(column(node, key, count, read)){};
}

std::string text(const Node& node) {
  return node.text();
}

double number(const Node& node) {
  return node.number();
}

SourceKind read_sample_kind(const Node& node) {
  const auto kind = parse_enum<SourceKind>(node.text());
  if (kind && is_of_samples(*kind)) return *kind;
  std::vector<std::string> names;
  for (const SourceKind known : values_of<SourceKind>()) {
    if (is_of_samples(known)) names.emplace_back(name_of(known));
  }
  node.expected(one_of(names));
}

Provenance read_provenance(const Node& node) {
  Provenance result;
  result.kind = read_sample_kind(node.at("kind"));
  result.source = node.at("source").text();
  result.library = node.at("library").text();
  result.licence = maybe(node, "licence", text).value_or("");
  result.note = maybe(node, "note", text).value_or("");
  return result;
}

DeviceLimits read_limits(const Node& node) {
  allow(node, {"multiprocessors", "peak_flop_per_s", "memory_bytes_per_s", "l2_bytes"});
  DeviceLimits result;
  result.multiprocessors = static_cast<int>(size(node.at("multiprocessors")));
  result.memory_bytes_per_s = positive(node.at("memory_bytes_per_s"));
  result.l2_bytes = positive(node.at("l2_bytes"));
  const Node peaks = node.at("peak_flop_per_s");
  allow(peaks, names_of<Precision>());
  for (const Precision precision : values_of<Precision>()) {
    result.peak_flop_per_s[static_cast<std::size_t>(precision)] =
        maybe(peaks, std::string(name_of(precision)), positive);
  }
  return result;
}

/// The columns that every group of timed samples has.
template <typename Samples>
void read_times(const Node& node, std::size_t count, Samples& samples) {
  samples.median_s = column(node, "median_us", count, microseconds);
  samples.p10_s = optional_column(node, "p10_us", count, microseconds);
  samples.p90_s = optional_column(node, "p90_us", count, microseconds);
  samples.count = optional_column(node, "count", count, size);
}

RooflineParameters read_tiled(const Node& node) {
  allow(node,
        {"compute_share", "bandwidth_share", "launch_us", "cache_balance", "per_tile_us", "slicing_us"});
  return {positive(node.at("compute_share")),   positive(node.at("bandwidth_share")),
          microseconds(node.at("launch_us")),   positive(node.at("cache_balance")),
          microseconds(node.at("per_tile_us")), microseconds(node.at("slicing_us"))};
}

PlainRooflineParameters read_plain(const Node& node) {
  allow(node, {"compute_share", "bandwidth_share", "launch_us"});
  return {positive(node.at("compute_share")), positive(node.at("bandwidth_share")),
          microseconds(node.at("launch_us"))};
}

std::vector<MatmulShape> read_matmul_shapes(const Node& node) {
  const std::vector<std::int64_t> m = list(node.at("m"), size);
  const std::vector<std::int64_t> n = column(node, "n", m.size(), size);
  const std::vector<std::int64_t> k = column(node, "k", m.size(), size);
  std::vector<std::int64_t> batch(m.size(), 1);
  if (const auto given = node.find("batch")) {
    if (given->is_list())
      batch = column(node, "batch", m.size(), size);
    else
      batch.assign(m.size(), size(*given));
  }
  std::vector<MatrixLayout> layout(m.size(), MatrixLayout::nn);
  if (const auto given = node.find("layout")) {
    if (given->is_list())
      layout = column(node, "layout", m.size(), named<MatrixLayout>);
    else
      layout.assign(m.size(), named<MatrixLayout>(*given));
  }
  std::vector<MatmulShape> shapes;
  shapes.reserve(m.size());
  for (std::size_t i = 0; i < m.size(); ++i) shapes.push_back({m[i], n[i], k[i], batch[i], layout[i]});
  return shapes;
}

MatmulSamples read_matmul(const Node& node) {
  allow(node, {"kind", "source", "library", "licence", "note", "precision", "m", "n", "k", "batch", "layout",
               "median_us", "p10_us", "p90_us", "count", "fit"});
  MatmulSamples result;
  result.provenance = read_provenance(node);
  result.precision = named<Precision>(node.at("precision"));
  result.shapes = read_matmul_shapes(node);
  read_times(node, result.shapes.size(), result);
  if (const auto fit = node.find("fit")) {
    allow(*fit, {"tiled", "plain", "tiled_weights", "plain_weights", "left_out_median_error"});
    const std::size_t count = result.shapes.size();
    result.fit =
        MatmulFit{read_tiled(fit->at("tiled")), read_plain(fit->at("plain")),
                  column(*fit, "tiled_weights", count, number), column(*fit, "plain_weights", count, number),
                  fit->at("left_out_median_error").number()};
  }
  return result;
}

constexpr std::array kMatrixShape{"rows", "columns"};
constexpr std::array kAttentionShape{"batch", "length", "heads", "key_value_heads", "head_width"};

std::vector<MemoryOpShape> read_memory_op_shapes(const Node& node, std::span<const char* const> names) {
  const std::size_t count = node.at(names[0]).items().size();
  std::vector<MemoryOpShape> shapes(count, MemoryOpShape{1, 1, 1, 1, 1});
  for (std::size_t d = 0; d < names.size(); ++d) {
    const std::vector<std::int64_t> sizes = column(node, names[d], count, size);
    for (std::size_t i = 0; i < count; ++i) shapes[i][d] = sizes[i];
  }
  return shapes;
}

MemoryOpSamples read_memory_op(const Node& node) {
  allow(node, {"kind", "source", "library", "licence", "note", "op", "precision", "rows", "columns", "batch",
               "length", "heads", "key_value_heads", "head_width", "median_us", "p10_us", "p90_us", "count",
               "fit"});
  MemoryOpSamples result;
  result.provenance = read_provenance(node);
  result.op = named<MemoryOp>(node.at("op"));
  result.precision = named<Precision>(node.at("precision"));
  const bool attention = result.op == MemoryOp::attention || result.op == MemoryOp::attention_causal;
  result.shapes =
      attention ? read_memory_op_shapes(node, kAttentionShape) : read_memory_op_shapes(node, kMatrixShape);
  read_times(node, result.shapes.size(), result);
  if (const auto fit = node.find("fit")) {
    allow(*fit, {"parameters", "weights", "left_out_median_error"});
    result.fit = MemoryOpFit{list(fit->at("parameters"), number),
                             column(*fit, "weights", result.shapes.size(), number),
                             fit->at("left_out_median_error").number()};
  }
  return result;
}

CollectiveSamples read_collective(const Node& node) {
  allow(node, {"kind", "source", "library", "licence", "note", "operation", "algorithm", "topology", "nodes",
               "ranks", "bytes", "median_us", "p10_us", "p90_us", "count", "fits"});
  CollectiveSamples result;
  result.provenance = read_provenance(node);
  result.operation = node.at("operation").text();
  result.algorithm = node.at("algorithm").text();
  result.topology = node.at("topology").text();
  result.nodes = maybe(node, "nodes", size).value_or(1);
  result.ranks = list(node.at("ranks"), size);
  result.bytes = column(node, "bytes", result.ranks.size(), number);
  read_times(node, result.ranks.size(), result);
  if (const auto fits = node.find("fits")) {
    for (const Node& fit : fits->items()) {
      allow(fit, {"ranks", "latency_us", "seconds_per_byte", "median_error"});
      result.fits.push_back({size(fit.at("ranks")), fit.at("latency_us").number() * kMicrosecond,
                             fit.at("seconds_per_byte").number(), fit.at("median_error").number()});
    }
  }
  return result;
}

KernelProfile read_profile(const Node& root) {
  allow(root, {"format", "version", "device", "architecture", "limits", "date", "driver", "runtime",
               "compute_clock_hz", "memory_clock_hz", "matmul", "memory_ops", "collectives",
               "memory_bandwidth", "launch_latency"});
  if (root.at("format").text() != kFormat) root.at("format").expected('"' + std::string(kFormat) + '"');
  if (size(root.at("version")) != kVersion) root.at("version").expected(std::to_string(kVersion));
  KernelProfile profile;
  profile.device = root.at("device").text();
  if (const auto architecture = root.find("architecture")) {
    profile.architecture = named<Architecture>(*architecture);
  }
  profile.limits = read_limits(root.at("limits"));
  profile.date = maybe(root, "date", text);
  profile.driver = maybe(root, "driver", text);
  profile.runtime = maybe(root, "runtime", text);
  profile.compute_clock_hz = maybe(root, "compute_clock_hz", positive);
  profile.memory_clock_hz = maybe(root, "memory_clock_hz", positive);
  if (const auto groups = root.find("matmul")) {
    for (const Node& group : groups->items()) {
      const Precision precision = profile.matmul.emplace_back(read_matmul(group)).precision;
      if (!profile.limits.peak_flop_per_s[static_cast<std::size_t>(precision)]) {
        group.at("precision").expected("a precision with a peak in limits.peak_flop_per_s");
      }
    }
  }
  if (const auto groups = root.find("memory_ops")) {
    for (const Node& group : groups->items()) profile.memory_ops.push_back(read_memory_op(group));
  }
  if (const auto groups = root.find("collectives")) {
    for (const Node& group : groups->items()) profile.collectives.push_back(read_collective(group));
  }
  if (const auto node = root.find("memory_bandwidth")) {
    allow(*node, {"kind", "source", "library", "licence", "note", "copy_bytes_per_s", "read_bytes_per_s",
                  "write_bytes_per_s"});
    profile.memory_bandwidth = MemoryBandwidth{
        read_provenance(*node), maybe(*node, "copy_bytes_per_s", positive),
        maybe(*node, "read_bytes_per_s", positive), maybe(*node, "write_bytes_per_s", positive)};
  }
  if (const auto node = root.find("launch_latency")) {
    allow(*node, {"kind", "source", "library", "licence", "note", "launch_us"});
    profile.launch_latency = LaunchLatency{read_provenance(*node), microseconds(node->at("launch_us"))};
  }
  return profile;
}

}  // namespace

KernelProfile parse_profile(std::string_view text, const std::string& file_name) {
  try {
    const Node::Json document = parse_document(text);
    return read_profile(Node(document));
  } catch (const BadDocument& error) {
    throw std::runtime_error(file_name + ": " + error.what());
  }
}

KernelProfile load_profile(const std::filesystem::path& path) {
  const Result<std::string> text = read_bytes(path);
  if (!text) throw std::runtime_error(path.string() + ": cannot be read, expected a kernel profile");
  return parse_profile(*text.value, path.string());
}

}  // namespace spotmix::models
