// The scorers, one per group of tables: each knows how its rows become questions to the models.
//
// To add tables, write a file beside this one with a function of type `Scorer`, declare it below and list it
// in registry.cpp. A scorer returns nothing for a table that the folder lacks.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/accuracy/folds.h"
#include "bench/accuracy/score.h"
#include "bench/accuracy/table.h"

namespace spotmix::accuracy {

using Scorer = std::vector<Score> (*)(const DataDirectory& data, Fit fit);

struct NamedScorer {
  std::string_view group;
  Scorer score;
};

// One per file NAME_tables.cpp, in alphabetical order.
std::vector<Score> score_aws_scaling(const DataDirectory& data, Fit fit);
std::vector<Score> score_convergence(const DataDirectory& data, Fit fit);
std::vector<Score> score_dawnbench(const DataDirectory& data, Fit fit);
std::vector<Score> score_deepbench_allreduce(const DataDirectory& data, Fit fit);
std::vector<Score> score_dle(const DataDirectory& data, Fit fit);
std::vector<Score> score_gavel(const DataDirectory& data, Fit fit);
std::vector<Score> score_internode_allreduce(const DataDirectory& data, Fit fit);
std::vector<Score> score_intranode_allreduce(const DataDirectory& data, Fit fit);
std::vector<Score> score_kernels(const DataDirectory& data, Fit fit);
std::vector<Score> score_llmfoundry(const DataDirectory& data, Fit fit);
std::vector<Score> score_measured_collectives(const DataDirectory& data, Fit fit);
std::vector<Score> score_megatron(const DataDirectory& data, Fit fit);
std::vector<Score> score_mlperf(const DataDirectory& data, Fit fit);
std::vector<Score> score_neusight(const DataDirectory& data, Fit fit);
std::vector<Score> score_vtrain(const DataDirectory& data, Fit fit);

/// All scorers, in the order of the report.
std::span<const NamedScorer> scorers();

/// The constants that a fit on all rows gives, as text for docs/fitted_constants.md.
std::string show_deepbench_fits(const DataDirectory& data);
std::string show_internode_fits(const DataDirectory& data);
std::string show_intranode_fits(const DataDirectory& data);
std::string show_measured_fits(const DataDirectory& data);
std::string show_fits(const DataDirectory& data);

}  // namespace spotmix::accuracy
