// Scores a_dawnbench_time_cost: minutes and dollars to 93 % of ResNet-50 on ImageNet, on p3.16xlarge.
//
// A run is its phases: images of one size, one batch, so many epochs, each with a pass over the validation
// set. Where the row names no sizes, the curve's epochs tell the phases: their lengths fall into as many
// groups as there were sizes, of 128, 224 and 288 pixels, as every such entry used. The dollars are hours
// times the row's price.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <nlohmann/json.hpp>

#include "bench/accuracy/phased_training.h"
#include "bench/accuracy/registry.h"
#include "bench/accuracy/training_rows.h"
#include "bench/nodes.h"
#include "models/kernels/profile_set.h"
#include "models/workload/library.h"

namespace spotmix::accuracy {
namespace {

constexpr const char* kTable = "a_dawnbench_time_cost";
constexpr const char* kCurves = "a_dawnbench_epoch_curves";
constexpr double kImages = 1281167, kValidationImages = 50000;

struct Phase {
  int image_size = 224;
  int global_batch = 0;
  int epochs = 0;
};

/// Hours of each epoch of an entry up to the target.
std::vector<double> epoch_hours(const Table& curves, const std::string& task, const std::string& entry,
                                double last_epoch) {
  std::vector<double> hours;
  double before = 0;
  for (std::size_t row = 0; row < curves.rows(); ++row) {
    if (curves.text(row, "task") != task || curves.text(row, "entry") != entry) continue;
    if (curves.number(row, "epoch").value_or(0) > last_epoch) continue;
    const double now = curves.number(row, "hours").value_or(before);
    hours.push_back(now - before);
    before = now;
  }
  return hours;
}

/// One value per epoch from [{key: value, "epochs": n}, …]; a bare number holds for all.
std::vector<int> per_epoch(const std::string& text, const char* key, std::size_t epochs) {
  std::vector<int> values;
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_array()) {
    for (const auto& part : json)
      values.insert(values.end(), part.value("epochs", std::size_t{0}), part.value(key, 0));
  } else if (json.is_number()) {
    values.assign(epochs, json.get<int>());
  }
  if (!values.empty()) values.resize(epochs, values.back());
  return values;
}

/// The size of each epoch's images from its length: a jump by more than a third begins a larger size.
std::vector<int> sizes_from_curve(const std::vector<double>& hours) {
  constexpr double kJump = 4.0 / 3;
  constexpr std::size_t kSteady = 3;  // epochs of which the shortest tells the phase from a slow first epoch
  std::vector<int> sizes;
  int phase = 0;
  double level =
      *std::min_element(hours.begin(), hours.begin() + static_cast<long>(std::min(kSteady, hours.size())));
  for (std::size_t i = 0; i < hours.size(); ++i) {
    const auto end = hours.begin() + static_cast<long>(std::min(i + kSteady, hours.size()));
    const double shortest = *std::min_element(hours.begin() + static_cast<long>(i), end);
    if (shortest > kJump * level && phase < 2) {
      ++phase;
      level = shortest;
    }
    sizes.push_back(phase);
  }
  // One phase is the network's own size, two begin small.
  constexpr std::array kSizes{128, 224, 288};
  for (int& size : sizes) size = phase == 0 ? kSizes[1] : kSizes.at(static_cast<std::size_t>(size));
  return sizes;
}

std::vector<Phase> phases_of(const std::vector<int>& sizes, const std::vector<int>& batches) {
  std::vector<Phase> phases;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (phases.empty() || phases.back().image_size != sizes[i] || phases.back().global_batch != batches[i])
      phases.push_back({sizes[i], batches[i], 0});
    ++phases.back().epochs;
  }
  return phases;
}

PhasedTraining run_of(const std::vector<Phase>& phases, int instances,
                      const std::vector<models::KernelProfile>& profiles) {
  models::StepInput input{
      .precision = models::Precision::fp16,
      .software = models::software_of("pytorch_2018",
                                      {models::Architecture::volta, models::Precision::fp16, "resnet50"}),
      .cluster = {.groups = {bench::instances_of("p3.16xlarge", instances)}},
      .profiles = &profiles,
      .check_memory = false};
  std::vector<TrainingPhase> training;
  training.reserve(phases.size());
  for (const Phase& phase : phases) {
    training.push_back({.workload = *models::find_workload("resnet50", {.image_size = phase.image_size}),
                        .global_batch = phase.global_batch,
                        .samples = phase.epochs * kImages,
                        .evaluations = static_cast<double>(phase.epochs),
                        .evaluation_samples = kValidationImages});
  }
  return phased_training(input, training);
}

struct Entry {
  std::string label;
  double minutes = 0, dollars_per_hour = 0, dollars = 0;
  double predicted_minutes = 0;
};

std::string ask(const Table& table, const Table& curves, std::size_t row,
                const std::vector<models::KernelProfile>& profiles, std::vector<Entry>& entries) {
  const auto last_epoch = table.number(row, "epochs_to_target");
  const auto minutes = table.number(row, "minutes_to_target");
  const auto instances = table.number(row, "n_instances");
  if (!last_epoch || !minutes || !instances) return "the row lacks its epochs, result or instances";
  const std::string& model = table.text(row, "model");
  if (!contains(model, "50")) return "family not modelled: " + model;
  const std::vector<double> hours =
      epoch_hours(curves, table.text(row, "task"), table.text(row, "entry"), *last_epoch);
  if (hours.empty()) return "the entry has no epoch curve";
  std::vector<int> batches = per_epoch(table.text(row, "batch_size"), "batch_size", hours.size());
  if (batches.empty()) return "the row lacks its batch";
  const int gpus = static_cast<int>(*instances) * 8;
  constexpr int kLeastPerGpu = 32;
  for (int& batch : batches) batch *= batch < kLeastPerGpu * gpus ? gpus : 1;  // some entries name it per GPU
  std::vector<int> sizes = per_epoch(table.text(row, "image_sizes"), "image_size", hours.size());
  if (sizes.empty()) sizes = sizes_from_curve(hours);
  const PhasedTraining run = run_of(phases_of(sizes, batches), static_cast<int>(*instances), profiles);
  if (!run.infeasible_reason.empty()) return run.infeasible_reason;
  entries.push_back({table.text(row, "entry"), *minutes, table.number(row, "cost_per_hour_usd").value_or(0),
                     table.number(row, "cost_to_target_usd").value_or(0), run.time_s / 60});
  return "";
}

/// Whether two figures of every pair of entries stand in the order that the model gives them.
bool same_order(const std::vector<Entry>& entries, double (*measured)(const Entry&),
                double (*predicted)(const Entry&)) {
  for (const Entry& a : entries) {
    for (const Entry& b : entries) {
      if (measured(a) < measured(b) && predicted(a) >= predicted(b)) return false;
    }
  }
  return true;
}

}  // namespace

std::vector<Score> score_dawnbench(const DataDirectory& data, Fit) {
  const Table* table = data.find(kTable);
  const Table* curves = data.find(kCurves);
  if (table == nullptr || curves == nullptr) return {};
  const std::vector<models::KernelProfile> profiles = models::load_profiles(SPOTMIX_PROFILE_DIR);
  ScoreBuilder minutes(kTable, "p3.16xlarge ImageNet minutes"),
      dollars(kTable, "p3.16xlarge ImageNet dollars");
  ScoreBuilder others(kTable, "");
  std::vector<Entry> entries;
  for (std::size_t row = 0; row < table->rows(); ++row) {
    if (table->text(row, "task") != "ImageNet" || table->text(row, "instance") != "p3.16xlarge") {
      others.skip("not ImageNet on p3.16xlarge");
      continue;
    }
    const std::string reason = ask(*table, *curves, row, profiles, entries);
    if (reason.empty()) continue;
    minutes.skip(reason);
    dollars.skip(reason);
  }
  std::vector<Entry> priced;
  for (const Entry& entry : entries) {
    minutes.add(entry.minutes, entry.predicted_minutes, entry.label);
    if (entry.dollars <= 0) {
      dollars.skip("the row lacks its cost");
      continue;
    }
    dollars.add(entry.dollars, entry.predicted_minutes / 60 * entry.dollars_per_hour, entry.label);
    priced.push_back(entry);
  }
  std::vector<Score> scores{minutes.finish(), dollars.finish(), others.finish()};
  if (entries.size() > 1) {
    scores[0].order_correct = same_order(
        entries, [](const Entry& e) { return e.minutes; },
        [](const Entry& e) { return e.predicted_minutes; });
  }
  if (priced.size() > 1) {
    scores[1].order_correct = same_order(
        priced, [](const Entry& e) { return e.dollars; },
        [](const Entry& e) { return e.predicted_minutes * e.dollars_per_hour; });
  }
  return scores;
}

}  // namespace spotmix::accuracy
