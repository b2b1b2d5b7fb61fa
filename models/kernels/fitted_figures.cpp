#include "models/kernels/fitted_figures.h"

#include <string>

#include "models/provenance/figures.h"

namespace spotmix::models {

std::string_view kernel_figures_text();

namespace {

RooflineParameters start_of(const std::vector<double>& p) {
  return {p.at(0), p.at(1), p.at(2), p.at(3), p.at(4), p.at(5)};
}

ViewScales view_scales(const Figures& figures, const std::string& view) {
  const auto of = [&](const char* name) { return figures.number(view + "_" + name); };
  return {.m = of("m"),
          .n = of("n"),
          .k = of("k"),
          .odd = of("odd"),
          .wave = of("wave"),
          .small_tile = of("small_tile"),
          .large_tile = of("large_tile"),
          .noise = of("noise")};
}

KernelFigures read_figures() {
  const Figures figures(kernel_figures_text());
  KernelFigures read{.tiled = view_scales(figures, "tiled"),
                     .plain = view_scales(figures, "plain"),
                     .batch = figures.number("batch"),
                     .transposed = figures.number("transposed"),
                     .library_coupling = figures.number("library_coupling"),
                     .doubtful_deviations = figures.number("doubtful_deviations"),
                     .reweightings = static_cast<int>(figures.number("reweightings")),
                     .tiled_starts = {start_of(figures.numbers("tiled_start_neutral")),
                                      start_of(figures.numbers("tiled_start_a100")),
                                      start_of(figures.numbers("tiled_start_h100"))},
                     .stream = {.rows = figures.number("stream_rows"),
                                .columns = figures.number("stream_columns"),
                                .bytes = figures.number("stream_bytes")},
                     .attention = {.heads = figures.number("attention_heads"),
                                   .length = figures.number("attention_length"),
                                   .group = figures.number("attention_group"),
                                   .width = figures.number("attention_width"),
                                   .time = figures.number("attention_time"),
                                   .batch = figures.number("attention_batch")},
                     .memory_op_noise = figures.number("memory_op_noise"),
                     .same_generation_error = figures.number("same_generation_error"),
                     .next_generation_error = figures.number("next_generation_error"),
                     .power_limited_error = figures.number("power_limited_error")};
  read.tiled.time = figures.number("tiled_time");
  read.tiled.memory = figures.number("tiled_memory");
  return read;
}

}  // namespace

const KernelFigures& kernel_figures() {
  static const KernelFigures kFigures = read_figures();
  return kFigures;
}

}  // namespace spotmix::models
