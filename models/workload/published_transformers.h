// The shapes of transformers that papers and model cards publish.
#pragma once

#include <vector>

#include "models/workload/transformer.h"

namespace spotmix::models {

/// BERT, GPT-2, GPT-3 (and Megatron's 22B to 1T), MPT, Transformer, Transformer-XL, T5, Llama and Mixtral.
/// Each shape names its source.
std::vector<TransformerShape> published_transformers();

}  // namespace spotmix::models
