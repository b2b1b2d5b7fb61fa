#include "bench/accuracy/program_scoring.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/statistics/quantile.h"
#include "bench/accuracy/folds.h"
#include "bench/accuracy/score.h"
#include "models/kernels/profile_set.h"
#include "models/stacks/stack.h"
#include "models/step/cluster.h"

namespace spotmix::accuracy {
namespace {

models::Software slowed(models::Software software, double slowdown) {
  software.kernel_slowdown = software.convolution_slowdown = software.stream_slowdown = slowdown;
  return software;
}

/// The slowdown under which the median row is met. Host time and communication do not scale with it, so it is
/// approached in steps; the shipped one where no row is left.
double fit_slowdown(StepModels& models, const StepRows& rows, const models::Software& shipped,
                    const std::function<bool(const StepRow&)>& use) {
  constexpr int kSteps = 5;
  constexpr double kLeast = 0.2, kMost = 20;
  double slowdown = shipped.kernel_slowdown;
  for (int i = 0; i < kSteps; ++i) {
    models.set_software(slowed(shipped, slowdown));
    std::vector<double> ratios;
    for (const StepRow& row : rows.rows) {
      if (!use(row)) continue;
      const models::StepBreakdown step = models.step(row);
      if (step.feasible()) ratios.push_back(row.measured_s / step.time_s);
    }
    if (ratios.empty()) return shipped.kernel_slowdown;
    slowdown = std::clamp(slowdown * median(std::move(ratios)), kLeast, kMost);
  }
  return slowdown;
}

double median_error(StepModels& models, const StepRows& rows, const models::Software& software) {
  models.set_software(software);
  ScoreBuilder score("", "");
  for (const StepRow& row : rows.rows) {
    const models::StepBreakdown step = models.step(row);
    if (step.feasible()) score.add(row.measured_s, step.time_s);
  }
  return score.finish().median.value_or(NAN);
}

models::Precision precision_of(const Program& program) {
  return program.half ? models::Precision::fp16 : models::Precision::fp32;
}

}  // namespace

Program program_of(const std::string& stack, const models::StepInput& input) {
  return {stack, input.workload.name, models::element_bytes(input.precision) < 4,
          models::node_of(input.cluster.groups.front()).device->architecture};
}

models::Software software_of(const Program& program) {
  return models::software_of(program.stack, {program.architecture, precision_of(program), program.workload});
}

void predict_programs(const ProgramRows& programs, Fit fit,
                      const std::function<void(const StepRow&, const models::StepBreakdown&)>& found) {
  const std::vector<models::KernelProfile> profiles = models::load_profiles(SPOTMIX_PROFILE_DIR);
  for (const auto& [program, rows] : programs) {
    StepModels models(rows, profiles);
    const models::Software shipped = software_of(program);
    models.set_software(shipped);
    for (unsigned fold = 0; fold < kFolds; ++fold) {
      if (fit != Fit::shipped) {
        const auto use = [&](const StepRow& row) {
          return !is_left_out(fit, fold_of_text(row.fold_key), fold);
        };
        // The shipped slowdown knows every row: start from the profiles' own time.
        models.set_software(slowed(shipped, fit_slowdown(models, rows, slowed(shipped, 1), use)));
      }
      for (const StepRow& row : rows.rows) {
        if (fold_of_text(row.fold_key) == fold) found(row, models.step(row));
      }
    }
  }
}

std::string show_program_fits(const std::string& title, const ProgramRows& programs) {
  const std::vector<models::KernelProfile> profiles = models::load_profiles(SPOTMIX_PROFILE_DIR);
  std::string text = title + ": program, rows, slowdown fitted, shipped, median error as shipped\n";
  for (const auto& [program, rows] : programs) {
    StepModels models(rows, profiles);
    const models::Software shipped = software_of(program);
    const double fitted = fit_slowdown(models, rows, shipped, [](const StepRow&) { return true; });
    text += fmt::format("  {}, {} on {}: {}, {:.2f}, {:.2f}, {:.3f}\n", shipped.name,
                        models::program_name(program.workload, precision_of(program)),
                        name_of(program.architecture), rows.rows.size(), fitted, shipped.kernel_slowdown,
                        median_error(models, rows, shipped));
  }
  return text;
}

}  // namespace spotmix::accuracy
