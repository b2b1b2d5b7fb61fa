// The marks of the published AllReduce tables, on the rows beside the project.
#include <filesystem>
#include <map>

#include <catch2/catch.hpp>

#include "bench/accuracy/registry.h"

using namespace spotmix::accuracy;

namespace {

std::map<std::string, double> mape_by_subset(std::vector<Score> (*scorer)(const DataDirectory&, Fit),
                                             Fit fit) {
  const std::filesystem::path folder = std::string(SPOTMIX_SOURCE_DIR) + "/../shared/data/validation";
  std::map<std::string, double> result;
  if (!std::filesystem::exists(folder)) {
    WARN("no published tables beside the project: nothing is checked");
    return result;
  }
  for (const Score& score : scorer(DataDirectory(folder), fit))
    if (score.mape) result[score.subset] = *score.mape;
  return result;
}

}  // namespace

TEST_CASE("AllReduce inside a node meets its marks on sizes and rank counts that were left out of the fit") {
  const auto mape = mape_by_subset(score_intranode_allreduce, Fit::cross_validated);
  if (mape.empty()) return;
  CHECK(mape.at("A100") <= 0.03);
  CHECK(mape.at("V100") <= 0.03);
  CHECK(mape.at("A100 small") <= 0.10);
  CHECK(mape.at("V100 small") <= 0.10);
  CHECK(mape.at("A100, unseen rank counts") <= 0.03);
  CHECK(mape.at("V100, unseen rank counts") <= 0.03);
}

TEST_CASE("AllReduce across nodes meets its mark on sizes that were left out of the fit") {
  const auto mape = mape_by_subset(score_internode_allreduce, Fit::cross_validated);
  if (mape.empty()) return;
  CHECK(mape.at("across nodes") <= 0.10);
}

TEST_CASE("AllReduce over PCIe stays within a tenth on sizes that were left out of the fit") {
  const auto mape = mape_by_subset(score_deepbench_allreduce, Fit::cross_validated);
  if (mape.empty()) return;
  CHECK(mape.at("") <= 0.10);
}

TEST_CASE("the constants that ship meet the same marks") {
  const auto inside = mape_by_subset(score_intranode_allreduce, Fit::shipped);
  const auto across = mape_by_subset(score_internode_allreduce, Fit::shipped);
  if (inside.empty() || across.empty()) return;
  CHECK(inside.at("A100") <= 0.03);
  CHECK(inside.at("V100") <= 0.03);
  CHECK(inside.at("A100 small") <= 0.10);
  CHECK(inside.at("V100 small") <= 0.10);
  CHECK(across.at("across nodes") <= 0.10);
}
