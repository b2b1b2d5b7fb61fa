// A replication told again by a naive reader of its story: who was ready when, how fast they trained, what
// crossed between zones and regions, and what was read back. Its books must agree with the simulator's.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include <catch2/catch.hpp>

#include "tests/sim/replay/random_scene.h"

using namespace spotmix;
using namespace spotmix::sim;
using namespace spotmix::sim::test;

namespace {

class Reader {
 public:
  Reader(const Experiment& experiment, const Run& r)
      : experiment_(experiment), mix_(experiment.mixes[0]), costs_(mix_.surroundings), r_(r) {
    for (const Group& group : mix_.groups) units_ += group.count;
  }

  void read() {
    const auto& story = r_.record.timeline;
    Time at = r_.record.start;
    for (std::size_t i = 0; i < story.size();) {
      const double dt_s = to_seconds(story[i].at - at);
      at = story[i].at;
      if (trains_) pass(dt_s);
      before_ = ready_;
      std::size_t end = i;
      while (end < story.size() && story[end].at == at) ++end;
      for (std::size_t j = i; j < end; ++j) instances(story[j]);
      int restarts = 0;
      for (std::size_t j = i; j < end; ++j) {
        gang(story[j]);
        restarts += story[j].kind == TimelineKind::restart_begun ? 1 : 0;
      }
      // Only the last of several fleets of one moment is in the story.
      if (restarts > 1) exact_ = false;
      i = end;
    }
  }

  double training_s = 0;
  double restores_usd = 0;
  double restore_requests_usd = 0;
  double traffic_usd = 0;
  bool exact() const { return exact_; }
  int crossings() const { return crossings_; }

 private:
  using Place = std::pair<std::uint32_t, std::string>;  // region, zone

  void instances(const TimelineEvent& event) {
    if (event.instance == kNoInstance) return;
    if (event.kind == TimelineKind::instance_ready) ready_[event.instance] = event.pool;
    if (event.kind == TimelineKind::interrupted || event.kind == TimelineKind::stopped)
      ready_.erase(event.instance);
  }

  void gang(const TimelineEvent& event) {
    switch (event.kind) {
      case TimelineKind::training_begun:
        REQUIRE(to_seconds(event.progress) == Approx(done_s_).margin(1e-3));
        trains_ = true;
        return;
      case TimelineKind::checkpoint_begun:
        trains_ = false;
        return;
      case TimelineKind::checkpoint_saved:
        REQUIRE(to_seconds(event.progress) == Approx(done_s_).margin(1e-3));
        trains_ = true;
        saved_ = done_s_ > 0;
        home_ = places(before_).begin()->first;
        return;
      case TimelineKind::work_lost:
        // What is lost is never more than what was done.
        REQUIRE(to_seconds(event.progress) <= done_s_ + 1e-3);
        done_s_ = to_seconds(event.progress);
        trains_ = false;
        return;
      case TimelineKind::restart_begun:
        trains_ = false;
        if (saved_ && mix_.gang.kind == GangKind::rigid) restore();
        return;
      case TimelineKind::waiting_begun:
        trains_ = false;
        return;
      case TimelineKind::finished:
        REQUIRE(done_s_ == Approx(to_seconds(mix_.work)).margin(1e-3));
        trains_ = false;
        return;
      default:
        return;
    }
  }

  std::set<Place> places(const std::map<std::uint32_t, std::uint32_t>& ready) const {
    std::set<Place> result;
    for (const auto& [instance, pool] : ready)
      result.emplace(experiment_.market.pools[pool].region, experiment_.market.pools[pool].zone);
    return result;
  }

  double speed(const std::set<Place>& in) const {
    int ready = 0;
    for (const auto& [instance, pool] : ready_) ready += weight(pool);
    const double share =
        mix_.gang.kind == GangKind::rigid ? 1 : std::min(1.0, ready / static_cast<double>(units_));
    const bool regions = in.begin()->first != in.rbegin()->first;
    return share * (regions ? costs_.cross_region_speed : in.size() > 1 ? costs_.cross_zone_speed : 1);
  }

  int weight(std::uint32_t pool) const {
    const Group& group = mix_.groups[0];
    const auto found = std::find(group.pools.begin(), group.pools.end(), pool);
    return group.weights.empty() ? 1 : group.weights[static_cast<std::size_t>(found - group.pools.begin())];
  }

  /// Trains for so long with what was ready.
  void pass(double dt_s) {
    const std::set<Place> in = places(ready_);
    const double pace = speed(in);
    training_s += dt_s;
    done_s_ += dt_s * pace;
    if (in.size() < 2) return;
    const bool regions = in.begin()->first != in.rbegin()->first;
    const double apart = regions ? costs_.cross_region_speed : costs_.cross_zone_speed;
    const double hours_of_steps = dt_s / 3600 * (costs_.batch_is_scaled ? apart : pace);
    const std::vector<Place> row(in.begin(), in.end());
    for (std::size_t i = 0; i < row.size(); ++i) {
      const Place& from = row[i];
      const Place& to = row[(i + 1) % row.size()];
      const bool last = i + 1 == row.size();
      HourlyPrice price;
      if (from.first == to.first) {
        price = costs_.cross_zone_per_boundary;
        if (!last) price = price + costs_.cross_zone_per_cut;
      } else {
        price = hop(from, to).ring;
        if (!last) price = price + hop(from, to).cut + hop(to, from).cut;
        ++crossings_;
      }
      traffic_usd += to_usd_per_hour(price) * hours_of_steps;
    }
  }

  const RegionHop& hop(const Place& from, const Place& to) const {
    return costs_.hops[from.first * 2 + to.first];
  }

  void restore() {
    std::set<std::uint32_t> regions;
    for (const Place& place : places(ready_)) regions.insert(place.first);
    for (const std::uint32_t region : regions) {
      restore_requests_usd += to_usd(costs_.per_restore);
      if (region != home_) restores_usd += to_usd(costs_.hops[home_ * 2 + region].restore);
    }
  }

  const Experiment& experiment_;
  const Mix& mix_;
  const SurroundingCosts& costs_;
  const Run& r_;
  int units_ = 0;
  std::map<std::uint32_t, std::uint32_t> ready_, before_;  // pool by instance
  bool trains_ = false;
  bool saved_ = false;
  bool exact_ = true;
  std::uint32_t home_ = 0;
  double done_s_ = 0;
  int crossings_ = 0;
};

double billed(const Run& r, std::initializer_list<BillItem> items) {
  double sum = 0;
  for (const BillLine& line : r.record.bill) {
    if (std::find(items.begin(), items.end(), line.item) != items.end()) sum += to_usd(line.amount);
  }
  return sum;
}

/// One group, so that the weight of a pool is one; every checkpoint full.
Experiment readable(std::uint64_t number, GangKind kind) {
  Experiment experiment = RandomScene(number).make_far();
  Mix& mix = experiment.mixes[0];
  mix.groups.resize(1);
  mix.gang.kind = kind;
  mix.gang.speed.clear();
  mix.gang.stages = std::min(mix.gang.stages, mix.groups[0].count);
  mix.recovery.checkpoint.full_every = 1;
  mix.recovery.checkpoint.kind = CheckpointSpec::Kind::interval;
  return experiment;
}

}  // namespace

TEST_CASE("A naive reader of the timeline finds the same traffic and restores and each charged once",
          "[rule 12]") {
  int restored_far = 0;
  int crossed = 0;
  for (std::uint64_t number = 0; number < 1200; ++number) {
    const Experiment experiment = readable(number, GangKind::rigid);
    const Run r = run(experiment, number);
    INFO("scene " << number);
    Reader reader(experiment, r);
    reader.read();
    if (!reader.exact()) continue;
    REQUIRE(billed(r, {BillItem::cross_zone_transfer, BillItem::cross_region_transfer}) ==
            Approx(reader.traffic_usd).margin(1e-6));
    REQUIRE(billed(r, {BillItem::restore_requests}) == Approx(reader.restore_requests_usd).margin(1e-9));
    REQUIRE(billed(r, {BillItem::restore_transfer}) == Approx(reader.restores_usd).margin(1e-9));
    restored_far += reader.restores_usd > 0 ? 1 : 0;
    crossed += reader.crossings() > 0 ? 1 : 0;
  }
  CHECK(restored_far > 50);
  CHECK(crossed > 50);
}

TEST_CASE("Work done is what was useful and what was lost under every gang whose speed follows its size") {
  int with_losses = 0;
  for (const GangKind kind : {GangKind::rigid, GangKind::elastic, GangKind::templates}) {
    for (std::uint64_t number = 0; number < 500; ++number) {
      const Experiment experiment = readable(number, kind);
      const Run r = run(experiment, number);
      INFO("gang " << static_cast<int>(kind) << ", scene " << number);
      Reader reader(experiment, r);
      reader.read();
      REQUIRE(to_seconds(r.time.useful + r.time.lost_work) == Approx(reader.training_s).margin(1e-3));
      if (kind != GangKind::rigid)
        REQUIRE(billed(r, {BillItem::cross_zone_transfer, BillItem::cross_region_transfer}) ==
                Approx(reader.traffic_usd).margin(1e-6));
      with_losses += r.time.lost_work > Duration{0} ? 1 : 0;
    }
  }
  CHECK(with_losses > 150);
}
