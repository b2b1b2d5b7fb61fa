// Pipelines whose instances each shadow their neighbour's stage, so that the loss of one is absorbed: the
// neighbour runs two stages. (Thorpe et al., "Bamboo: Making Preemptible Instances Resilient for Affordable
// Training of Large DNNs", NSDI 2023; the rules are those of its simulator, project_pactum/simulation in
// uclasystem/bamboo.)
//
// Ready instances form pipelines of `stages`, at most max_pipelines; the others wait. When an instance that
// runs one stage is lost, the one before it in the pipeline's ring, which shadows it, takes its stage too.
// After any loss that is not fatal, of one that waits too, steps take doubled_slowdown times as long until
// all meet again: the published simulator does not tell whose step was slowed. The loss of an instance that
// runs two stages, or whose shadow does already, is fatal: all meet again (global_rendezvous). The job
// reconfigures (a pause of `reconfigure`) when as many instances wait as stages are doubled up, when more
// than one in forty active instances is doubled up, or when another pipeline fits.
//
// Every pipeline holds the whole state, and so do the instances of one that had too few to go on: a fatal
// loss undoes work only when no other pipeline is whole, and so does the loss of the last that waits. Then
// all restart from the checkpoint. (The published simulator keeps all work: continuous checkpoints say
// so.)
#include <algorithm>
#include <vector>

#include "sim/training/gang.h"

namespace spotmix::sim::gangs {
namespace {

class RedundantPipelines final : public Gang {
 public:
  explicit RedundantPipelines(const GangSpec& spec)
      : spec_(spec), stages_(static_cast<std::size_t>(spec.stages)) {}

  void reset() override {
    slowed_ = has_state_ = false;
    composition_ = nullptr;
    pipelines_.clear();
    waiting_.clear();
  }

  GangPlan plan(const Fleet& fleet, const GangChange& change) override {
    bool fatal = false;
    for (const std::uint32_t s : change.left) {
      if (lose(s) == Loss::fatal) fatal = true;
      slowed_ = true;
    }
    GangPlan plan;
    plan.undoes_work = has_state_ && !state_is_left();
    waiting_.insert(waiting_.end(), change.joined.begin(), change.joined.end());

    const bool had_pipelines = change.active && !pipelines_.empty();
    if (fatal || !had_pipelines) {
      plan.reads_checkpoint = plan.undoes_work || !has_state_;
      plan.pause = spec_.global_rendezvous + (plan.reads_checkpoint ? change.restart : Duration{0});
      rebuild(fleet);
    } else if (wants_to_reconfigure()) {
      rebuild(fleet);
      plan.pause = spec_.reconfigure;
    }
    plan.trains = !pipelines_.empty();
    if (plan.trains && fleet.has_compositions()) plan = on_composition(plan, composition_);
    if (plan.undoes_work) has_state_ = false;
    if (plan.trains) has_state_ = true;
    if (plan.trains) {
      const double whole =
          plan.composition != nullptr ? plan.composition->speed : spec_.speed[pipelines_.size()];
      plan.speed = speed_of(whole / (slowed_ ? spec_.doubled_slowdown : 1));
    }
    return plan;
  }

 private:
  enum class Loss { none, absorbed, fatal };

  struct Member {
    std::uint32_t slot = 0;
    int stages = 1;
  };
  /// Members in the order of their stages, as a ring; each shadows the one after it.
  using Pipeline = std::vector<Member>;

  Loss lose(std::uint32_t s) {
    const auto waiting = std::find(waiting_.begin(), waiting_.end(), s);
    if (waiting != waiting_.end()) {
      waiting_.erase(waiting);
      return Loss::none;
    }
    for (Pipeline& pipeline : pipelines_) {
      const auto at =
          std::find_if(pipeline.begin(), pipeline.end(), [&](const Member& m) { return m.slot == s; });
      if (at == pipeline.end()) continue;
      const auto i = static_cast<std::size_t>(at - pipeline.begin());
      const std::size_t n = pipeline.size();
      Member& before = pipeline[(i + n - 1) % n];
      const bool fatal = n == 1 || at->stages > 1 || before.stages > 1;
      if (!fatal) before.stages += at->stages;
      pipeline.erase(at);
      return fatal ? Loss::fatal : Loss::absorbed;
    }
    return Loss::none;
  }

  bool state_is_left() const {
    if (pipelines_.empty()) return !waiting_.empty();
    return std::any_of(pipelines_.begin(), pipelines_.end(), [&](const Pipeline& pipeline) {
      std::size_t held = 0;
      for (const Member& member : pipeline) held += static_cast<std::size_t>(member.stages);
      return held == stages_;
    });
  }

  /// Stages that are run by an instance that also runs another.
  std::size_t doubled() const {
    std::size_t sum = 0;
    for (const Pipeline& pipeline : pipelines_) sum += stages_ - pipeline.size();
    return sum;
  }

  bool wants_to_reconfigure() const {
    const std::size_t active = pipelines_.size() * stages_ - doubled();
    const bool as_many_wait = doubled() > 0 && waiting_.size() >= doubled();
    const bool too_many_doubled = doubled() * 40 > active;
    const bool another_fits = pipelines_.size() < static_cast<std::size_t>(spec_.max_pipelines) &&
                              active + waiting_.size() >= (pipelines_.size() + 1) * stages_;
    return as_many_wait || too_many_doubled || another_fits;
  }

  void rebuild(const Fleet& fleet) {
    slowed_ = false;
    std::vector<std::uint32_t> ready;
    for (const Pipeline& pipeline : pipelines_) {
      for (const Member& member : pipeline) ready.push_back(member.slot);
    }
    ready.insert(ready.end(), waiting_.begin(), waiting_.end());
    const std::size_t count = std::min(ready.size() / stages_, static_cast<std::size_t>(spec_.max_pipelines));
    pipelines_.assign(count, {});
    for (std::size_t i = 0; i < count * stages_; ++i) pipelines_[i / stages_].push_back({ready[i], 1});
    waiting_.assign(ready.begin() + static_cast<std::ptrdiff_t>(count * stages_), ready.end());
    composition_ = fleet.composition_in(std::span(ready).first(count * stages_));
  }

  GangSpec spec_;
  std::size_t stages_;
  std::vector<Pipeline> pipelines_;
  std::vector<std::uint32_t> waiting_;
  const Composition* composition_ = nullptr;  ///< of the pipelines as they were formed
  bool slowed_ = false;
  bool has_state_ = false;  ///< what was trained is held by some instance
};

}  // namespace

std::unique_ptr<Gang> redundant_pipelines(const GangSpec& spec) {
  return std::make_unique<RedundantPipelines>(spec);
}

}  // namespace spotmix::sim::gangs
