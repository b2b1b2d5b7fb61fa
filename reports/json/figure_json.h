// The figures of a mix as JSON, both ways (reports/results/figures.h). For the .cpp files of this folder.
#pragma once

#include "base/json/node.h"
#include "reports/results/figures.h"

namespace spotmix::reports {

/// Sets the keys of all figures of the mix, or those of its step; what is unknown is null.
void set_figures(nlohmann::ordered_json& object, bool of_step, const sim::MixResult& mix,
                 const StepFigures& step);

/// The value under the figure's key.
nlohmann::ordered_json figure_json(const Figure& figure, const sim::MixResult& mix, const StepFigures& step);

/// Reads what set_figures wrote. A figure that the object does not have, as an older version wrote it, is
/// unknown. Throws BadDocument.
void read_figures(const Node& object, bool of_step, sim::MixResult& mix, StepFigures& step);

}  // namespace spotmix::reports
