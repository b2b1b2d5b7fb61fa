// The page's code and style, built from reports/web and linked into the program; empty where it was built
// without npm.
#pragma once

#include <string_view>

namespace spotmix::reports {

std::string_view report_script();
std::string_view report_style();

}  // namespace spotmix::reports
