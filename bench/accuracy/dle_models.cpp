#include "bench/accuracy/dle_models.h"

#include <array>

#include "bench/accuracy/training_rows.h"
#include "models/workload/library.h"

namespace spotmix::accuracy {
namespace {

using models::Optimizer;
using models::WorkloadInputs;

std::optional<DleModel> named(const std::string& workload, Optimizer optimizer,
                              const WorkloadInputs& inputs = {}) {
  const auto found = models::find_workload(workload, inputs);
  if (!found) return std::nullopt;
  return DleModel{.workload = *found, .optimizer = optimizer};
}

std::optional<DleModel> classifier(const DleName& name) {
  for (const char* variant : {"efficientnet-widese-b0", "efficientnet-widese-b4", "efficientnet-b0",
                              "efficientnet-b4", "se-resnext101-32x4d", "resnext101-32x4d", "resnet50"}) {
    if (contains(name.row_text, variant)) return named(variant, Optimizer::momentum);
  }
  for (const char* variant : {"se-resnext101-32x4d", "resnext101-32x4d"}) {
    if (contains(name.model, variant)) return named(variant, Optimizer::momentum);
  }
  if (contains(name.model, "resnet50") || contains(name.model, "RN50"))
    return named("resnet50", Optimizer::momentum);
  if (contains(name.section, "v1-B0")) return named("efficientnet-b0", Optimizer::momentum);
  if (contains(name.section, "v1-B4")) return named("efficientnet-b4", Optimizer::momentum);
  return std::nullopt;
}

/// Fine-tuning cuts questions with their paragraphs to 384 tokens; recognizing names (BioBERT) to 128.
std::optional<DleModel> bert(const DleName& name) {
  const bool bio = contains(name.model, "biobert");
  int length = name.sequence_length;
  if (length == 0) length = bio ? 128 : 384;
  const bool tuning = contains(name.section, "ine-tuning");
  // The loaders of PyTorch's and PaddlePaddle's pre-training sort sequences into bins of similar length and
  // pad them to their bin's, which leaves a good half of the long phase's tokens.
  constexpr int kLongPhase = 512, kBinnedTokens = 288;
  if (length == kLongPhase && !tuning && (name.framework == "PyTorch" || name.framework == "PaddlePaddle"))
    length = kBinnedTokens;
  return named(bio ? "bert-base" : "bert-large", bio || tuning ? Optimizer::adam : Optimizer::lamb,
               {.sequence_length = length});
}

std::optional<DleModel> transformer_xl(const DleName& name) {
  auto model = named(contains(name.section, "Base model") ? "transformer-xl-base" : "transformer-xl-large",
                     Optimizer::lamb);
  if (model) model->samples_per_unit = 1.0 / model->workload.sequence_length;
  return model;
}

/// The batch counts tokens of the target; a sentence pair of WMT has about 30 on either side.
std::optional<DleModel> translation() {
  constexpr int kPairTokens = 32;
  auto model = named("transformer-big", Optimizer::adam, {.sequence_length = kPairTokens});
  if (!model) return model;
  model->samples_per_unit = 1.0 / kPairTokens;
  model->units_per_batch = kPairTokens;
  return model;
}

std::optional<DleModel> deep_recommendation(const DleName& name) {
  auto model = named("dlrm", Optimizer::sgd);
  if (model && contains(name.row_text, "large")) model->expert_tables = true;
  return model;
}

std::optional<DleModel> collaborative_filtering() {
  auto model = named("ncf", Optimizer::adam);
  if (model) model->samples_per_unit = 1e6;  // the tables count millions
  return model;
}

std::optional<DleModel> segmentation(const DleName& name) {
  // The first cell of nnU-Net's rows is the number of dimensions.
  const std::vector<double> first = numbers_in(split_cells(name.row_text, '|').front());
  const bool flat = !first.empty() && first.front() == 2;
  return named(flat ? "nnunet-2d" : "nnunet-3d", Optimizer::adam);
}

}  // namespace

std::optional<DleModel> dle_model(const DleName& name) {
  const auto is = [&](const char* model) { return contains(name.model, model); };
  if (is("Classification/ConvNets") || is("Classification/RN50")) return classifier(name);
  if (is("LanguageModeling/BERT")) return bert(name);
  if (is("Transformer-XL")) return transformer_xl(name);
  if (is("Translation/Transformer")) return translation();
  if (is("Translation/GNMT")) return named("gnmt", Optimizer::adam);
  if (is("Recommendation/DLRM")) return deep_recommendation(name);
  if (is("Recommendation/NCF")) return collaborative_filtering();
  if (is("Recommendation/WideAndDeep")) {
    auto model = named("wide-and-deep", Optimizer::adam);
    return model;
  }
  if (is("Detection/SSD")) {
    return named(name.framework == "PyTorch" ? "ssd300-resnet50" : "ssd320-resnet50-fpn",
                 Optimizer::momentum);
  }
  if (is("Segmentation/MaskRCNN")) return named("mask-rcnn", Optimizer::momentum);
  if (is("Segmentation/nnUNet")) return segmentation(name);
  if (is("Segmentation/UNet_Medical")) return named("unet", Optimizer::adam);
  if (is("Segmentation/UNet_Industrial")) {
    return named("unet-industrial", Optimizer::momentum);
  }
  if (is("Segmentation/VNet")) return named("vnet", Optimizer::adam);
  return std::nullopt;
}

}  // namespace spotmix::accuracy
