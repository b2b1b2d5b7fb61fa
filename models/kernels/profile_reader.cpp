#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "base/text/nearest.h"
#include "models/kernels/profile_io.h"

namespace spotmix::models {
namespace {

using nlohmann::json;

constexpr double kMicrosecond = 1e-6;
constexpr std::string_view kFormat = "spotmix-kernel-profile";
constexpr int kVersion = 1;

/// One value of the document and where it stands.
class Node {
 public:
  Node(const json& value, std::string path, const std::string& file)
      : value_(&value), path_(std::move(path)), file_(&file) {}

  [[noreturn]] void fail(const std::string& expected) const {
    std::string found = value_->is_structured() ? std::string(value_->type_name()) : value_->dump();
    throw std::runtime_error(*file_ + ": " + (path_.empty() ? "/" : path_) + ": found " + found +
                             ", expected " + expected);
  }

  /// Refuses members that the format does not have.
  void allow(const std::vector<std::string>& keys) const {
    if (!value_->is_object()) fail("an object");
    for (const auto& [key, value] : value_->items()) {
      if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
      throw std::runtime_error(*file_ + ": " + path_ + "/" + key + ": no such key, expected " + one_of(keys) +
                               did_you_mean(key, keys));
    }
  }

  bool has(const std::string& key) const { return value_->contains(key) && !(*value_)[key].is_null(); }
  Node operator[](const std::string& key) const {
    if (!value_->is_object()) fail("an object");
    if (!value_->contains(key)) {
      throw std::runtime_error(*file_ + ": " + path_ + "/" + key + ": missing");
    }
    return {(*value_)[key], path_ + "/" + key, *file_};
  }
  std::vector<Node> elements() const {
    if (!value_->is_array()) fail("an array");
    std::vector<Node> result;
    result.reserve(value_->size());
    for (std::size_t i = 0; i < value_->size(); ++i) {
      result.emplace_back((*value_)[i], path_ + "/" + std::to_string(i), *file_);
    }
    return result;
  }
  bool is_array() const { return value_->is_array(); }

  std::string text() const {
    if (!value_->is_string()) fail("a string");
    return value_->get<std::string>();
  }
  double number() const {
    if (!value_->is_number()) fail("a number");
    return value_->get<double>();
  }
  double positive() const {
    const double result = number();
    if (!(result > 0.0) || !std::isfinite(result)) fail("a positive number");
    return result;
  }
  std::int64_t size() const {
    if (!value_->is_number_integer() || value_->get<std::int64_t>() < 1) fail("a positive whole number");
    return value_->get<std::int64_t>();
  }
  template <NamedEnum Enum>
  Enum named() const {
    const auto result = parse_enum<Enum>(text());
    if (!result) fail(one_of(names_of<Enum>()));
    return *result;
  }
  std::optional<std::string> optional_text(const std::string& key) const {
    return has(key) ? std::optional((*this)[key].text()) : std::nullopt;
  }
  std::optional<double> optional_positive(const std::string& key) const {
    return has(key) ? std::optional((*this)[key].positive()) : std::nullopt;
  }

  std::vector<std::int64_t> sizes() const {
    std::vector<std::int64_t> result;
    for (const Node& element : elements()) result.push_back(element.size());
    return result;
  }
  std::vector<double> numbers() const {
    std::vector<double> result;
    for (const Node& element : elements()) result.push_back(element.number());
    return result;
  }
  std::vector<double> microseconds() const {
    std::vector<double> result;
    for (const Node& element : elements()) result.push_back(element.positive() * kMicrosecond);
    return result;
  }

  /// The column `key` with `read`, of exactly `count` values.
  template <typename Read>
  auto column(const std::string& key, std::size_t count, Read read) const {
    const Node node = (*this)[key];
    auto result = (node.*read)();
    if (result.size() != count) {
      throw std::runtime_error(*file_ + ": " + node.path_ + ": found " + std::to_string(result.size()) +
                               " values, expected " + std::to_string(count) +
                               " as in the group's other columns");
    }
    return result;
  }
  template <typename Read>
  auto optional_column(const std::string& key, std::size_t count, Read read) const {
    return has(key) ? column(key, count, read) : decltype(column(key, count, read)){};
  }

 private:
  const json* value_;
  std::string path_;
  const std::string* file_;
};

SourceKind read_sample_kind(const Node& node) {
  const auto kind = parse_enum<SourceKind>(node.text());
  if (kind && is_of_samples(*kind)) return *kind;
  std::vector<std::string> names;
  for (const SourceKind known : values_of<SourceKind>()) {
    if (is_of_samples(known)) names.emplace_back(name_of(known));
  }
  node.fail(one_of(names));
}

Provenance read_provenance(const Node& node) {
  Provenance result;
  result.kind = read_sample_kind(node["kind"]);
  result.source = node["source"].text();
  result.library = node["library"].text();
  result.licence = node.optional_text("licence").value_or("");
  result.note = node.optional_text("note").value_or("");
  return result;
}

DeviceLimits read_limits(const Node& node) {
  node.allow({"multiprocessors", "peak_flop_per_s", "memory_bytes_per_s", "l2_bytes"});
  DeviceLimits result;
  result.multiprocessors = static_cast<int>(node["multiprocessors"].size());
  result.memory_bytes_per_s = node["memory_bytes_per_s"].positive();
  result.l2_bytes = node["l2_bytes"].positive();
  const Node peaks = node["peak_flop_per_s"];
  peaks.allow(names_of<Precision>());
  for (const Precision precision : values_of<Precision>()) {
    result.peak_flop_per_s[static_cast<std::size_t>(precision)] =
        peaks.optional_positive(std::string(name_of(precision)));
  }
  return result;
}

/// The columns that every group of timed samples has.
template <typename Samples>
void read_times(const Node& node, std::size_t count, Samples& samples) {
  samples.median_s = node.column("median_us", count, &Node::microseconds);
  samples.p10_s = node.optional_column("p10_us", count, &Node::microseconds);
  samples.p90_s = node.optional_column("p90_us", count, &Node::microseconds);
  samples.count = node.optional_column("count", count, &Node::sizes);
}

RooflineParameters read_tiled(const Node& node) {
  node.allow({"compute_share", "bandwidth_share", "launch_us", "cache_balance", "per_tile_us", "slicing_us"});
  return {node["compute_share"].positive(),
          node["bandwidth_share"].positive(),
          node["launch_us"].positive() * kMicrosecond,
          node["cache_balance"].positive(),
          node["per_tile_us"].positive() * kMicrosecond,
          node["slicing_us"].positive() * kMicrosecond};
}

PlainRooflineParameters read_plain(const Node& node) {
  node.allow({"compute_share", "bandwidth_share", "launch_us"});
  return {node["compute_share"].positive(), node["bandwidth_share"].positive(),
          node["launch_us"].positive() * kMicrosecond};
}

std::vector<MatmulShape> read_matmul_shapes(const Node& node) {
  const std::vector<std::int64_t> m = node["m"].sizes();
  const std::vector<std::int64_t> n = node.column("n", m.size(), &Node::sizes);
  const std::vector<std::int64_t> k = node.column("k", m.size(), &Node::sizes);
  const auto layout_of = [](const Node& value) { return value.named<MatrixLayout>(); };
  std::vector<std::int64_t> batch(m.size(), 1);
  if (node.has("batch")) {
    if (node["batch"].is_array())
      batch = node.column("batch", m.size(), &Node::sizes);
    else
      batch.assign(m.size(), node["batch"].size());
  }
  std::vector<MatrixLayout> layout(m.size(), MatrixLayout::nn);
  if (node.has("layout")) {
    if (node["layout"].is_array()) {
      const std::vector<Node> values = node.column("layout", m.size(), &Node::elements);
      std::transform(values.begin(), values.end(), layout.begin(), layout_of);
    } else {
      layout.assign(m.size(), layout_of(node["layout"]));
    }
  }
  std::vector<MatmulShape> shapes;
  shapes.reserve(m.size());
  for (std::size_t i = 0; i < m.size(); ++i) shapes.push_back({m[i], n[i], k[i], batch[i], layout[i]});
  return shapes;
}

MatmulSamples read_matmul(const Node& node) {
  node.allow({"kind", "source", "library", "licence", "note", "precision", "m", "n", "k", "batch", "layout",
              "median_us", "p10_us", "p90_us", "count", "fit"});
  MatmulSamples result;
  result.provenance = read_provenance(node);
  result.precision = node["precision"].named<Precision>();
  result.shapes = read_matmul_shapes(node);
  read_times(node, result.shapes.size(), result);
  if (node.has("fit")) {
    const Node fit = node["fit"];
    fit.allow({"tiled", "plain", "tiled_weights", "plain_weights", "left_out_median_error"});
    const std::size_t count = result.shapes.size();
    result.fit =
        MatmulFit{read_tiled(fit["tiled"]), read_plain(fit["plain"]),
                  fit.column("tiled_weights", count, &Node::numbers),
                  fit.column("plain_weights", count, &Node::numbers), fit["left_out_median_error"].number()};
  }
  return result;
}

constexpr std::array kMatrixShape{"rows", "columns"};
constexpr std::array kAttentionShape{"batch", "length", "heads", "key_value_heads", "head_width"};

std::vector<MemoryOpShape> read_memory_op_shapes(const Node& node, std::span<const char* const> names) {
  const std::size_t count = node[names[0]].elements().size();
  std::vector<MemoryOpShape> shapes(count, MemoryOpShape{1, 1, 1, 1, 1});
  for (std::size_t d = 0; d < names.size(); ++d) {
    const std::vector<std::int64_t> sizes = node.column(names[d], count, &Node::sizes);
    for (std::size_t i = 0; i < count; ++i) shapes[i][d] = sizes[i];
  }
  return shapes;
}

MemoryOpSamples read_memory_op(const Node& node) {
  node.allow({"kind", "source", "library", "licence", "note", "op", "precision", "rows", "columns", "batch",
              "length", "heads", "key_value_heads", "head_width", "median_us", "p10_us", "p90_us", "count",
              "fit"});
  MemoryOpSamples result;
  result.provenance = read_provenance(node);
  result.op = node["op"].named<MemoryOp>();
  result.precision = node["precision"].named<Precision>();
  const bool attention = result.op == MemoryOp::attention || result.op == MemoryOp::attention_causal;
  result.shapes =
      attention ? read_memory_op_shapes(node, kAttentionShape) : read_memory_op_shapes(node, kMatrixShape);
  read_times(node, result.shapes.size(), result);
  if (node.has("fit")) {
    const Node fit = node["fit"];
    fit.allow({"parameters", "weights", "left_out_median_error"});
    result.fit =
        MemoryOpFit{fit["parameters"].numbers(), fit.column("weights", result.shapes.size(), &Node::numbers),
                    fit["left_out_median_error"].number()};
  }
  return result;
}

CollectiveSamples read_collective(const Node& node) {
  node.allow({"kind", "source", "library", "licence", "note", "operation", "algorithm", "topology", "nodes",
              "ranks", "bytes", "median_us", "p10_us", "p90_us", "count", "fits"});
  CollectiveSamples result;
  result.provenance = read_provenance(node);
  result.operation = node["operation"].text();
  result.algorithm = node["algorithm"].text();
  result.topology = node["topology"].text();
  result.nodes = node.has("nodes") ? node["nodes"].size() : 1;
  result.ranks = node["ranks"].sizes();
  result.bytes = node.column("bytes", result.ranks.size(), &Node::numbers);
  read_times(node, result.ranks.size(), result);
  if (node.has("fits")) {
    for (const Node& fit : node["fits"].elements()) {
      fit.allow({"ranks", "latency_us", "seconds_per_byte", "median_error"});
      result.fits.push_back({fit["ranks"].size(), fit["latency_us"].number() * kMicrosecond,
                             fit["seconds_per_byte"].number(), fit["median_error"].number()});
    }
  }
  return result;
}

KernelProfile read_profile(const Node& root) {
  root.allow({"format", "version", "device", "architecture", "limits", "date", "driver", "runtime",
              "compute_clock_hz", "memory_clock_hz", "matmul", "memory_ops", "collectives",
              "memory_bandwidth", "launch_latency"});
  if (root["format"].text() != kFormat) root["format"].fail('"' + std::string(kFormat) + '"');
  if (root["version"].size() != kVersion) root["version"].fail(std::to_string(kVersion));
  KernelProfile profile;
  profile.device = root["device"].text();
  if (root.has("architecture")) {
    profile.architecture = root["architecture"].named<Architecture>();
  }
  profile.limits = read_limits(root["limits"]);
  profile.date = root.optional_text("date");
  profile.driver = root.optional_text("driver");
  profile.runtime = root.optional_text("runtime");
  profile.compute_clock_hz = root.optional_positive("compute_clock_hz");
  profile.memory_clock_hz = root.optional_positive("memory_clock_hz");
  if (root.has("matmul")) {
    for (const Node& group : root["matmul"].elements()) {
      const Precision precision = profile.matmul.emplace_back(read_matmul(group)).precision;
      if (!profile.limits.peak_flop_per_s[static_cast<std::size_t>(precision)]) {
        group["precision"].fail("a precision with a peak in /limits/peak_flop_per_s");
      }
    }
  }
  if (root.has("memory_ops")) {
    for (const Node& group : root["memory_ops"].elements())
      profile.memory_ops.push_back(read_memory_op(group));
  }
  if (root.has("collectives")) {
    for (const Node& group : root["collectives"].elements())
      profile.collectives.push_back(read_collective(group));
  }
  if (root.has("memory_bandwidth")) {
    const Node node = root["memory_bandwidth"];
    node.allow({"kind", "source", "library", "licence", "note", "copy_bytes_per_s", "read_bytes_per_s",
                "write_bytes_per_s"});
    profile.memory_bandwidth = MemoryBandwidth{
        read_provenance(node), node.optional_positive("copy_bytes_per_s"),
        node.optional_positive("read_bytes_per_s"), node.optional_positive("write_bytes_per_s")};
  }
  if (root.has("launch_latency")) {
    const Node node = root["launch_latency"];
    node.allow({"kind", "source", "library", "licence", "note", "launch_us"});
    profile.launch_latency =
        LaunchLatency{read_provenance(node), node["launch_us"].positive() * kMicrosecond};
  }
  return profile;
}

}  // namespace

KernelProfile parse_profile(std::string_view text, const std::string& file_name) {
  json document;
  try {
    document = json::parse(text);
  } catch (const json::parse_error& error) {
    throw std::runtime_error(file_name + ": not JSON: " + error.what());
  }
  return read_profile(Node(document, "", file_name));
}

KernelProfile load_profile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path.string() + ": cannot be read, expected a kernel profile");
  std::ostringstream text;
  text << file.rdbuf();
  return parse_profile(text.str(), path.string());
}

}  // namespace spotmix::models
