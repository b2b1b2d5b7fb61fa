#include "bench/accuracy/registry.h"

#include <array>

namespace spotmix::accuracy {

std::string show_aws_scaling_fit(const DataDirectory& data);  // aws_scaling_tables.cpp
std::string show_dle_fit(const DataDirectory& data);          // dle_tables.cpp
std::string show_gavel_fit(const DataDirectory& data);        // gavel_tables.cpp
std::string show_llmfoundry_fit(const DataDirectory& data);   // llmfoundry_tables.cpp
std::string show_mlperf_fit(const DataDirectory& data);       // mlperf_tables.cpp
std::string show_vtrain_fit(const DataDirectory& data);       // vtrain_tables.cpp

std::string show_fits(const DataDirectory& data) {
  return show_intranode_fits(data) + show_measured_fits(data) + show_internode_fits(data) +
         show_deepbench_fits(data) + show_aws_scaling_fit(data) + show_dle_fit(data) + show_gavel_fit(data) +
         show_mlperf_fit(data) + show_llmfoundry_fit(data) + show_vtrain_fit(data);
}

std::span<const NamedScorer> scorers() {
  static constexpr std::array kScorers{
      NamedScorer{"aws_scaling", score_aws_scaling},
      NamedScorer{"convergence", score_convergence},
      NamedScorer{"dawnbench", score_dawnbench},
      NamedScorer{"deepbench_allreduce", score_deepbench_allreduce},
      NamedScorer{"dle", score_dle},
      NamedScorer{"gavel", score_gavel},
      NamedScorer{"internode_allreduce", score_internode_allreduce},
      NamedScorer{"intranode_allreduce", score_intranode_allreduce},
      NamedScorer{"kernels", score_kernels},
      NamedScorer{"llmfoundry", score_llmfoundry},
      NamedScorer{"measured_collectives", score_measured_collectives},
      NamedScorer{"megatron", score_megatron},
      NamedScorer{"mlperf", score_mlperf},
      NamedScorer{"neusight", score_neusight},
      NamedScorer{"vtrain", score_vtrain},
  };
  return kScorers;
}

}  // namespace spotmix::accuracy
