// Scores the kernel models: matrix products (k_gemm, f_gemm_deepbench, f_gemm_mamf) and memory-bound work
// (k_memory_ops).
//
// Shipped: every row is asked of the profile that ships for its device, in the row's precision and, where the
// profile has it, the row's library and source. Cross-validated: the profiles are made anew from the folder's
// own rows without whole shapes (the same on every device), which are then scored (folds.h).
#include <functional>
#include <map>
#include <string>

#include "bench/accuracy/published_profiles.h"
#include "bench/accuracy/registry.h"
#include "models/kernels/matmul.h"
#include "models/kernels/memory_ops.h"
#include "models/kernels/profile_set.h"

namespace spotmix::accuracy {
namespace {

using namespace models;

/// Models of one set of profiles, made when first asked for.
class MatmulModels {
 public:
  explicit MatmulModels(const std::vector<KernelProfile>& profiles) : profiles_(profiles) {}

  /// The row's own library, or any of its device and precision, or scaled from the nearest of either; nullptr
  /// when the device has no profile.
  const MatmulModel* find(const MatmulRow& row) {
    const std::string key = row.device + '\n' + std::string(name_of(row.precision)) + '\n' +
                            row.provenance.library + '\n' + row.provenance.source;
    auto found = models_.find(key);
    if (found == models_.end()) found = models_.emplace(key, make(row)).first;
    return found->second ? &*found->second : nullptr;
  }

 private:
  std::optional<MatmulModel> make(const MatmulRow& row) const {
    const KernelProfile* profile = find_profile(profiles_, row.device);
    if (profile == nullptr) return std::nullopt;
    auto model = make_matmul_model(*profile, {row.precision, row.provenance.library, row.provenance.source});
    if (!model) model = make_matmul_model(*profile, {row.precision, "", ""});
    if (!model) model = matmul_model_for(profiles_, *find_device(row.device), row.precision);
    return model;
  }

  const std::vector<KernelProfile>& profiles_;
  std::map<std::string, std::optional<MatmulModel>> models_;
};

std::string gemm_subset(const MatmulRow& row) {
  if (row.precision != Precision::bf16 || !row.provenance.source.starts_with("aiconfigurator")) return "";
  if (row.device == "A100-SXM4-80GB") return "A100 bf16";
  if (row.device == "H100-SXM") return "H100 bf16";
  if (row.device == "H200") return "H200 bf16";
  return "";
}

/// The rows of the matrix product tables, collected over folds.
class MatmulScores {
 public:
  explicit MatmulScores(const DataDirectory& data) {
    if (const Table* table = data.find("k_gemm")) {
      gemm_ = gemm_rows(*table);
      for (const char* subset : {"A100 bf16", "H100 bf16", "H200 bf16", ""}) {
        scores_.emplace(subset, ScoreBuilder("k_gemm", subset));
      }
    }
    if (const Table* table = data.find("f_gemm_deepbench")) {
      deepbench_ = deepbench_rows(*table);
      deepbench_score_.emplace("f_gemm_deepbench", "");
    }
  }

  /// Scores the rows that `asked` names by fold.
  void add(const std::vector<KernelProfile>& profiles, const FoldFilter& asked) {
    MatmulModels models(profiles);
    for (const MatmulRow& row : gemm_) {
      if (asked(fold_of(row.shape))) add(models, row, scores_.at(gemm_subset(row)));
    }
    for (const MatmulRow& row : deepbench_) {
      if (asked(fold_of(row.shape))) add(models, row, *deepbench_score_);
    }
  }

  void finish(std::vector<Score>& scores) const {
    for (const char* subset : {"A100 bf16", "H100 bf16", "H200 bf16", ""}) {
      if (const auto found = scores_.find(subset); found != scores_.end())
        scores.push_back(found->second.finish());
    }
    if (deepbench_score_) scores.push_back(deepbench_score_->finish());
  }

 private:
  static std::string label_of(const MatmulRow& row) {
    const MatmulShape& s = row.shape;
    return row.device + " " + row.provenance.library + " " + std::string(name_of(row.precision)) + " " +
           std::string(name_of(s.layout)) + " m " + std::to_string(s.m) + " n " + std::to_string(s.n) +
           " k " + std::to_string(s.k) + " batch " + std::to_string(s.batch);
  }

  static void add(MatmulModels& models, const MatmulRow& row, ScoreBuilder& score) {
    if (!row.unusable.empty()) return score.skip(row.unusable);
    const MatmulModel* model = models.find(row);
    if (model == nullptr) return score.skip("no profile of " + row.device);
    score.add(row.time_s, matmul_time_s(*model, row.shape), label_of(row));
  }

  std::vector<MatmulRow> gemm_;
  std::vector<MatmulRow> deepbench_;
  std::map<std::string, ScoreBuilder, std::less<>> scores_;
  std::optional<ScoreBuilder> deepbench_score_;
};

/// The rows of k_memory_ops, collected over folds.
class MemoryOpScores {
 public:
  explicit MemoryOpScores(const DataDirectory& data) {
    if (const Table* table = data.find("k_memory_ops")) {
      rows_ = memory_op_rows(*table);
      score_.emplace("k_memory_ops", "");
    }
  }

  void add(const std::vector<KernelProfile>& profiles, const FoldFilter& asked) {
    std::map<std::string, std::optional<MemoryOpModel>> models;
    for (const MemoryOpRow& row : rows_) {
      if (!asked(fold_of(row.shape))) continue;
      if (!row.unusable.empty()) {
        score_->skip(row.unusable);
        continue;
      }
      const std::string key = row.device + '\n' + std::string(name_of(row.op)) + '\n' +
                              std::string(name_of(row.precision)) + '\n' + row.provenance.source;
      auto found = models.find(key);
      if (found == models.end()) found = models.emplace(key, make(profiles, row)).first;
      if (found->second)
        score_->add(row.time_s, memory_op_time_s(*found->second, row.shape));
      else
        score_->skip("no profile of " + std::string(name_of(row.op)) + " on " + row.device);
    }
  }

  void finish(std::vector<Score>& scores) const {
    if (score_) scores.push_back(score_->finish());
  }

 private:
  static std::optional<MemoryOpModel> make(const std::vector<KernelProfile>& profiles,
                                           const MemoryOpRow& row) {
    const KernelProfile* profile = find_profile(profiles, row.device);
    if (profile == nullptr) return std::nullopt;
    auto model = make_memory_op_model(*profile, row.op, row.precision, row.provenance.source);
    if (!model) model = make_memory_op_model(*profile, row.op, row.precision);
    return model;
  }

  std::vector<MemoryOpRow> rows_;
  std::optional<ScoreBuilder> score_;
};

/// The best product that anybody found per accelerator (f_gemm_mamf): no profile is made from it.
std::optional<Score> score_best_products(const DataDirectory& data,
                                         const std::vector<KernelProfile>& profiles) {
  const Table* table = data.find("f_gemm_mamf");
  if (table == nullptr) return std::nullopt;
  ScoreBuilder score("f_gemm_mamf", "");
  for (std::size_t i = 0; i < table->rows(); ++i) {
    const std::string& accelerator = table->text(i, "accelerator");
    const DeviceSpec* device = find_device(accelerator);
    if (device == nullptr) {
      score.skip("the device is not an NVIDIA GPU that is modelled");
      continue;
    }
    const Precision precision = table->text(i, "dtype") == "FP8" ? Precision::fp8 : Precision::bf16;
    const auto size = [&](const char* column) {
      return static_cast<std::int64_t>(table->number(i, column).value());
    };
    const MatmulShape shape{size("M"), size("N"), size("K")};
    score.add(matmul_flop(shape) / (table->number(i, "mamf_tflops").value() * 1e12),
              matmul_time_s(matmul_model_for(profiles, *device, precision), shape));
  }
  return score.finish();
}

}  // namespace

std::vector<Score> score_kernels(const DataDirectory& data, Fit fit) {
  MatmulScores matmul(data);
  MemoryOpScores memory_ops(data);
  const std::vector<KernelProfile> shipped = load_profiles(SPOTMIX_PROFILE_DIR);
  if (fit == Fit::shipped) {
    matmul.add(shipped, [](unsigned) { return true; });
    memory_ops.add(shipped, [](unsigned) { return true; });
  } else {
    for (unsigned fold = 0; fold < kFolds; ++fold) {
      std::vector<KernelProfile> profiles =
          profiles_from_tables(data, [&](unsigned f) { return !is_left_out(fit, f, fold); });
      for (KernelProfile& profile : profiles) {
        fit_matmul(profile);
        fit_memory_ops(profile);
      }
      matmul.add(profiles, [fold](unsigned f) { return f == fold; });
      memory_ops.add(profiles, [fold](unsigned f) { return f == fold; });
    }
  }
  std::vector<Score> scores;
  matmul.finish(scores);
  if (auto best = score_best_products(data, shipped)) scores.push_back(std::move(*best));
  memory_ops.finish(scores);
  return scores;
}

}  // namespace spotmix::accuracy
