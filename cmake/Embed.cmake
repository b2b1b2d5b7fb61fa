# Makes a file part of a program: spotmix_embed(TARGET FILE FUNCTION) defines `std::string_view FUNCTION()` (with its
# namespaces) that returns the file's bytes. The file may be made while building.
function(spotmix_embed target file function)
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

# The same for JSON files that are read together, sorted by name: a JSON text sequence (RFC 7464).
function(spotmix_embed_sequence target function)
  string(ASCII 30 record_separator)
  list(SORT ARGN)
  set(sequence "")
  foreach(file IN LISTS ARGN)
    file(READ "${file}" text)
    string(APPEND sequence "${record_separator}${text}\n")
  endforeach()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ARGN})
  string(REGEX REPLACE "^.*::" "" name "${function}")
  file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${name}.json-seq" @ONLY CONTENT "@sequence@")
  spotmix_embed(${target} "${CMAKE_CURRENT_BINARY_DIR}/${name}.json-seq" "${function}")
endfunction()
