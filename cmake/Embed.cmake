# Makes a text file part of a program: spotmix_embed(TARGET FILE FUNCTION) defines
# `std::string_view FUNCTION()` (with its namespaces) that returns the file's text.
function(spotmix_embed target file function)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
  file(READ "${file}" text)
  string(REGEX REPLACE "^(.*)::[^:]*$" "\\1" namespace "${function}")
  string(REGEX REPLACE "^.*::" "" name "${function}")
  set(source "${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.cpp")
  file(CONFIGURE OUTPUT "${source}" @ONLY CONTENT
[=[#include <string_view>

namespace @namespace@ {

std::string_view @name@();

std::string_view @name@() {
  return R"embedded(@text@)embedded";
}

}  // namespace @namespace@
]=])
  target_sources(${target} PRIVATE "${source}")
endfunction()
