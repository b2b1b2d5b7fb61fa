// The curves that ship: MLCommons' reference convergence points (mlcommons/logging, rcp_checker), medians of
// the runs of each batch, fitted by fit_convergence. Batches whose points differ in the target (SSD on two
// data sets) are left out. GPT-3's points count tokens, multiples of 2,048 times the batch; its curve counts
// sequences of 2,048.
#include <array>

#include "models/convergence/convergence.h"

namespace spotmix::models {

std::span<const ConvergenceCurve> convergence_curves() {
  using enum ConvergenceUnit;
  static constexpr std::array kCurves{
      ConvergenceCurve{"bert", samples, 2.3215e+06, 12388, 0.042, 0.051, 256, 16384, {}},
      ConvergenceCurve{"cosmoflow", epochs, 7.9326, 233.42, 0.056, 0.171, 32, 1024, {}},
      ConvergenceCurve{"deepcam", epochs, 7.5862, 1158.4, 0.018, 0.070, 128, 2048, {}},
      ConvergenceCurve{"dlrm", epochs, 1.5395, 2.3962e+05, 0.011, 0.000, 32768, 71680, 4195197692.0},
      ConvergenceCurve{"dlrm_dcnv2", epochs, 0.64549, 3.1181e+05, 0.039, 0.024, 32768, 160000, 4195197692.0},
      ConvergenceCurve{"flux1", samples, 6.8041e+06, 3431.6, 0.057, 0.028, 512, 4096, {}},
      ConvergenceCurve{"gnn", epochs, 0.76105, 1.1918e+05, 0.044, 0.014, 4096, 262144, {}},
      ConvergenceCurve{"gpt3", samples, 5.0937e+05, 16341, 0.023, 0.032, 1536, 8192, {}},
      ConvergenceCurve{"gpt_oss_20b", samples, 1.6384e+05, 80, 0.046, 0.000, 16, 64, {}},
      ConvergenceCurve{"llama2_70b_lora", samples, 2048, 16, 0.076, 0.000, 8, 32, {}},
      ConvergenceCurve{"llama31_405b", samples, 2.5831e+05, 4871.6, 0.037, 0.021, 1008, 6912, {}},
      ConvergenceCurve{"llama31_8b", samples, 1.3283e+05, 81.708, 0.048, 0.010, 16, 128, {}},
      ConvergenceCurve{"maskrcnn", epochs, 12.761, 849.91, 0.028, 0.025, 8, 256, 117266.0},
      ConvergenceCurve{"oc20", epochs, 18.143, 2500.9, 0.049, 0.000, 256, 2048, {}},
      ConvergenceCurve{"resnet", epochs, 33.695, 43344, 0.014, 0.025, 1632, 67840, 1281167.0},
      ConvergenceCurve{"retinanet", epochs, 3.6319, 1599.4, 0.000, 0.043, 256, 2560, 1170301.0},
      ConvergenceCurve{"rnnt", epochs, 38.316, 3947.7, 0.040, 0.058, 512, 6144, {}},
      ConvergenceCurve{"ssd", epochs, 3.4622, 1426.4, 0.017, 0.054, 256, 4096, 117266.0},
      ConvergenceCurve{"stable_diffusion", samples, 1.8034e+06, 1645.3, 0.115, 0.078, 256, 2048, {}},
  };
  return kCurves;
}

}  // namespace spotmix::models
