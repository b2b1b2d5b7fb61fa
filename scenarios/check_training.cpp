#include "scenarios/check_training.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json/json_text.h"
#include "base/text/nearest.h"
#include "models/parallelism/experts.h"
#include "models/parallelism/parallelism.h"
#include "models/parallelism/stages.h"
#include "scenarios/experiment/amount.h"
#include "scenarios/experiment/workload.h"

namespace spotmix::scenarios {
namespace {

class WorkloadChecker {
 public:
  WorkloadChecker(const Scenario& scenario, Problems& problems)
      : scenario_(scenario), spec_(scenario.workload), problems_(problems) {}

  void check() {
    check_model();
    check_amount();
    for (const PhaseSpec& phase : spec_.phases) check_phase(phase);
    if (spec_.target) check_target();
    check_rates();
  }

 private:
  void add(const std::string& path, std::string message) {
    problems_.push_back({scenario_.file.string(), path, std::move(message)});
  }

  void check_rates() {
    const auto& rates = spec_.given_rates;
    for (std::size_t i = 0; i < rates.size(); ++i) {
      const auto same = [&](const GivenRate& other) { return other.cluster == rates[i].cluster; };
      if (std::any_of(rates.begin(), rates.begin() + static_cast<std::ptrdiff_t>(i), same))
        add(key_path(item_path("workload.samples_per_s", i), "cluster"),
            "found the same cluster a second time, expected each once");
    }
  }

  void check_model() {
    if (spec_.model_is_object && spec_.huggingface.has_value() == spec_.layers.has_value()) {
      add("workload.model", fmt::format("found {} of \"huggingface\" and \"layers\", expected exactly one",
                                        spec_.layers ? "both" : "neither"));
      return;
    }
    if (spec_.layers && !keys_fit_forms()) return;
    if (spec_.layers && spec_.layers->layers.empty()) return;
    if (!spec_.has_model()) return;
    check_sizes(sizes_of(spec_), "workload");
    for (const PhaseSpec& phase : spec_.phases) {
      const SampleSizes given{phase.image_size, phase.sequence_length};
      if (given.image_size || given.sequence_length) check_sizes(given, phase.path);
    }
  }

  /// Sizes that the model does not take would change nothing.
  void check_sizes(const SampleSizes& given, const std::string& path) {
    const Result<models::Workload> made = workload_of(scenario_, given);
    append(problems_, made.problems);
    if (!made) return;
    const auto check_size = [&](const char* key, std::optional<int> size, int used) {
      if (!size || *size == used) return;
      const std::string& name = made.value->name;
      const std::string why = used == 0 ? fmt::format("{} takes no {}", name, key)
                                        : fmt::format("that of {} is always {}", name, used);
      add(key_path(path, key), fmt::format("found {}, expected none: {}", *size, why));
    };
    check_size("image_size", given.image_size, made.value->image_size);
    check_size("sequence_length", given.sequence_length, made.value->sequence_length);
  }

  /// Every layer has what its kind needs and nothing that its kind does not know.
  bool keys_fit_forms() {
    const std::size_t before = problems_.size();
    const auto& layers = spec_.layers->layers;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const std::string path = item_path("workload.model.layers", i);
      const std::vector<std::string>& given = layers[i].keys;
      const auto is_given = [&](const std::string& key) {
        return std::find(given.begin(), given.end(), key) != given.end();
      };
      if (!is_given("kind")) {
        add(key_path(path, "kind"), "found nothing, expected " + one_of(names_of<models::LayerForm>()));
        continue;
      }
      if (!layers[i].form) continue;  // said already
      const models::LayerForm form = *layers[i].form;
      models::FormKeys keys = models::keys_of(form);
      for (const std::string& key : keys.required) {
        if (!is_given(key)) {
          add(key_path(path, key),
              fmt::format("found nothing, expected a whole number: {} needs it", name_of(form)));
        }
      }
      std::vector<std::string> known = keys.required;
      known.insert(known.end(), keys.optional.begin(), keys.optional.end());
      for (const std::string& key : given) {
        const bool common = key == "kind" || key == "name" || key == "repeat";
        if (common || std::find(known.begin(), known.end(), key) != known.end()) continue;
        add(key_path(path, key),
            fmt::format("found a key that {} does not have, expected {}", name_of(form), one_of(known)));
      }
    }
    return problems_.size() == before;
  }

  void check_amount() {
    const int amounts = spec_.amount.given() + static_cast<int>(spec_.target.has_value()) +
                        static_cast<int>(!spec_.phases.empty());
    if (amounts != 1) {
      add("workload",
          fmt::format("found {} of \"samples\", \"steps\", \"epochs\", \"tokens\", \"target\" and "
                      "\"phases\", expected exactly one",
                      amounts == 0 ? "none" : "several"));
    }
    if (spec_.global_batch && spec_.batch_per_device) {
      add("workload.batch_per_device", "found besides \"global_batch\", expected only one of the two");
    }
    check_units(spec_.amount, spec_.global_batch || spec_.batch_per_device, "workload.global_batch");
  }

  void check_units(const AmountSpec& amount, bool has_batch, const std::string& batch_path) {
    if (amount.steps && !has_batch)
      add(batch_path, "found nothing, expected the samples of one step, since \"steps\" is given");
    if (amount.epochs && !spec_.samples_per_epoch)
      add("workload.samples_per_epoch",
          "found nothing, expected a number of samples, since \"epochs\" is given");
  }

  void check_phase(const PhaseSpec& phase) {
    if (phase.amount.given() != 1) {
      add(phase.path, fmt::format("found {} of \"samples\", \"steps\" and \"epochs\", expected exactly one",
                                  phase.amount.given() == 0 ? "none" : "several"));
    }
    if (phase.global_batch && phase.batch_per_device)
      add(key_path(phase.path, "batch_per_device"),
          "found besides \"global_batch\", expected only one of the two");
    const bool has_batch =
        phase.global_batch || phase.batch_per_device || spec_.global_batch || spec_.batch_per_device;
    check_units(phase.amount, has_batch, key_path(phase.path, "global_batch"));
  }

  void check_target() {
    const TargetSpec& target = *spec_.target;
    const bool given = target.amount.given() > 0;
    if (target.amount.given() > 1)
      add("workload.target", "found both \"samples\" and \"epochs\", expected one of the two");
    if (target.benchmark && given) {
      add("workload.target.benchmark", "found besides the target's own amount, expected only one of the two");
    }
    if (target.critical_batch && !given) {
      add("workload.target.critical_batch",
          "found without the target's \"samples\" or \"epochs\", expected one of them beside it");
    }
    if (given && target.critical_batch && !spec_.global_batch && !spec_.batch_per_device) {
      add("workload.global_batch",
          "found nothing, expected the samples of one step: the target depends on it");
    }
    if (target.amount.epochs && !spec_.samples_per_epoch)
      add("workload.samples_per_epoch",
          "found nothing, expected a number of samples, since \"epochs\" is given");
    if (const auto problem = target_problem(spec_))
      add(problem->key.empty() ? "workload.target" : "workload.target." + problem->key, problem->message);
  }

  const Scenario& scenario_;
  const WorkloadSpec& spec_;
  Problems& problems_;
};

class ParallelismChecker {
 public:
  ParallelismChecker(const Scenario& scenario, Problems& problems)
      : scenario_(scenario), spec_(*scenario.parallelism), problems_(problems) {}

  void check() {
    const models::Parallelism& p = spec_.settings;
    check_schedule(p);
    if (p.sequence_parallel && spec_.gives("tensor") && p.tensor == 1)
      add("sequence_parallel", "found true without tensor parallelism, expected \"tensor\" of at least 2");
    if (p.data > 0 && p.data % p.expert != 0)
      add("expert", fmt::format("found {}, expected a number that divides data, {}", p.expert, p.data));
    check_model(p);
    check_sync(p);
  }

 private:
  void add(const std::string& key, std::string message) {
    problems_.push_back({scenario_.file.string(), key_path("parallelism", key), std::move(message)});
  }

  void check_schedule(const models::Parallelism& p) {
    const bool interleaved = p.schedule == models::PipelineSchedule::interleaved;
    const bool undivided = spec_.gives("pipeline") && p.pipeline == 1;
    if (spec_.gives("schedule") && undivided) {
      add("schedule", "found a schedule without a pipeline, expected \"pipeline\" of at least 2");
      return;
    }
    if (spec_.gives("schedule") && !interleaved && p.chunks > 1)
      add("chunks", "found chunks without \"schedule\": \"interleaved\", expected them only with it");
    if (interleaved && spec_.gives("chunks") && p.chunks < 2)
      add("chunks", fmt::format("found {}, expected at least 2 with the interleaved schedule", p.chunks));
    if (spec_.gives("stage_layers") && undivided)
      add("stage_layers", "found layers of stages without a pipeline, expected \"pipeline\" of at least 2");
  }

  /// What the model itself cannot be divided by; nothing where the model is not known.
  void check_model(const models::Parallelism& p) {
    if (!scenario_.workload.has_model()) return;
    const auto workload = workload_of(scenario_, sizes_of(scenario_.workload));
    if (!workload) return;
    const bool recomputable = std::any_of(workload.value->layers.begin(), workload.value->layers.end(),
                                          [](const models::Layer& layer) { return layer.recomputable; });
    if (p.recompute != models::Recompute::none && !recomputable)
      add("recompute", fmt::format("found {}, expected \"none\": {} has no layers that are computed again",
                                   in_quotes(name_of(p.recompute)), workload.value->name));
    if (const auto problem = models::tensor_problem(*workload.value, p.tensor))
      add("tensor", fmt::format("found {}, expected another: {}", p.tensor, *problem));
    const bool staged = p.pipeline > 1 && models::pipeline_pieces(p) <= models::layer_count(*workload.value);
    const auto uneven = staged ? models::stage_problem(*workload.value, p) : std::nullopt;
    if (uneven) add("stage_layers", *uneven);
    if (const auto problem = models::expert_problem(*workload.value, p.expert))
      add("expert", fmt::format("found {}, expected another: {}", p.expert, *problem));
  }

  void check_sync(const models::Parallelism& p) {
    using models::GradientSync;
    const bool served = p.gradient_sync == GradientSync::parameter_server;
    const bool averaged = p.gradient_sync == GradientSync::periodic_average;
    for (const char* key : {"servers", "asynchronous"}) {
      if (spec_.sync_gives(key) && !served)
        add(fmt::format("gradient_sync.{}", key),
            "found without \"kind\": \"parameter_server\", expected only with it");
    }
    if (spec_.sync_gives("every") && !averaged)
      add("gradient_sync.every", "found without \"kind\": \"periodic_average\", expected only with it");
    if (spec_.sync_gives("bucket_mib") && (served || averaged || !p.overlap)) {
      add("gradient_sync.bucket_mib",
          "found a size of buckets where none are filled, expected it only with all_reduce that overlaps");
    }
    if ((served || averaged) && (p.tensor > 1 || p.pipeline > 1 || p.expert > 1)) {
      add("gradient_sync.kind",
          "found a parameter server or a driver with a model that is divided, expected \"all_reduce\"");
    }
    if ((served || averaged) && p.sharding != models::Sharding::none) {
      add("gradient_sync.kind",
          "found a parameter server or a driver with sharding, expected \"all_reduce\"");
    }
  }

  const Scenario& scenario_;
  const ParallelismSpec& spec_;
  Problems& problems_;
};

/// Groups that are parameter servers, and the gradient exchange that has any.
void check_roles(const Scenario& scenario, Problems& problems) {
  const auto add = [&](const std::string& path, std::string message) {
    problems.push_back({scenario.file.string(), path, std::move(message)});
  };
  const bool served = scenario.parallelism &&
                      scenario.parallelism->settings.gradient_sync == models::GradientSync::parameter_server;
  for (const MixSpec& mix : scenario.mixes) {
    std::size_t servers = 0;
    for (std::size_t j = 0; j < mix.groups.size(); ++j) {
      if (mix.groups[j].role != GroupRole::parameter_server) continue;
      ++servers;
      const std::string path = key_path(item_path(key_path(mix.path, "groups"), j), "role");
      if (!served) {
        add(path,
            "found a parameter server, expected \"parallelism\": {\"gradient_sync\": {\"kind\": "
            "\"parameter_server\"}} with it");
      } else if (scenario.parallelism->sync_gives("servers")) {
        add(path,
            "found a parameter server besides parallelism.gradient_sync.servers, which run beside the "
            "workers, expected only one of the two");
      }
      if (mix.gang.kind != sim::GangKind::rigid)
        add(path, "found a parameter server in a gang that changes its size, expected a rigid one");
    }
    if (servers > 0 && servers == mix.groups.size())
      add(key_path(mix.path, "groups"), "found only parameter servers, expected workers too");
  }
}

}  // namespace

void check_training(const Scenario& scenario, Problems& problems) {
  WorkloadChecker(scenario, problems).check();
  if (scenario.parallelism) ParallelismChecker(scenario, problems).check();
  check_roles(scenario, problems);
}

}  // namespace spotmix::scenarios
