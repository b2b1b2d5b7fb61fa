#include "bench/accuracy/step_scoring.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include <fmt/format.h>

#include "models/kernels/robust_least_squares.h"

namespace spotmix::accuracy {

StepModels::StepModels(const StepRows& rows, const std::vector<models::KernelProfile>& profiles) {
  for (const auto& [name, system] : rows.systems) {
    models::StepInput input = system;
    input.profiles = &profiles;
    input.check_memory = false;
    estimators_.emplace(name, models::StepEstimator(input));
  }
}

void StepModels::set_software(const models::Software& software) {
  for (auto& [name, estimator] : estimators_) estimator.set_software(software);
}

models::StepBreakdown StepModels::step(const StepRow& row) {
  return estimators_.at(row.system).step(row.parallelism, row.global_batch);
}

models::Software fit_software(StepModels& models, const StepRows& rows, const std::vector<std::size_t>& use,
                              const models::Software& start, const std::vector<FittedConstant>& constants) {
  const auto software_of = [&](std::span<const double> logarithms) {
    models::Software software = start;
    for (std::size_t i = 0; i < constants.size(); ++i) software.*constants[i].value = std::exp(logarithms[i]);
    return software;
  };
  const auto residuals = [&](std::span<const double> logarithms, std::span<double> out) {
    models.set_software(software_of(logarithms));
    for (std::size_t i = 0; i < use.size(); ++i) {
      const StepRow& row = rows.rows[use[i]];
      const models::StepBreakdown step = models.step(row);
      out[i] = step.feasible() ? row.weight * std::log(step.time_s / row.measured_s) : 0;
    }
  };
  std::vector<double> logarithms;
  for (const FittedConstant& constant : constants) logarithms.push_back(std::log(start.*constant.value));
  const std::vector<double> best =
      models::robust_least_squares(residuals, use.size(), logarithms, logarithms,
                                   {.soft_from = 0.05, .pull = 0.02, .step = 1e-2, .iterations = 25});
  return software_of(best);
}

void predict_steps(StepModels& models, const StepRows& rows, Fit fit, const models::Software& shipped,
                   const std::vector<FittedConstant>& constants,
                   const std::function<void(const StepRow&, const models::StepBreakdown&)>& found) {
  models.set_software(shipped);
  if (fit == Fit::shipped) {
    for (const StepRow& row : rows.rows) found(row, models.step(row));
    return;
  }
  for (unsigned fold = 0; fold < kFolds; ++fold) {
    std::vector<std::size_t> use;
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
      if (!is_left_out(fit, fold_of_text(rows.rows[i].fold_key), fold)) use.push_back(i);
    }
    models.set_software(fit_software(models, rows, use, shipped, constants));
    for (const StepRow& row : rows.rows) {
      if (fold_of_text(row.fold_key) == fold) found(row, models.step(row));
    }
  }
}

std::string show_software_fit(const std::string& title, const StepRows& rows,
                              const std::vector<models::KernelProfile>& profiles,
                              const models::Software& shipped, const std::vector<FittedConstant>& constants) {
  StepModels models(rows, profiles);
  std::vector<std::size_t> use(rows.rows.size());
  std::iota(use.begin(), use.end(), std::size_t{0});
  const models::Software fitted = fit_software(models, rows, use, shipped, constants);
  std::string text = title + ": fitted, shipped\n";
  for (const FittedConstant& constant : constants) {
    text +=
        fmt::format("  {} {:.4g} {:.4g}\n", constant.name, fitted.*constant.value, shipped.*constant.value);
  }
  return text;
}

void Regret::add(const std::string& choice, double measured, double predicted) {
  groups_[choice].push_back({predicted, measured});
}

std::optional<double> Regret::mean() const {
  double sum = 0;
  int count = 0;
  for (const auto& [choice, group] : groups_) {
    if (group.size() < 2) continue;
    const auto chosen = std::min_element(group.begin(), group.end());
    const auto fastest = std::min_element(group.begin(), group.end(),
                                          [](const auto& a, const auto& b) { return a.second < b.second; });
    sum += chosen->second / fastest->second - 1;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

}  // namespace spotmix::accuracy
