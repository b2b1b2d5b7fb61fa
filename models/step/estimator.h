// Step times of many configurations of one workload on one cluster.
//
// An estimator remembers what a layer costs under each way to cut it, what each group of ranks pays to
// communicate, and how the layers divide into stages, so that a further configuration costs microseconds. One
// estimator belongs to one thread.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "models/collectives/collectives.h"
#include "models/parallelism/layer_cost.h"
#include "models/parallelism/operation_costs.h"
#include "models/parallelism/placement.h"
#include "models/parallelism/stages.h"
#include "models/step/overlap.h"
#include "models/step/pipeline.h"
#include "models/step/step.h"

namespace spotmix::models {

class StepEstimator {
 public:
  /// Of `input`, the global batch and the parallelism are given anew with each question.
  /// Times and memory are those of the devices of `paced_by`, or of the cluster's slowest and smallest where
  /// that is null.
  explicit StepEstimator(const StepInput& input, const InstanceGroup* paced_by = nullptr);

  StepBreakdown step(const Parallelism& parallelism, int global_batch, std::vector<Span>* spans = nullptr);

  /// The same for a search: a step that fits but must take at least `give_up_s` is not looked at further, and
  /// its time is that lower bound.
  StepBreakdown step_unless_slower(const Parallelism& parallelism, int global_batch, double give_up_s);

  std::vector<LayerTiming> layer_timings(const Parallelism& parallelism, int global_batch);

  /// Asks on for other software; what its kernels cost alone is kept.
  void set_software(const Software& software);

  const StepInput& input() const { return input_; }
  const std::vector<Source>& sources() const { return sources_; }

 private:
  using Stages = std::vector<Stage>;

  /// One micro-batch through one pipeline piece on one rank.
  struct Piece {
    double forward_s = 0, backward_s = 0;  // with what they wait for
    double compute_s = 0;                  // of both
    double in_layers_s = 0;                // collectives of both, hidden or not
    double weights_s = 0;                  // gathering sharded weights, scattering their gradients
    double updated_parameters = 0;         // by the rank
  };
  struct Question {
    Parallelism parallelism;
    int global_batch = 0;
    double samples = 0;  // of a micro-batch
    int micro_batches = 0;
    GroupShapes groups;
    const Communicator* data_group = nullptr;
    const Communicator* replica_group = nullptr;  // of the same experts or tables; null for one rank
    const Stages* stages = nullptr;               // one per piece
    const Stages* device_stages = nullptr;        // one per device, for memory
    std::vector<Piece> pieces;

    // Of a device's chunk in `stages` and `pieces`.
    std::size_t place(int chunk, std::size_t device) const {
      return static_cast<std::size_t>(chunk) * static_cast<std::size_t>(parallelism.pipeline) + device;
    }
  };
  /// What follows the last backward pass of one device.
  struct Tail {
    double exposed_s = 0;   // gradients that backward did not hide
    double busy_s = 0;      // of the link
    double slowdown_s = 0;  // of backward, by what was hidden; copies of the gradients
    double rows_s = 0;      // of the exposed: rows of tables, after everything else
  };
  /// Gradients of one layer on one rank, by the group that adds them up.
  struct GradientBytes {
    double data = 0;      // all data-parallel ranks
    double replicas = 0;  // those that hold the same experts
    double total() const { return data + replicas; }
  };
  /// Lookup tables of one rank.
  struct TableBytes {
    double all = 0;
    double met = 0;  // gradients of the rows that its share of the batch looked up
  };

  using LayerKey = std::tuple<std::size_t, double, int, int, bool, Recompute>;
  using GroupKey = std::tuple<int, int, int, bool>;

  std::string misfit(const Parallelism& parallelism, int global_batch) const;
  const LayerCost& layer_cost(std::size_t layer, const Question& question);
  const Communicator& communicator(const GroupShape& shape);
  void use_measured(Communicator& group, int ranks);
  const Stages& stages(const Parallelism& parallelism);
  const Stages& stages_of_devices(const Parallelism& parallelism);

  Question ask(const Parallelism& parallelism, int global_batch);
  Piece cost_of(const Stage& stage, const Question& question);
  void add_gathered_weights(Piece& piece, const Stage& stage, const Question& question);
  PipelineWork pipeline_work(const Question& question);
  double transfer_s(std::size_t boundary, const Question& question);
  const Communicator& stages_link(int from, int to, const Parallelism& parallelism);
  Tail gradient_tail(std::size_t device, const Question& question);
  double gradient_copies_s(double bytes) const;
  Tail server_tail(double bytes, double hidden_s, const Parallelism& parallelism);
  double collective_s(const GroupShape& shape, const Communicator& group, Collective collective,
                      double bytes) const;
  double gradients_s(const Question& question, Collective collective, const GradientBytes& bytes) const;
  GradientBytes gradient_bytes_of(const Layer& layer, const Parallelism& parallelism) const;
  /// How the gradients of one device are split over the groups, as shares of one byte.
  GradientBytes mixture_of(std::size_t device, const Question& question) const;
  double dense_gradient_bytes(double parameters) const;
  TableBytes table_bytes(std::size_t device, const Question& question) const;
  double tables_s(std::size_t device, const Question& question) const;
  double tied_bytes(const Parallelism& parallelism) const;
  double tied_exchange_s(const Question& question);
  std::vector<GradientRun> gradient_runs(std::size_t device, const Question& question);
  std::vector<BucketRun> gradient_buckets(const std::vector<GradientRun>& runs,
                                          const Parallelism& parallelism) const;
  double bucket_s(const Question& question, const GradientBytes& mixture, double bytes) const;

  static std::string row_of(int stage, const Parallelism& parallelism);
  void draw(const Question& question, const PipelineRun& run, double update_s, double all_ready_s,
            std::vector<Span>& spans);
  void draw_layers(const Question& question, const Span& pass, std::vector<Span>& spans);
  void draw_gradients(const Question& question, std::size_t device, double end_s, std::vector<Span>& spans);
  void draw_tied(const Question& question, double start_s, double length_s, std::vector<Span>& spans) const;
  static void draw_wait(const Question& question, double end_s, double wait_s, std::vector<Span>& spans);
  StepBreakdown step(const Parallelism& parallelism, int global_batch, std::vector<Span>* spans,
                     double give_up_s);
  static double least_time_s(const Question& question);
  static double rounding_s(const Question& question, double time_s);
  const PipelineRun& run_of(const PipelineWork& work);
  void put_together(StepBreakdown& step, const Question& question, std::vector<Span>* spans);

  StepInput input_;
  std::string problem_;
  std::vector<Source> sources_;
  ClusterTopology topology_;
  double device_memory_bytes_ = 0;
  int device_count_ = 0;
  int layer_count_ = 0;
  std::unique_ptr<OperationCosts> costs_;  // of the slowest device
  std::map<LayerKey, LayerCost> layer_costs_;
  std::map<GroupKey, Communicator> communicators_;
  // By the number of pieces, and of layers in each where that was given.
  std::map<std::pair<int, std::vector<int>>, Stages> stages_, device_stages_;
  // A search asks for the same pipeline under several shardings in a row.
  std::deque<std::pair<PipelineWork, PipelineRun>> latest_runs_;
};

}  // namespace spotmix::models
