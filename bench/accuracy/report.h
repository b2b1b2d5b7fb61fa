// The scores as one JSON document or as a table for people.
#pragma once

#include <span>
#include <string>

#include "bench/accuracy/score.h"

namespace spotmix::accuracy {

/// {"tables": [{"table", "subset", "rows", "scored", "skipped": {reason: count}, "mape", …}]}; errors are
/// fractions, null where a key does not apply.
std::string to_json(std::span<const Score> scores);

/// One line per subset, errors in percent, and a line per reason for skipped rows.
std::string to_text(std::span<const Score> scores);

/// The scored rows that have a label, one line each: table, subset, label, measured, predicted, error in
/// percent, separated by tabs.
std::string rows_to_text(std::span<const Score> scores);

}  // namespace spotmix::accuracy
