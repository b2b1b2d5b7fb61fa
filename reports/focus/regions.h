// AWS regions: which one a zone lies in, and what it is called.
#pragma once

#include <string>
#include <string_view>

namespace spotmix::reports::focus {

/// "us-east-1" for "us-east-1a" and for the local zone "us-east-1-bos-1a"; empty for a zone that is not
/// named so.
std::string region_of(std::string_view zone);

/// AWS's name for it, such as "US East (N. Virginia)"; empty when it is not known here.
std::string_view region_name(std::string_view region);

}  // namespace spotmix::reports::focus
