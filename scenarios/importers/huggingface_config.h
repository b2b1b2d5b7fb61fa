// A Hugging Face config.json: the sizes of a transformer under the names that its family uses.
#pragma once

#include <filesystem>

#include "base/result/problem.h"
#include "models/workload/huggingface.h"

namespace spotmix::scenarios {

/// What the file says of the model's shape. A key that is neither read nor known to leave the shape alone is
/// a problem that names it, since it may change what is computed; so are values of the wrong type. All of
/// them at once.
Result<models::HuggingFaceConfig> read_huggingface_config(const std::filesystem::path& file);

}  // namespace spotmix::scenarios
