// Models of rows: recommendation, perceptrons and regression.
#pragma once

#include <string>
#include <vector>

#include "models/workload/workload.h"

namespace spotmix::models {

/// Lookup tables of `rows` rows in all, `lookups` per sample, each a row of `width`.
struct LookupTables {
  double rows = 0;
  double lookups = 0;
  double width = 0;
};

/// Deep learning recommendation (Naumov et al. 2019, arXiv 1906.00091): a perceptron over dense inputs,
/// lookup tables, the dot product of every pair, and a perceptron on top.
struct DlrmShape {
  int dense_inputs = 13;
  std::vector<int> bottom{512, 256, 128};
  std::vector<int> top{1024, 1024, 512, 256, 1};
  LookupTables tables{.rows = 187.8e6, .lookups = 26, .width = 128};
  std::string source = "arXiv 1906.00091; Criteo 1TB as MLPerf trains it";
};
Workload dlrm(const DlrmShape& shape = {});

/// Neural collaborative filtering (He et al. 2017, arXiv 1708.05031) on MovieLens-20M as MLPerf v0.5 trains
/// it.
Workload neural_collaborative_filtering();

/// Wide and deep (Cheng et al. 2016, arXiv 1606.07792) on Outbrain as NVIDIA trains it: five layers of 1024.
Workload wide_and_deep();

/// A multilayer perceptron over `inputs` features, `hidden` layers with ReLU, `classes` outputs.
Workload multilayer_perceptron(const std::string& name, int inputs, const std::vector<int>& hidden,
                               int classes);

/// One linear layer over `inputs` features; `classes` 1 with a squared error is linear regression, otherwise
/// logistic.
Workload regression(const std::string& name, int inputs, int classes);

}  // namespace spotmix::models
