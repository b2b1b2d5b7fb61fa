// What a gang of several instance types can do, by how many instances of each type run.
//
// The types of a mix are numbered by its groups (Group::types). A composition is known by its counts, one for
// each type; what is not listed does not train. All of it is plain data, computed before anything is
// replayed.
#pragma once

#include <cstdint>
#include <vector>

#include "base/units/time.h"
#include "sim/fleet/step_error.h"

namespace spotmix::sim {

/// How long a gang takes to write and to read checkpoints; the members of CheckpointSpec of these names.
struct CheckpointTimes {
  Duration write{0};
  Duration upload{0};
  Duration write_increment{0};
  Duration upload_increment{0};
  Duration read{0};
  Duration read_increment{0};
};

struct Composition {
  /// Work per training time, relative to the composition that Mix::work is stated for; 0: it cannot train.
  double speed = 0;
  CheckpointTimes checkpoint{};
  double cross_zone_speed = 1;    ///< Speed in several zones, relative to one.
  double cross_region_speed = 1;  ///< And in several regions.
  /// Traffic per hour of training, relative to SurroundingCosts::cross_zone_per_boundary and RegionHop::ring.
  double ring_traffic = 1;
  /// And to SurroundingCosts::cross_zone_per_cut and RegionHop::cut.
  double cut_traffic = 1;
  Duration cross_region_read{0};  ///< How much longer reading a full checkpoint takes in another region.
  Duration cross_region_read_increment{0};
  StepErrorSpec step_error{};
};

class Compositions {
 public:
  struct Entry {
    std::vector<int> counts;  ///< Of each type.
    Composition composition;
  };
  /// Counts as one number: the sum of those of single instances.
  __extension__ using Key = unsigned __int128;

  /// None: every gang trains as its mix says.
  Compositions() = default;
  /// REQUIRES: all entries have as many counts, each set of counts once, and keys_fit(entries).
  explicit Compositions(std::vector<Entry> entries);

  /// Whether there are few enough types and instances for a key to hold them.
  static bool keys_fit(const std::vector<Entry>& entries);

  bool empty() const { return entries_.empty(); }
  /// By key.
  const std::vector<Entry>& entries() const { return entries_; }

  /// No step error of a composition makes its steps longer than so many times.
  void limit_step_errors(double most);

  /// Of a single instance of the type.
  Key one(std::uint32_t type) const { return ones_[type]; }
  /// nullptr if the composition is not listed. REQUIRES: no count exceeds the listed ones by more than one.
  const Composition* find(Key key) const;
  bool trains(Key key) const;
  /// Whether it is part of a composition that trains.
  bool leads_to_training(Key key) const;

 private:
  void list_parts();

  std::vector<Entry> entries_;
  std::vector<Key> keys_;   ///< Of the entries, ascending.
  std::vector<Key> ones_;   ///< For each type.
  std::vector<Key> parts_;  ///< Of compositions that train, ascending.
};

}  // namespace spotmix::sim
