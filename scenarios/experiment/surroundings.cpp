#include "scenarios/experiment/surroundings.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/units/prefixes.h"
#include "scenarios/experiment/traffic.h"

namespace spotmix::scenarios {
namespace {

constexpr double kHoursPerMonth = 730;
/// docs/rules.md 12: S3 and EBS gp3.
constexpr double kS3 = 0.023;
constexpr double kEbs = 0.08;
/// Amazon's price lists of us-east-1: EBS snapshots, standard tier; PUT and GET requests of S3 Standard.
constexpr double kSnapshot = 0.05;
constexpr double kThousandPuts = 0.005;
constexpr double kThousandGets = 0.0004;
/// Large objects go up and come down in parts of this size, by default of the AWS command line.
constexpr double kPartBytes = 8 * 1048576.0;
/// S3 takes no more of them for one object.
constexpr double kMostParts = 10000;

double usd_per_h(double bytes, double usd_per_gb_month) {
  return bytes / kBytesPerGigabyte * usd_per_gb_month / kHoursPerMonth;
}

double parts(double bytes, const CheckpointSettings& settings) {
  const double part = std::max(settings.part_bytes.value_or(kPartBytes), bytes / kMostParts);
  return std::max(1.0, std::ceil(bytes / part));
}

/// One request, or one for each part and two that begin and end the upload.
double put_requests(double bytes, const CheckpointSettings& settings) {
  const double count = parts(bytes, settings);
  return count == 1 ? 1 : count + 2;
}

class SurroundingsBuilder {
 public:
  explicit SurroundingsBuilder(const AssembledMix& assembled)
      : scenario_(assembled.scenario),
        spec_(assembled.spec),
        recovery_(assembled.recovery),
        made_(traffic_of(assembled)) {}

  Surroundings build() {
    made_.costs.batch_is_scaled = spec_.gang.batch_is_scaled;
    add_storage();
    add_requests();
    return std::move(made_);
  }

 private:
  void add_storage() {
    const StoragePrices& prices = scenario_.market.storage;
    const double s3 = prices.s3_usd_per_gb_month.value_or(kS3);
    const double ebs = prices.ebs_usd_per_gb_month.value_or(kEbs);
    const sim::CheckpointSpec& checkpoint = recovery_.spec.checkpoint;
    const bool keeps = spec_.checkpoint.store.has_value() &&
                       (checkpoint.kind != sim::CheckpointSpec::Kind::none || checkpoint.on_notice);
    const double kept_bytes =
        keeps ? spec_.checkpoint.keep.value_or(1) * (recovery_.full_bytes.value_or(0) +
                                                     (checkpoint.full_every - 1) * recovery_.increment_bytes)
              : 0;
    const double image = spec_.storage.image_bytes.value_or(0);
    made_.costs.storage = usd_per_hour(
        usd_per_h(kept_bytes, in_s3() ? s3 : ebs) + usd_per_h(spec_.storage.data_bytes.value_or(0), s3) +
        usd_per_h(image, prices.snapshot_usd_per_gb_month.value_or(kSnapshot)));
    if (made_.costs.storage.nano_usd_per_h > 0 || image > 0 || spec_.storage.volume_bytes) {
      made_.sources.insert(made_.sources.begin(),
                           {"storage prices",
                            models::SourceKind::published,
                            fmt::format("S3 ${:g}, EBS ${:g} per GB and month", s3, ebs),
                            "Amazon S3 and EBS pricing, us-east-1; market.storage changes them",
                            {}});
    }
    made_.costs.volume_per_instance =
        usd_per_hour(usd_per_h(image + spec_.storage.volume_bytes.value_or(0), ebs));
  }

  bool in_s3() const { return spec_.checkpoint.store == CheckpointStore::s3; }

  /// A volume takes writes without requests that are billed.
  void add_requests() {
    const sim::CheckpointSpec& checkpoint = recovery_.spec.checkpoint;
    if (!in_s3() || checkpoint.kind == sim::CheckpointSpec::Kind::continuous || !recovery_.full_bytes) return;
    const StoragePrices& prices = scenario_.market.storage;
    const double put = prices.s3_usd_per_1000_puts.value_or(kThousandPuts) / 1000;
    const double get = prices.s3_usd_per_1000_gets.value_or(kThousandGets) / 1000;
    const double full = *recovery_.full_bytes;
    const double increment = recovery_.increment_bytes;
    made_.costs.per_checkpoint = from_usd(put * put_requests(full, spec_.checkpoint));
    made_.costs.per_increment = from_usd(put * put_requests(increment, spec_.checkpoint));
    made_.costs.per_restore = from_usd(get * parts(full, spec_.checkpoint));
    made_.costs.per_restored_increment = from_usd(get * parts(increment, spec_.checkpoint));
  }

  const Scenario& scenario_;
  const MixSpec& spec_;
  const RecoveryPlan& recovery_;
  Surroundings made_;
};

}  // namespace

Surroundings surroundings_of(const AssembledMix& assembled) {
  return SurroundingsBuilder(assembled).build();
}

}  // namespace spotmix::scenarios
