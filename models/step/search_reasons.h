// Why one way to divide a step is faster than another, in words.
#pragma once

#include <string>

#include "models/step/step.h"

namespace spotmix::models {

/// "data 4 × tensor 2".
std::string shape_text(const Parallelism& parallelism);

/// "+18 %: tensor all-reduce crosses nodes": where `slower` loses most against `faster`.
std::string lost_by(const StepBreakdown& slower, const StepBreakdown& faster, const Workload& workload,
                    int devices_per_node);

/// What speaks for the way in which `best` divides the model: "its all-reduces stay inside one node".
/// `obstacle`: what forbids pure data parallelism, empty where it can run.
std::string won_by(const StepBreakdown& best, int devices_per_node, const std::string& obstacle);

}  // namespace spotmix::models
