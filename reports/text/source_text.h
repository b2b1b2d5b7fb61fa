// Where a figure comes from, in words.
#pragma once

#include <string>

#include "models/provenance/source.h"

namespace spotmix::reports {

/// "published", "measured here", …
std::string kind_text(models::SourceKind kind);

/// "median error 6.1 %", or nothing where it is not known.
std::string error_text(const models::Source& source);

/// "matrix products: published, V100-SXM2-16GB in fp32; cublas (DeepBench); median error 4.1 %".
std::string source_text(const models::Source& source);

}  // namespace spotmix::reports
