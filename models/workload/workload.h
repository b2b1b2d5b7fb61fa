// What a model asks of the machine: its layers as matrix products, memory-bound work, parameters and
// activations.
//
// Every extent is per sample (one image, one sequence, one user-item pair); the extent named by `grows` is
// multiplied by the samples of a micro-batch. Nothing here knows a device, a precision or a cluster: elements
// are counted, not bytes, except masks, which take one byte whatever the precision.
#pragma once

#include <string>
#include <vector>

namespace spotmix::models {

/// Which extent of a matrix product is multiplied by the samples of a micro-batch.
enum class Grows { m, k, batch };

/// Which extent of a matrix product tensor parallelism divides.
enum class Split { none, m, n, k, batch };

enum class ProductKind {
  dense,        ///< (m × k)·(k × n), `batch` times.
  depthwise,    ///< A convolution of each channel by itself: bound by memory, no matrix units.
  convolution,  ///< The same as an implicit matrix product: m output pixels, n channels out, k = channels in
                ///< × kernel area.
  fused_attention,  ///< Scores and weighted values in one kernel: m queries, n keys, k = head size, `batch`
                    ///< heads.
};

/// `times` × `batch` products of m × k by k × n matrices: 2·m·n·k·batch·times FLOP (fused attention: twice
/// that, two products).
struct MatrixProduct {
  std::string name{};
  double m = 0, n = 0, k = 0;
  double batch = 1;
  double times = 1;  ///< So often one after the other, as a recurrent layer's time steps.
  Grows grows = Grows::m;
  Split split = Split::none;
  ProductKind kind = ProductKind::dense;
  /// Convolutions: how often the implicit left matrix holds each element that is really read (the kernel's
  /// area ÷ stride²).
  double reuse = 1;
  double useful_fraction = 1;  ///< Share of the FLOP done; a fused causal kernel skips half.
  bool winograd =
      false;  ///< A 3 × 3 convolution of stride 1, for which libraries know a way with fewer products.
  bool from_experts = false;  ///< Runs on expert parameters, of which each device holds its share.
};

/// FLOP of one sample.
double flop(const MatrixProduct& product);

enum class MemoryKind { elementwise, normalization, softmax, pooling, gather, loss };

/// How parallelism within a layer divides memory-bound work and activations.
enum class Divided {
  never,       ///< Every tensor-parallel rank does all of it.
  by_tensor,   ///< Divided by the tensor-parallel degree.
  by_sequence  ///< Divided only with sequence parallelism.
};

/// Work whose time is bytes ÷ bandwidth: `elements` per sample, each read or written `passes` times.
struct MemoryWork {
  std::string name{};
  MemoryKind kind = MemoryKind::elementwise;
  double elements = 0;
  double forward_passes = 0, backward_passes = 0;
  double forward_kernels = 1, backward_kernels = 1;
  Divided divided = Divided::by_sequence;
  bool attention_scores = false;  ///< Done again under selective recomputation.
  double width = 0;  ///< Length of the rows that normalization and softmax reduce; 0 where it means nothing.
};

/// What backward needs of forward, per sample.
struct Kept {
  double elements = 0;    ///< Times the element size of the precision.
  double mask_bytes = 0;  ///< Dropout masks.
};

struct Activations {
  Kept replicated{};          ///< Divided by sequence parallelism alone.
  Kept split{};               ///< Divided by the tensor-parallel degree.
  Kept attention{};           ///< The scores: divided by the tensor-parallel degree, gone under selective
                              ///< recomputation.
  double input_elements = 0;  ///< All that full recomputation keeps.
};

enum class LayerKind { embedding, transformer, convolution, pooling, linear, recurrent, head, interaction };

struct Layer {
  std::string name{};
  LayerKind kind = LayerKind::linear;
  int repeat = 1;  ///< How many such layers follow one another, each with parameters of its own.

  std::vector<MatrixProduct> forward{}, input_gradient{}, weight_gradient{};
  std::vector<MemoryWork> memory_work{};

  double parameters = 0;         ///< Of one repeat, experts included.
  double split_parameters = 0;   ///< Of these, divided by the tensor-parallel degree (experts not included).
  double expert_parameters = 0;  ///< Of these, divided by the expert-parallel degree.
  /// Of these, rows of lookup tables: only rows met in a batch are updated and exchanged.
  double sparse_parameters = 0;
  /// Shared with the first layer; a pipeline that holds the two apart holds them twice.
  double tied_parameters = 0;
  Activations activations{};
  double output_elements = 0;  ///< Handed to the next layer, per sample.

  double forward_reductions = 0;   ///< AllReduces under tensor parallelism, forward.
  double backward_reductions = 0;  ///< The same, backward.
  double reduction_elements = 0;   ///< Of each, per sample.
  bool recomputable = false;       ///< Full recomputation keeps only its input.
  /// Elements each all-to-all of expert parallelism moves, per sample, before and after the experts.
  double expert_exchange_elements = 0;
};

struct Workload {
  std::string name{};
  std::string
      family;  ///< "convolution", "transformer", "recurrent", "recommendation", "perceptron", "regression".
  std::string sample_name{};  ///< "image", "sequence", "pair", "row".
  std::vector<Layer> layers{};
  int sequence_length = 0;          ///< Tokens per sample; 0 where a sample has none.
  int image_size = 0;               ///< Pixels on a side; 0 where a sample has none.
  double input_bytes = 0;           ///< Of one sample as it reaches the device.
  std::string source{};             ///< Where the shape is from.
  std::string length_assumed_by{};  ///< Why samples have that sequence length; empty if somebody gave it.
};

double parameters(const Workload& workload);

/// FLOP of one sample's forward pass, matrix products alone.
double forward_flop(const Workload& workload);

/// FLOP of one sample's forward and backward pass, matrix products alone, nothing recomputed.
double training_flop(const Workload& workload);

/// Layers counting repeats.
int layer_count(const Workload& workload);

}  // namespace spotmix::models
