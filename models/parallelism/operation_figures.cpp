#include "models/parallelism/operation_figures.h"

#include "models/provenance/figures.h"

namespace spotmix::models {

std::string_view operation_figures_text();

const OperationFigures& operation_figures() {
  static const OperationFigures kFigures = [] {
    const Figures figures(operation_figures_text());
    return OperationFigures{.elementwise_share = figures.number("elementwise_share"),
                            .reducing_share = figures.number("reducing_share"),
                            .lookup_share = figures.number("lookup_share"),
                            .update_share = figures.number("update_share"),
                            .kernel_s = figures.number("kernel_s"),
                            .attention_share = figures.number("attention_share"),
                            .attention_half_queries = figures.number("attention_half_queries"),
                            .winograd_gain = figures.number("winograd_gain"),
                            .tile_share = figures.number("tile_share")};
  }();
  return kFigures;
}

}  // namespace spotmix::models
