// What the scorers of whole training steps share: rows as questions to the step estimator, the software
// constants that are fitted on them, and the regret of a choice.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bench/accuracy/registry.h"
#include "models/kernels/profile.h"
#include "models/stacks/software.h"
#include "models/step/estimator.h"

namespace spotmix::accuracy {

/// One measured step.
struct StepRow {
  std::string system;    ///< Rows of equal system share an estimator: the same model on the same cluster.
  std::string choice;    ///< Rows of equal choice are alternatives among which a planner would choose.
  std::string fold_key;  ///< Rows of equal key are left out together.
  models::Parallelism parallelism;
  int global_batch = 0;
  double measured_s = 0;
  double weight = 1;  ///< In a fit.
  std::string label{};
};

/// Rows with what their estimators are made from.
struct StepRows {
  std::vector<StepRow> rows;
  std::map<std::string, models::StepInput> systems;
};

/// One estimator per system, because it remembers what its layers cost.
class StepModels {
 public:
  StepModels(const StepRows& rows, const std::vector<models::KernelProfile>& profiles);
  void set_software(const models::Software& software);
  models::StepBreakdown step(const StepRow& row);

 private:
  std::map<std::string, models::StepEstimator> estimators_;
};

/// A constant of the software that is fitted; all are positive and fitted as logarithms.
struct FittedConstant {
  const char* name;
  double models::Software::*value;
};

/// The software whose constants bring the predictions nearest to the measured times, relative errors
/// counting, from `start`. `use` are indices of rows.
models::Software fit_software(StepModels& models, const StepRows& rows, const std::vector<std::size_t>& use,
                              const models::Software& start, const std::vector<FittedConstant>& constants);

/// Calls `found` for every row: with the shipped software, or cross-validated with constants fitted without
/// the row's fold (folds.h).
void predict_steps(StepModels& models, const StepRows& rows, Fit fit, const models::Software& shipped,
                   const std::vector<FittedConstant>& constants,
                   const std::function<void(const StepRow&, const models::StepBreakdown&)>& found);

/// One line per constant: fitted on all rows, shipped.
std::string show_software_fit(const std::string& title, const StepRows& rows,
                              const std::vector<models::KernelProfile>& profiles,
                              const models::Software& shipped, const std::vector<FittedConstant>& constants);

/// What is lost by taking the configuration that is predicted to be the fastest.
class Regret {
 public:
  void add(const std::string& choice, double measured, double predicted);
  /// Mean over the choices with at least two configurations.
  std::optional<double> mean() const;

 private:
  std::map<std::string, std::vector<std::pair<double, double>>> groups_;  // (predicted, measured)
};

}  // namespace spotmix::accuracy
