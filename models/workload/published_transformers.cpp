#include "models/workload/published_transformers.h"

#include <tuple>
#include <utility>

namespace spotmix::models {
namespace {

/// Name, layers, hidden size, heads.
struct Size {
  const char* name;
  int layers, hidden, heads;
};

using Shapes = std::vector<TransformerShape>;

TransformerShape sized(const Size& size) {
  return {.name = size.name, .layers = size.layers, .hidden = size.hidden, .heads = size.heads};
}

void add_bert(Shapes& shapes) {
  for (const Size& size : {Size{"bert-base", 12, 768, 12}, Size{"bert-large", 24, 1024, 16}}) {
    TransformerShape shape = sized(size);
    shape.vocabulary = 30522;
    shape.positions = 512;
    shape.token_types = 2;
    shape.sequence_length = 512;
    shape.predicted_share = 0.15;
    shape.head_transform = true;
    shape.causal = false;
    // The norms follow the residuals, so the last layer's is the final one; the embedding has one of its own.
    shape.source = "arXiv 1810.04805";
    shapes.push_back(shape);
  }
}

void add_gpt(Shapes& shapes) {
  for (const Size& size : {Size{"gpt2", 12, 768, 12}, Size{"gpt2-medium", 24, 1024, 16},
                           Size{"gpt2-large", 36, 1280, 20}, Size{"gpt2-xl", 48, 1600, 25}}) {
    TransformerShape shape = sized(size);
    shape.vocabulary = 50257;
    shape.positions = shape.sequence_length = 1024;
    shape.source = "Radford et al. 2019, table 2";
    shapes.push_back(shape);
  }
  for (const Size& size :
       {Size{"gpt3-125m", 12, 768, 12}, Size{"gpt3-350m", 24, 1024, 16}, Size{"gpt3-760m", 24, 1536, 16},
        Size{"gpt3-1.3b", 24, 2048, 16}, Size{"gpt3-2.7b", 32, 2560, 32}, Size{"gpt3-6.7b", 32, 4096, 32},
        Size{"gpt3-13b", 40, 5120, 40}, Size{"gpt3-22b", 48, 6144, 64}, Size{"gpt3-175b", 96, 12288, 96},
        Size{"gpt3-530b", 105, 20480, 128}, Size{"gpt3-1t", 128, 25600, 160}}) {
    TransformerShape shape = sized(size);
    shape.vocabulary = 51200;  // 50,257 padded as Megatron-LM pads it
    shape.positions = shape.sequence_length = 2048;
    shape.source = "arXiv 2005.14165 table 2.1; 22B, 530B and 1T arXiv 2205.05198 table 3";
    shapes.push_back(shape);
  }
}

void add_mpt(Shapes& shapes) {
  for (const Size& size :
       {Size{"mpt-125m", 12, 768, 12}, Size{"mpt-350m", 24, 1024, 16}, Size{"mpt-760m", 24, 1536, 12},
        Size{"mpt-1b", 24, 2048, 16}, Size{"mpt-3b", 32, 2560, 20}, Size{"mpt-7b", 32, 4096, 32},
        Size{"mpt-13b", 40, 5120, 40}, Size{"mpt-30b", 48, 7168, 56}, Size{"mpt-70b", 80, 8192, 64}}) {
    TransformerShape shape = sized(size);
    shape.vocabulary = 50368;
    shape.positions = shape.sequence_length = 2048;
    shape.dropout = false;
    shape.source = "mosaicml/llm-foundry 8c8dd48f7, scripts/train/yamls/pretrain";
    shapes.push_back(shape);
  }
}

void add_translation(Shapes& shapes) {
  for (const auto& [size, feed_forward] : {std::pair{Size{"transformer-base", 6, 512, 8}, 2048},
                                           std::pair{Size{"transformer-big", 6, 1024, 16}, 4096}}) {
    TransformerShape shape = sized(size);
    shape.encoder_layers = 6;
    shape.feed_forward = feed_forward;
    shape.vocabulary = 33712;
    shape.sequence_length = shape.encoder_sequence_length = 64;
    shape.source = "arXiv 1706.03762 table 3; WMT16 English-German vocabulary as NVIDIA trains it";
    shapes.push_back(shape);
  }
  TransformerShape captions = sized({"transformer-multi30k", 6, 512, 8});
  captions.encoder_layers = 6;
  captions.feed_forward = 2048;
  captions.vocabulary = 9521;
  captions.sequence_length = captions.encoder_sequence_length = 20;  // captions of a dozen words, padded
  captions.source = "arXiv 1706.03762 table 3, base, on the captions of Multi30k";
  shapes.push_back(captions);
  for (const auto& [size, memory, feed_forward] :
       {std::tuple{Size{"transformer-xl-base", 16, 512, 8}, 192, 2048},
        std::tuple{Size{"transformer-xl-large", 18, 1024, 16}, 384, 4096}}) {
    TransformerShape shape = sized(size);
    shape.feed_forward = feed_forward;
    shape.vocabulary = 267735;
    shape.sequence_length = memory;
    shape.attention_span = 2 * memory;  // its own segment and as much memory
    // The adaptive softmax reads the full width for the 20,000 most frequent words and a fraction for the
    // rest.
    shape.predicted_share = 0.15;
    shape.source = "arXiv 1901.02860; WikiText-103 as NVIDIA trains it";
    shapes.push_back(shape);
  }
}

void add_t5(Shapes& shapes) {
  struct T5 {
    const char* name;
    int layers, hidden, heads, head_size, feed_forward;
  };
  for (const T5& t5 : {T5{"t5-small", 6, 512, 8, 64, 2048}, T5{"t5-base", 12, 768, 12, 64, 3072},
                       T5{"t5-large", 24, 1024, 16, 64, 4096}, T5{"t5-3b", 24, 1024, 32, 128, 16384},
                       T5{"t5-11b", 24, 1024, 128, 128, 65536}}) {
    TransformerShape shape = sized({t5.name, t5.layers, t5.hidden, t5.heads});
    shape.encoder_layers = t5.layers;
    shape.head_size = t5.head_size;
    shape.feed_forward = t5.feed_forward;
    shape.vocabulary = 32128;
    shape.sequence_length = 114;  // targets of span corruption over 512 inputs
    shape.encoder_sequence_length = 512;
    shape.bias = false;
    shape.normalization = Normalization::rms_norm;
    shape.source = "arXiv 1910.10683 section 3.7.3";
    shapes.push_back(shape);
  }
}

struct Llama {
  const char* name;
  int layers, hidden, heads, key_value_heads, feed_forward, vocabulary, sequence_length;
  const char* source;
};

TransformerShape llama_shape(const Llama& llama) {
  TransformerShape shape = sized({llama.name, llama.layers, llama.hidden, llama.heads});
  shape.key_value_heads = llama.key_value_heads;
  shape.feed_forward = llama.feed_forward;
  shape.vocabulary = llama.vocabulary;
  shape.sequence_length = llama.sequence_length;
  shape.gated = true;
  shape.bias = false;
  shape.dropout = false;
  shape.tied_embedding = false;
  shape.normalization = Normalization::rms_norm;
  shape.source = llama.source;
  return shape;
}

void add_llama(Shapes& shapes) {
  for (const Llama& llama :
       {Llama{"llama2-7b", 32, 4096, 32, 32, 11008, 32000, 4096, "arXiv 2307.09288"},
        Llama{"llama2-13b", 40, 5120, 40, 40, 13824, 32000, 4096, "arXiv 2307.09288"},
        Llama{"llama2-70b", 80, 8192, 64, 8, 28672, 32000, 4096, "arXiv 2307.09288"},
        Llama{"llama3-8b", 32, 4096, 32, 8, 14336, 128256, 8192, "arXiv 2407.21783 table 3"},
        Llama{"llama3-70b", 80, 8192, 64, 8, 28672, 128256, 8192, "arXiv 2407.21783 table 3"},
        Llama{"llama3-405b", 126, 16384, 128, 8, 53248, 128256, 8192, "arXiv 2407.21783 table 3"}}) {
    shapes.push_back(llama_shape(llama));
  }
  TransformerShape mixtral =
      llama_shape({"mixtral-8x7b", 32, 4096, 32, 8, 14336, 32000, 4096, "arXiv 2401.04088 table 1"});
  mixtral.experts = 8;
  mixtral.experts_per_token = 2;
  shapes.push_back(mixtral);
}

}  // namespace

std::vector<TransformerShape> published_transformers() {
  Shapes shapes;
  add_bert(shapes);
  add_gpt(shapes);
  add_mpt(shapes);
  add_translation(shapes);
  add_t5(shapes);
  add_llama(shapes);
  return shapes;
}

}  // namespace spotmix::models
