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

# The same for a file of any content that is made while building.
function(spotmix_embed_built target file function)
  string(REGEX REPLACE "^(.*)::[^:]*$" "\\1" namespace "${function}")
  string(REGEX REPLACE "^.*::" "" name "${function}")
  set(bytes "${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.S")
  file(CONFIGURE OUTPUT "${bytes}" @ONLY CONTENT
[=[    .section .rodata
    .global spotmix_embedded_@name@
    .global spotmix_embedded_@name@_end
spotmix_embedded_@name@:
    .incbin "@file@"
spotmix_embedded_@name@_end:
    .section .note.GNU-stack,"",%progbits
]=])
  set(source "${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.cpp")
  file(CONFIGURE OUTPUT "${source}" @ONLY CONTENT
[=[#include <string_view>

extern "C" {
extern const char spotmix_embedded_@name@[];
extern const char spotmix_embedded_@name@_end[];
}

namespace @namespace@ {

std::string_view @name@();

std::string_view @name@() {
  return {spotmix_embedded_@name@, spotmix_embedded_@name@_end};
}

}  // namespace @namespace@
]=])
  set_source_files_properties("${bytes}" PROPERTIES OBJECT_DEPENDS "${file}")
  target_sources(${target} PRIVATE "${bytes}" "${source}")
endfunction()
