// One step's micro-batches through the stages of a pipeline, on the event engine and by closed form.
//
// A pipeline of p devices runs the model in p·v pieces; device i holds pieces i, p + i, 2p + i, … (v = 1
// unless the schedule is interleaved). Every device works through its schedule's fixed order, one piece at a
// time, each as soon as its input is there. Times are whole picoseconds.
//
// Source of the schedules and closed forms: Narayanan et al. 2021 (arXiv 2104.04473) and Megatron-LM's order
// of micro-batches.
#pragma once

#include <optional>
#include <vector>

#include "base/units/time.h"
#include "models/parallelism/parallelism.h"
#include "models/step/span.h"

namespace spotmix::models {

struct PieceCost {
  StepDuration forward{};
  StepDuration backward{};

  bool operator==(const PieceCost&) const = default;
};

struct PipelineWork {
  PipelineSchedule schedule = PipelineSchedule::one_forward_one_backward;
  int devices = 1;
  int chunks = 1;
  int micro_batches = 1;            ///< A multiple of `devices` where chunks > 1.
  std::vector<PieceCost> pieces{};  ///< devices × chunks, in the order of the model.
  /// Time between the end of piece i and the start of piece i + 1 on another device; backward the same. One
  /// fewer than pieces, or none where nothing is sent.
  std::vector<StepDuration> transfers{};
  /// The sender's device waits while it sends, as Megatron-LM's does; the transfer is then part of its work.
  bool sender_waits = true;

  /// From piece `boundary` to the next; nothing where they are on one device.
  StepDuration transfer(std::size_t boundary) const {
    return transfers.empty() || devices == 1 ? StepDuration{} : transfers[boundary];
  }

  bool operator==(const PipelineWork&) const = default;
};

struct PipelineRun {
  StepDuration length{};              ///< From the first forward to the end of the last backward.
  std::vector<StepDuration> end;      ///< Per device, of its last backward.
  std::vector<StepDuration> busy;     ///< Per device, computing.
  std::vector<StepDuration> sending;  ///< Per device, waiting for its own transfers; 0 unless sender_waits.
};

/// Runs the schedule event by event. `spans`, where given, receives every piece of work.
PipelineRun run_pipeline(const PipelineWork& work, std::vector<Span>* spans = nullptr);

/// The same run by formula, where one is exact; nothing elsewhere. With fᵢ and bᵢ the work of device i for
/// one micro-batch, sending included:
/// - GPipe: Σfᵢ + (m − 1)·max fᵢ + Σbᵢ + (m − 1)·max bᵢ, and the transfers once each way;
/// - 1F1B whose last device has the most work, M = max(fᵢ + bᵢ): Σ(fᵢ + bᵢ) + (m − 1)·M, with equal devices
/// the
///   well-known (m + p − 1)(f + b);
/// - interleaved with equal pieces and nothing to send: (m·v + p − 1)·(f + b) of one piece.
std::optional<PipelineRun> closed_form(const PipelineWork& work);

/// closed_form where exact, run_pipeline elsewhere; beyond 1,024 micro-batches the last 512 are repeated.
PipelineRun pipeline_time(const PipelineWork& work);

}  // namespace spotmix::models
