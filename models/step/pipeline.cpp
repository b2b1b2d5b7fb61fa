#include "models/step/pipeline.h"

#include <algorithm>
#include <cmath>

#include "base/events/event_queue.h"

namespace spotmix::models {
namespace {

struct Task {
  bool forward = true;
  int chunk = 0;
  int micro_batch = 0;
};

/// The fixed order in which each device works.
class Order {
 public:
  explicit Order(const PipelineWork& work) : work_(work), tasks_(work.micro_batches * work.chunks) {}

  int count() const { return 2 * tasks_; }

  Task at(int device, int index) const {
    const int warm_up = warm_up_of(device);
    if (index < warm_up) return forward(index);
    const int steady = index - warm_up;
    const int paired = 2 * (tasks_ - warm_up);
    if (steady >= paired) return backward(tasks_ - warm_up + steady - paired);
    return steady % 2 == 0 ? forward(warm_up + steady / 2) : backward(steady / 2);
  }

 private:
  /// Forwards before the first backward's forward.
  int warm_up_of(int device) const {
    if (work_.schedule == PipelineSchedule::gpipe) return tasks_;
    const int after = work_.devices - 1 - device;
    if (work_.chunks == 1) return std::min(after, tasks_);
    if (work_.micro_batches == work_.devices) return tasks_;
    return std::min(2 * after + (work_.chunks - 1) * work_.devices, tasks_);
  }

  Task forward(int index) const { return task(index, true); }
  Task backward(int index) const { return task(index, false); }

  /// Interleaved: p micro-batches through chunk 0, the same through chunk 1, …, then the next p.
  Task task(int index, bool forward) const {
    const int round = work_.devices * work_.chunks;
    if (work_.chunks == 1) return {forward, 0, index};
    const int chunk = index % round / work_.devices;
    return {forward, forward ? chunk : work_.chunks - 1 - chunk,
            index / round * work_.devices + index % work_.devices};
  }

  const PipelineWork& work_;
  int tasks_;
};

enum class Happens : std::uint8_t { input_arrives, compute_ends, device_freed };

struct Happening {
  Happens what;
  bool forward;
  std::int16_t device;
  std::int16_t chunk;
};

class PipelineSimulation {
 public:
  PipelineSimulation(const PipelineWork& work, std::vector<Span>* spans)
      : work_(work), order_(work), spans_(spans), devices_(static_cast<std::size_t>(work.devices)) {
    for (Device& device : devices_) {
      device.arrived_forward.resize(static_cast<std::size_t>(work.chunks));
      device.arrived_backward.resize(static_cast<std::size_t>(work.chunks));
    }
    devices_.front().arrived_forward.front() = work.micro_batches;
  }

  PipelineRun run() {
    for (int device = 0; device < work_.devices; ++device) start_next(device);
    while (!queue_.empty()) {
      const auto event = queue_.pop();
      now_ = event.ticks;
      handle(event.payload);
    }
    PipelineRun run;
    for (const Device& device : devices_) {
      run.end.emplace_back(device.last_end);
      run.busy.emplace_back(device.busy);
      run.sending.emplace_back(device.sending);
    }
    run.length = *std::max_element(run.end.begin(), run.end.end());
    return run;
  }

 private:
  struct Device {
    bool idle = true;
    int next = 0;
    std::vector<int> arrived_forward, arrived_backward;  // inputs so far, per chunk
    std::int64_t busy = 0, sending = 0, last_end = 0;
  };

  Device& device_at(int index) { return devices_[static_cast<std::size_t>(index)]; }

  void handle(const Happening& event) {
    switch (event.what) {
      case Happens::input_arrives: {
        Device& device = device_at(event.device);
        auto& arrived = event.forward ? device.arrived_forward : device.arrived_backward;
        ++arrived[static_cast<std::size_t>(event.chunk)];
        start_next(event.device);
        return;
      }
      case Happens::compute_ends:
        finish(event);
        return;
      case Happens::device_freed:
        device_at(event.device).idle = true;
        start_next(event.device);
        return;
    }
  }

  /// Starts the device's next task if it is idle and the task's input is there.
  void start_next(int index) {
    Device& device = device_at(index);
    if (!device.idle || device.next == order_.count()) return;
    const Task task = order_.at(index, device.next);
    const auto chunk = static_cast<std::size_t>(task.chunk);
    const int arrived = task.forward ? device.arrived_forward[chunk] : device.arrived_backward[chunk];
    if (arrived <= task.micro_batch) return;
    ++device.next;
    device.idle = false;
    const PieceCost& piece =
        work_.pieces[chunk * static_cast<std::size_t>(work_.devices) + static_cast<std::size_t>(index)];
    const std::int64_t length = (task.forward ? piece.forward : piece.backward).count();
    device.busy += length;
    if (spans_ != nullptr) {
      spans_->push_back({"stage " + std::to_string(index),
                         (task.forward ? "forward " : "backward ") + std::to_string(task.micro_batch) +
                             (work_.chunks > 1 ? " chunk " + std::to_string(task.chunk) : ""),
                         StepDuration{now_}, StepDuration{length}, index, task.chunk, task.forward});
    }
    queue_.schedule(now_ + length, {Happens::compute_ends, task.forward, static_cast<std::int16_t>(index),
                                    static_cast<std::int16_t>(task.chunk)});
  }

  /// Hands the result to the next piece, or turns around at the last.
  void finish(const Happening& event) {
    Device& device = device_at(event.device);
    device.last_end = now_;
    const int last_chunk = work_.chunks - 1, last_device = work_.devices - 1;
    int receiver = event.forward ? event.device + 1 : event.device - 1;
    int chunk = event.chunk;
    if (receiver > last_device) {
      receiver = 0;
      ++chunk;
    } else if (receiver < 0) {
      receiver = last_device;
      --chunk;
    }
    const int piece = event.chunk * work_.devices + event.device;
    std::int64_t freed = now_;
    if (chunk > last_chunk) {
      ++device.arrived_backward[static_cast<std::size_t>(last_chunk)];
    } else if (chunk >= 0) {
      const auto boundary = static_cast<std::size_t>(event.forward ? piece : piece - 1);
      const std::int64_t transfer = work_.transfer(boundary).count();
      if (spans_ != nullptr && transfer > 0) {
        spans_->push_back({"stage " + std::to_string(event.device) + ": links",
                           std::string(event.forward ? "activations" : "gradients") + " to stage " +
                               std::to_string(receiver),
                           StepDuration{now_}, StepDuration{transfer}});
      }
      queue_.schedule(now_ + transfer,
                      {Happens::input_arrives, event.forward, static_cast<std::int16_t>(receiver),
                       static_cast<std::int16_t>(chunk)});
      if (work_.sender_waits && transfer > 0) {
        freed += transfer;
        device.sending += transfer;
      }
    }
    if (freed == now_) {
      device.idle = true;
      start_next(event.device);
    } else {
      queue_.schedule(freed, {Happens::device_freed, event.forward, event.device, event.chunk});
    }
  }

  const PipelineWork& work_;
  Order order_;
  std::vector<Span>* spans_;
  std::vector<Device> devices_;
  EventQueue<Happening> queue_;
  std::int64_t now_ = 0;
};

/// Micro-batches beyond which a run is prolonged: long after the pipeline has filled, each round takes as
/// long as the one before.
constexpr int kMostSimulated = 1024;

PipelineRun prolonged(const PipelineWork& work) {
  PipelineWork half = work, whole = work;
  half.micro_batches = kMostSimulated / 2 / work.devices * work.devices;
  whole.micro_batches = 2 * half.micro_batches;
  if (half.micro_batches == 0) return run_pipeline(work);
  const PipelineRun shorter = run_pipeline(half);
  PipelineRun run = run_pipeline(whole);
  const auto prolong = [&](StepDuration& time, StepDuration at_half) {
    const double each = static_cast<double>((time - at_half).count()) / half.micro_batches;
    time += StepDuration{std::llround(each * (work.micro_batches - whole.micro_batches))};
  };
  for (std::size_t i = 0; i < run.end.size(); ++i) {
    prolong(run.end[i], shorter.end[i]);
    prolong(run.busy[i], shorter.busy[i]);
    prolong(run.sending[i], shorter.sending[i]);
  }
  run.length = *std::max_element(run.end.begin(), run.end.end());
  return run;
}

/// What one device does for one micro-batch, its own sending included.
struct DeviceWork {
  std::int64_t forward = 0, backward = 0;
  std::int64_t both() const { return forward + backward; }
};

std::vector<DeviceWork> device_work(const PipelineWork& work) {
  const auto send = [&](std::size_t boundary) {
    return work.sender_waits ? work.transfer(boundary).count() : 0;
  };
  std::vector<DeviceWork> devices;
  for (std::size_t i = 0; i < work.pieces.size(); ++i) {
    const std::int64_t sends_on = i + 1 < work.pieces.size() ? send(i) : 0;
    const std::int64_t sends_back = i > 0 ? send(i - 1) : 0;
    devices.push_back(
        {work.pieces[i].forward.count() + sends_on, work.pieces[i].backward.count() + sends_back});
  }
  return devices;
}

/// What a device still sends after its last backward has ended.
std::int64_t sent_back(const PipelineWork& work, std::size_t device) {
  return work.sender_waits && device > 0 ? work.transfer(device - 1).count() : 0;
}

PipelineRun totals(const PipelineWork& work) {
  PipelineRun run;
  run.end.resize(static_cast<std::size_t>(work.devices));
  run.busy.resize(static_cast<std::size_t>(work.devices));
  run.sending.resize(static_cast<std::size_t>(work.devices));
  for (std::size_t i = 0; i < work.pieces.size(); ++i) {
    const std::size_t device = i % run.end.size();
    const PieceCost& piece = work.pieces[i];
    run.busy[device] += work.micro_batches * (piece.forward + piece.backward);
    if (!work.sender_waits) continue;
    if (i > 0) run.sending[device] += work.micro_batches * work.transfer(i - 1);
    if (i + 1 < work.pieces.size()) run.sending[device] += work.micro_batches * work.transfer(i);
  }
  return run;
}

/// GPipe: two flow shops of equal jobs, the backward one beginning when the last device ends its forwards.
PipelineRun gpipe(const PipelineWork& work) {
  const std::vector<DeviceWork> devices = device_work(work);
  const std::int64_t repeats = work.micro_batches - 1;
  const auto on_the_way = [&](std::size_t boundary) {
    return work.sender_waits ? 0 : work.transfer(boundary).count();
  };
  PipelineRun run = totals(work);
  std::int64_t clock = 0, slowest = 0;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    clock += devices[i].forward + (i > 0 ? on_the_way(i - 1) : 0);
    slowest = std::max(slowest, devices[i].forward);
  }
  clock += repeats * slowest;
  slowest = 0;
  for (std::size_t i = devices.size(); i-- > 0;) {
    clock += devices[i].backward;
    slowest = std::max(slowest, devices[i].backward);
    run.end[i] = StepDuration{clock + repeats * slowest - sent_back(work, i)};
    if (i > 0) clock += on_the_way(i - 1);
  }
  return run;
}

/// 1F1B whose last device has the most work: it never starves, and its last backward meets no queue on its
/// way back.
PipelineRun last_device_sets_pace(const PipelineWork& work, const std::vector<DeviceWork>& devices) {
  PipelineRun run = totals(work);
  std::int64_t clock = 0;
  for (const DeviceWork& device : devices) clock += device.forward;
  clock += (work.micro_batches - 1) * devices.back().both();
  for (std::size_t i = devices.size(); i-- > 0;) {
    clock += devices[i].backward;
    run.end[i] = StepDuration{clock - sent_back(work, i)};
  }
  return run;
}

/// Equal pieces, nothing to send: every device works without a gap but the bubble of p − 1 pieces each way.
PipelineRun interleaved(const PipelineWork& work) {
  PipelineRun run = totals(work);
  const PieceCost& piece = work.pieces.front();
  for (int i = 0; i < work.devices; ++i) {
    run.end[static_cast<std::size_t>(i)] =
        work.micro_batches * work.chunks * (piece.forward + piece.backward) +
        (work.devices - 1) * piece.forward + (work.devices - 1 - i) * piece.backward;
  }
  return run;
}

bool sends_nothing(const PipelineWork& work) {
  return work.devices == 1 || std::all_of(work.transfers.begin(), work.transfers.end(),
                                          [](StepDuration transfer) { return transfer.count() == 0; });
}

bool equal_pieces(const PipelineWork& work) {
  return std::all_of(work.pieces.begin(), work.pieces.end(), [&](const PieceCost& piece) {
    return piece.forward == work.pieces.front().forward && piece.backward == work.pieces.front().backward;
  });
}

std::optional<PipelineRun> closed_form_ends(const PipelineWork& work) {
  if (work.chunks > 1) {
    if (!sends_nothing(work) || !equal_pieces(work)) return std::nullopt;
    return interleaved(work);
  }
  if (work.schedule == PipelineSchedule::gpipe) return gpipe(work);
  if (!work.sender_waits && !sends_nothing(work)) return std::nullopt;
  const std::vector<DeviceWork> devices = device_work(work);
  for (const DeviceWork& device : devices) {
    if (device.both() > devices.back().both()) return std::nullopt;
  }
  return last_device_sets_pace(work, devices);
}

}  // namespace

PipelineRun run_pipeline(const PipelineWork& work, std::vector<Span>* spans) {
  return PipelineSimulation(work, spans).run();
}

std::optional<PipelineRun> closed_form(const PipelineWork& work) {
  std::optional<PipelineRun> run = closed_form_ends(work);
  if (run) run->length = *std::max_element(run->end.begin(), run->end.end());
  return run;
}

PipelineRun pipeline_time(const PipelineWork& work) {
  if (std::optional<PipelineRun> exact = closed_form(work)) return *exact;
  return work.micro_batches <= kMostSimulated ? run_pipeline(work) : prolonged(work);
}

}  // namespace spotmix::models
