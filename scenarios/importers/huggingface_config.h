// A Hugging Face config.json: the sizes of a transformer under the names that its family uses.
#pragma once

#include <filesystem>

#include "base/result/problem.h"
#include "models/workload/huggingface.h"

namespace spotmix::scenarios {

/// What the file says of the model's shape; of a model of several kinds of input, what it says of the text
/// model. Keys that no family reads as a size are listed; sizes of other families and values of the wrong
/// type are problems, all of them at once. Python's NaN and Infinity are read.
Result<models::HuggingFaceConfig> read_huggingface_config(const std::filesystem::path& file);

}  // namespace spotmix::scenarios
