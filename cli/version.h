// The program's version; CMakeLists.txt sets it.
#pragma once

namespace spotmix::cli {

extern const char* const kVersion;

}  // namespace spotmix::cli
