// `spotmix profile`: what a kernel profile holds, how two differ, and how far one can be trusted.
#include <algorithm>
#include <charconv>
#include <sstream>

#include <fmt/format.h>

#include "base/text/nearest.h"
#include "cli/messages.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "models/kernels/profile_io.h"
#include "reports/profile_report.h"

namespace spotmix::cli {
namespace {

using models::KernelProfile;
using models::MatmulSamples;
using models::MatmulShape;

std::string shape_text(const MatmulShape& shape) {
  std::string text = fmt::format("{} x {} x {}", shape.m, shape.n, shape.k);
  if (shape.batch > 1) text += fmt::format(" x {}", shape.batch);
  return text + ' ' + std::string(name_of(shape.layout));
}

std::string origin_text(const models::Provenance& provenance) {
  return fmt::format("{} by {}, {}", name_of(provenance.kind), provenance.source, provenance.library);
}

/// The sample with the most FLOP per second.
std::string best_product(const MatmulSamples& samples) {
  std::size_t best = 0;
  const auto rate = [&](std::size_t i) {
    return models::matmul_flop(samples.shapes[i]) / samples.median_s[i];
  };
  for (std::size_t i = 1; i < samples.shapes.size(); ++i)
    if (rate(i) > rate(best)) best = i;
  return fmt::format("best {:.4g} TFLOP/s at {}", rate(best) / 1e12, shape_text(samples.shapes[best]));
}

std::string device_text(const KernelProfile& profile) {
  std::string text = profile.device + "\n";
  const auto line = [&](const char* name, const std::string& value) {
    text += fmt::format("  {:<18}{}\n", name, value);
  };
  line("multiprocessors", std::to_string(profile.limits.multiprocessors));
  for (std::size_t i = 0; i < models::kPrecisionCount; ++i) {
    if (const auto& peak = profile.limits.peak_flop_per_s[i])
      line(i == 0 ? "peak" : "",
           fmt::format("{} {:.4g} TFLOP/s", name_of(static_cast<models::Precision>(i)), *peak / 1e12));
  }
  line("memory", fmt::format("{:.4g} GB/s", profile.limits.memory_bytes_per_s / 1e9));
  if (profile.date) line("date", *profile.date);
  if (profile.driver) line("driver", *profile.driver);
  if (profile.runtime) line("runtime", *profile.runtime);
  const auto clock = [&](const char* name, const std::optional<double>& hertz) {
    if (hertz) line(name, fmt::format("{:.4g} MHz", *hertz / 1e6));
  };
  clock("clock", profile.compute_clock_hz);
  clock("memory clock", profile.memory_clock_hz);
  if (const auto& bandwidth = profile.memory_bandwidth) {
    const auto rate = [](const std::optional<double>& value) {
      return value ? fmt::format("{:.4g}", *value / 1e9) : std::string("unknown");
    };
    line("measured memory",
         fmt::format("copy {}, read {}, write {} GB/s", rate(bandwidth->copy_bytes_per_s),
                     rate(bandwidth->read_bytes_per_s), rate(bandwidth->write_bytes_per_s)));
  }
  if (profile.launch_latency)
    line("launch", fmt::format("{:.4g} µs", profile.launch_latency->launch_s * 1e6));
  return text;
}

std::string groups_text(const KernelProfile& profile) {
  std::string text;
  if (!profile.matmul.empty()) text += "\nMatrix products\n";
  for (const MatmulSamples& samples : profile.matmul) {
    text += fmt::format("  {:<5} {:>5} samples, {}; {}\n", name_of(samples.precision), samples.shapes.size(),
                        origin_text(samples.provenance), best_product(samples));
    if (samples.fit)
      text += fmt::format("        each predicted from the others: median error {:.1f} %\n",
                          100 * samples.fit->left_out_median_error);
  }
  if (!profile.memory_ops.empty()) text += "\nMemory-bound operations\n";
  for (const models::MemoryOpSamples& samples : profile.memory_ops) {
    text += fmt::format("  {:<17} {:<5} {:>5} samples, {}\n", name_of(samples.op), name_of(samples.precision),
                        samples.shapes.size(), origin_text(samples.provenance));
  }
  if (!profile.collectives.empty()) text += "\nCollectives\n";
  for (const models::CollectiveSamples& samples : profile.collectives) {
    text += fmt::format("  {} {} over {}, {} node{}: {} samples, {}\n", samples.operation, samples.algorithm,
                        samples.topology, samples.nodes, samples.nodes == 1 ? "" : "s", samples.bytes.size(),
                        origin_text(samples.provenance));
    for (const models::CollectiveFit& fit : samples.fits) {
      text +=
          fmt::format("    {:>3} ranks: {:.4g} µs + bytes / {:.4g} GB/s, median error {:.1f} %\n", fit.ranks,
                      fit.latency_s * 1e6, 1e-9 / fit.seconds_per_byte, 100 * fit.median_error);
    }
  }
  return text;
}

ExitCode show(const ProfileOptions& options, const KernelProfile& profile) {
  print(options.format == Format::json ? models::to_json(profile)
                                       : device_text(profile) + groups_text(profile));
  return ExitCode::done;
}

std::string change_text(const char* name, const std::optional<double>& first,
                        const std::optional<double>& second) {
  if (!first || !second) return {};
  return fmt::format("  {:<18}{:.4g} → {:.4g} GB/s ({:+.1f} %)\n", name, *first / 1e9, *second / 1e9,
                     100 * (*second / *first - 1));
}

std::string bandwidth_changes(const KernelProfile& first, const KernelProfile& second) {
  if (!first.memory_bandwidth || !second.memory_bandwidth) return {};
  const auto& a = *first.memory_bandwidth;
  const auto& b = *second.memory_bandwidth;
  return "\nMemory\n" + change_text("copy", a.copy_bytes_per_s, b.copy_bytes_per_s) +
         change_text("read", a.read_bytes_per_s, b.read_bytes_per_s) +
         change_text("write", a.write_bytes_per_s, b.write_bytes_per_s);
}

std::string launch_change(const KernelProfile& first, const KernelProfile& second) {
  if (!first.launch_latency || !second.launch_latency) return {};
  const double a = first.launch_latency->launch_s, b = second.launch_latency->launch_s;
  return fmt::format("\nLaunch\n  {:.4g} → {:.4g} µs ({:+.1f} %)\n", a * 1e6, b * 1e6, 100 * (b / a - 1));
}

std::string collective_changes(const KernelProfile& first, const KernelProfile& second) {
  std::string text;
  for (const auto& [group, a, b] : models::collective_differences(first, second)) {
    text += fmt::format("  {} {} over {}, {} ranks: {:.4g} → {:.4g} µs, {:.4g} → {:.4g} GB/s\n",
                        group->operation, group->algorithm, group->topology, a->ranks, a->latency_s * 1e6,
                        b->latency_s * 1e6, 1e-9 / a->seconds_per_byte, 1e-9 / b->seconds_per_byte);
  }
  return text.empty() ? text : "\nCollectives\n" + text;
}

std::string difference_text(const KernelProfile& first, const KernelProfile& second) {
  std::string text = fmt::format("{} → {}\n", first.device, second.device);
  const auto differences = models::matmul_differences(first, second);
  text += differences.empty() ? "\nNo precision has matrix products in both\n"
                              : "\nMatrix products: second's time ÷ first's\n";
  for (const models::MatmulDifference& d : differences) {
    text +=
        fmt::format("  {:<5} median {:.3f}, p10 {:.3f}, p90 {:.3f} over {} shapes; furthest {:.3f} at {}\n",
                    name_of(d.precision), d.median_ratio, d.p10_ratio, d.p90_ratio, d.shapes,
                    d.furthest_ratio, shape_text(d.furthest));
    text += fmt::format("        {} → {}\n", d.first, d.second);
  }
  return text + bandwidth_changes(first, second) + launch_change(first, second) +
         collective_changes(first, second);
}

ExitCode diff(const ProfileOptions& options, const KernelProfile& first, const KernelProfile& second) {
  std::ostringstream out;
  if (options.format == Format::json) {
    reports::write_profile_difference_json(first, second, out);
  } else {
    out << difference_text(first, second);
  }
  print(out.str());
  return ExitCode::done;
}

/// "1024x512x256", "…x8" with a batch, ":tn" with a layout.
MatmulShape shape_of(const std::string& text) {
  const std::string sizes = text.substr(0, text.find(':'));
  std::vector<std::int64_t> numbers;
  const char* at = sizes.data();
  const char* const end = at + sizes.size();
  while (at < end) {
    std::int64_t value = 0;
    const auto [stop, error] = std::from_chars(at, end, value);
    if (error != std::errc{} || value < 1 || (stop != end && *stop != 'x')) break;
    numbers.push_back(value);
    at = stop == end ? end : stop + 1;
  }
  const auto layout = text.find(':') == std::string::npos
                          ? std::optional(models::MatrixLayout::nn)
                          : parse_enum<models::MatrixLayout>(text.substr(text.find(':') + 1));
  if (at != end || numbers.size() < 3 || numbers.size() > 4 || !layout)
    throw BadArguments(
        fmt::format("--shape: found {}, expected MxNxK, MxNxKxBATCH, and :nn, :nt, :tn or :tt behind it",
                    in_quotes(text)));
  return {numbers[0], numbers[1], numbers[2], numbers.size() == 4 ? numbers[3] : 1, *layout};
}

/// Each shape in each precision that the profile has samples of.
std::vector<reports::AskedProduct> asked_products(const KernelProfile& profile,
                                                  const std::vector<MatmulShape>& shapes) {
  std::vector<reports::AskedProduct> products;
  if (shapes.empty()) return products;
  for (const models::Precision precision : values_of<models::Precision>()) {
    const bool own = std::any_of(profile.matmul.begin(), profile.matmul.end(),
                                 [&](const MatmulSamples& s) { return s.precision == precision; });
    const auto model = own ? models::make_matmul_model(profile, {precision, "", ""}) : std::nullopt;
    if (!model) continue;
    for (const MatmulShape& shape : shapes) {
      products.push_back({precision, shape, models::matmul_time(*model, shape)});
    }
  }
  return products;
}

std::string held_back_text(const reports::ProfileCheck& check) {
  std::string text = "\nShapes held back from the fit, predicted from the others\n";
  for (const models::HeldBack& group : check.held_back) {
    text += fmt::format("  {:<5} {:>4} of {}: median error {:.1f} %, p90 {:.1f} %, bias {:+.1f} %{}\n",
                        name_of(group.precision), group.samples, origin_text(group.provenance),
                        100 * group.median_error, 100 * group.p90_error, 100 * group.bias,
                        check.passed(group) ? "" : fmt::format(": BEYOND {:.1f} %", 100 * check.max_error));
  }
  return text;
}

std::string reach_text(const reports::ProfileCheck& check) {
  std::string text =
      "\nWhere it would extrapolate: products with m, n, k from 16 to 65536 in powers of four\n";
  for (const models::Reach& reach : check.reach) {
    text += fmt::format("  {:<5} {} of {} are beyond its samples", name_of(reach.precision),
                        reach.extrapolated, reach.shapes);
    if (reach.smallest)
      text += fmt::format("; within reach from {} to {}", shape_text(*reach.smallest),
                          shape_text(*reach.largest));
    text += "\n";
  }
  return text;
}

std::string asked_text(const std::vector<MatmulShape>& shapes, const reports::ProfileCheck& check) {
  std::string text = shapes.empty() ? "" : "\nAsked for\n";
  for (const reports::AskedProduct& asked : check.asked) {
    text += fmt::format("  {:<5} {}: {:.4g} µs, {:.2f} length scales from the nearest sample{}\n",
                        name_of(asked.precision), shape_text(asked.shape), asked.time.time_s * 1e6,
                        asked.time.sample_distance, asked.time.extrapolated ? ": EXTRAPOLATION" : "");
  }
  return text;
}

ExitCode check(const ProfileOptions& options, const KernelProfile& profile) {
  std::vector<MatmulShape> shapes;
  for (const std::string& text : options.shapes) shapes.push_back(shape_of(text));
  const reports::ProfileCheck check{profile.device, options.max_error, models::check_held_back(profile),
                                    models::check_reach(profile), asked_products(profile, shapes)};
  std::ostringstream out;
  if (options.format == Format::json) {
    reports::write_profile_check_json(check, out);
  } else {
    out << profile.device << '\n' << held_back_text(check) << reach_text(check) << asked_text(shapes, check);
  }
  print(out.str());
  return check.passed() ? ExitCode::done : ExitCode::threshold_crossed;
}

/// Profiles that come without a fit get one, as for the models.
KernelProfile load(const std::filesystem::path& path) {
  KernelProfile profile = models::load_profile(path);
  const bool fitted = std::all_of(profile.matmul.begin(), profile.matmul.end(),
                                  [](const MatmulSamples& s) { return s.fit.has_value(); });
  if (!fitted) models::fit_matmul(profile);
  return profile;
}

}  // namespace

ExitCode profile(const ProfileOptions& options) {
  const std::size_t expected = options.action == ProfileAction::diff ? 2 : 1;
  if (options.inputs.size() != expected)
    throw BadArguments(fmt::format("profile: found {} files, expected {}", options.inputs.size(), expected));
  std::vector<KernelProfile> profiles;
  try {
    for (const auto& input : options.inputs) profiles.push_back(load(input));
  } catch (const std::runtime_error& error) {
    throw BadArguments(error.what());
  }
  switch (options.action) {
    case ProfileAction::show:
      return show(options, profiles[0]);
    case ProfileAction::diff:
      return diff(options, profiles[0], profiles[1]);
    case ProfileAction::check:
      return check(options, profiles[0]);
  }
  return ExitCode::failed;
}

}  // namespace spotmix::cli
