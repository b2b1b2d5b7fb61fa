// JSON text sequences (RFC 7464): several JSON texts in one file, each after a record separator.
#pragma once

#include <string_view>
#include <vector>

namespace spotmix {

/// The texts of `sequence`, in order. REQUIRES: each begins with a record separator. Valid as long as
/// `sequence`.
std::vector<std::string_view> texts_of_sequence(std::string_view sequence);

}  // namespace spotmix
