#include "reports/trace/tracks.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace spotmix::reports {
namespace {

using sim::TimelineEvent;
using sim::TimelineKind;

/// A track that is being drawn; at most one span is open.
class OpenTrack {
 public:
  explicit OpenTrack(Track track) : track_(std::move(track)) {}

  /// Ends the open span, if there is one, and opens another.
  void begin(Activity activity, Time at) {
    end(at);
    open_ = Span{activity, at, at};
  }
  void end(Time at) {
    if (!open_) return;
    open_->to = at;
    if (open_->to > open_->from) track_.spans.push_back(*open_);
    open_.reset();
  }
  void mark(TimelineKind kind, Time at) { track_.marks.push_back({kind, at}); }

  /// Training since `undone_from` turns out to be lost.
  void lose(Time undone_from) {
    std::vector<Span>& spans = track_.spans;
    for (std::size_t i = spans.size(); i-- > 0 && spans[i].to > undone_from;) {
      if (spans[i].activity != Activity::training) continue;
      if (spans[i].from >= undone_from) {
        spans[i].activity = Activity::lost;
        continue;
      }
      const Span lost{Activity::lost, undone_from, spans[i].to};
      spans[i].to = undone_from;
      spans.insert(spans.begin() + static_cast<std::ptrdiff_t>(i) + 1, lost);
    }
  }

  Track take() && { return std::move(track_); }

 private:
  Track track_;
  std::optional<Span> open_;
};

/// How far the work was at some moments, to find when it was as far as a loss leaves it.
class ProgressLine {
 public:
  void add(Time at, Duration done) { points_.push_back({at, done}); }

  /// The last time at which no more than `done` was done; between two moments progress is linear.
  Time when(Duration done, Time otherwise) const {
    for (std::size_t i = points_.size(); i-- > 0;) {
      if (points_[i].done > done) continue;
      if (i + 1 == points_.size() || points_[i].done == done) return points_[i].at;
      const double share = static_cast<double>((done - points_[i].done).count()) /
                           static_cast<double>((points_[i + 1].done - points_[i].done).count());
      return points_[i].at + Duration{static_cast<std::int64_t>(
                                 share * static_cast<double>((points_[i + 1].at - points_[i].at).count()))};
    }
    return otherwise;
  }

 private:
  struct Point {
    Time at;
    Duration done;
  };
  std::vector<Point> points_;
};

class Drawing {
 public:
  explicit Drawing(Time start) : start_(start) { job_.begin(Activity::waiting, start); }

  void add(const TimelineEvent& event) {
    last_ = std::max(last_, event.at);
    if (event.instance == sim::kNoInstance) {
      follow_job(event);
    } else {
      follow_instance(event);
    }
  }

  std::vector<Track> finish() && {
    job_.end(last_);
    std::vector<Track> tracks{std::move(job_).take()};
    for (auto& [number, track] : instances_) {
      track.end(last_);
      tracks.push_back(std::move(track).take());
    }
    return tracks;
  }

 private:
  void follow_job(const TimelineEvent& event) {
    const auto progresses = [&](Activity activity) {
      line_.add(event.at, event.progress);
      job_.begin(activity, event.at);
    };
    switch (event.kind) {
      case TimelineKind::waiting_begun:
        return job_.begin(Activity::waiting, event.at);
      case TimelineKind::restart_begun:
        return job_.begin(Activity::restart, event.at);
      case TimelineKind::training_begun:
      case TimelineKind::checkpoint_saved:
        return progresses(Activity::training);
      case TimelineKind::checkpoint_begun:
        return progresses(Activity::checkpoint);
      case TimelineKind::work_lost:
        job_.end(event.at);
        job_.lose(line_.when(event.progress, start_));
        break;
      case TimelineKind::finished:
      case TimelineKind::out_of_time:
        job_.end(event.at);
        break;
      default:
        break;
    }
    job_.mark(event.kind, event.at);
  }

  void follow_instance(const TimelineEvent& event) {
    const Track empty{event.instance, event.pool, event.purchase, {}, {}};
    OpenTrack& track = instances_.try_emplace(event.instance, empty).first->second;
    switch (event.kind) {
      case TimelineKind::launch_requested:
        return track.begin(Activity::pending, event.at);
      case TimelineKind::instance_running:
        return track.begin(Activity::boot, event.at);
      case TimelineKind::instance_ready:
        return track.begin(Activity::ready, event.at);
      case TimelineKind::rebalance_recommendation:
      case TimelineKind::notice:
        return track.mark(event.kind, event.at);
      case TimelineKind::launch_failed:
      case TimelineKind::interrupted:
        track.mark(event.kind, event.at);
        [[fallthrough]];
      default:
        return track.end(event.at);
    }
  }

  Time start_;
  Time last_ = start_;
  OpenTrack job_{Track{}};
  std::map<std::uint32_t, OpenTrack> instances_;
  ProgressLine line_;
};

}  // namespace

std::vector<Track> tracks_of(const Replay& replay) {
  Drawing drawing(replay.record.start);
  for (const TimelineEvent& event : replay.record.timeline) drawing.add(event);
  return std::move(drawing).finish();
}

}  // namespace spotmix::reports
