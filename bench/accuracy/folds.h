// Which rows cross-validation leaves out.
//
// A row belongs to one of five folds by what it measures (its shape, size, rank count or configuration), the
// same on every device and for every source. The rows of one fold are predicted by what was fitted without
// that fold and, where two fifths are left out, without the next one: as sparse as a table of which two rows
// in five are kept aside.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace spotmix::accuracy {

enum class Fit {
  shipped,          ///< The folder is only scored; every constant is the one that ships.
  cross_validated,  ///< Fitted without two fifths of the rows.
  cross_validated_without_one_fifth,
};

inline constexpr unsigned kFolds = 5;

/// Whether rows of `fold` are kept from the fit that predicts the rows of fold `scored`.
constexpr bool is_left_out(Fit fit, unsigned fold, unsigned scored) {
  const unsigned left_out = fit == Fit::shipped ? 0 : fit == Fit::cross_validated ? 2 : 1;
  return (fold + kFolds - scored) % kFolds < left_out;
}

/// By a hash that is the same on every machine.
unsigned fold_of_sizes(std::span<const std::int64_t> sizes);
unsigned fold_of_text(std::string_view text);

/// Of a message: all sizes of one octave are in one fold.
unsigned fold_of_octave(double bytes);

}  // namespace spotmix::accuracy
