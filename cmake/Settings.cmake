# Compiler settings that every target shares.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# Assertions are on, also in the tests. What they cost has not been measured; -DSPOTMIX_ASSERTIONS=OFF leaves them out.
option(SPOTMIX_ASSERTIONS "Check preconditions while running" ON)
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
if(NOT SPOTMIX_ASSERTIONS)
  string(APPEND CMAKE_CXX_FLAGS_RELEASE " -DNDEBUG")
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # The sloppiness is what ccache asks for to keep objects that precompiled headers went into. Such a header is told from
  # another by the sum beside it (spotmix_precompile), and paths count from the checkout: one checkout serves another.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros
    CCACHE_PCH_EXTSUM=1 CCACHE_NOHASHDIR=1 "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" "${CCACHE}")
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(spotmix_settings INTERFACE)
target_include_directories(spotmix_settings INTERFACE "${CMAKE_SOURCE_DIR}")
# -ffp-contract=off: the same bits on machines with and without fused multiply-add.
target_compile_options(spotmix_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Werror -ffp-contract=off)
# GCC 12 sees overlaps in std::string's operator+ that are not there (GCC bug 105651), and writes beyond a string.
target_compile_options(spotmix_settings INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow>)

set(SPOTMIX_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize takes them")
if(SPOTMIX_SANITIZE)
  # -Wno-maybe-uninitialized: with sanitizers g++ 12 sees ghosts in <regex> and <functional>.
  target_compile_options(spotmix_settings INTERFACE
    -fsanitize=${SPOTMIX_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -Wno-maybe-uninitialized)
  target_link_options(spotmix_settings INTERFACE -fsanitize=${SPOTMIX_SANITIZE})
endif()

# spotmix_precompile(NAME LIBRARY… HEADERS HEADER…): a target whose precompiled headers others reuse, of a compiler that
# sees the LIBRARIES. Beside them stands the sum that names what they are: the headers, the compiler, its options, and
# the versions of the packages that they belong to.
function(spotmix_precompile name)
  cmake_parse_arguments(PARSE_ARGV 1 parse "" "" "HEADERS")
  file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp" CONTENT "")
  add_library(${name} STATIC "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp")
  target_link_libraries(${name} PUBLIC spotmix_settings ${parse_UNPARSED_ARGUMENTS})
  target_precompile_headers(${name} PRIVATE ${parse_HEADERS})
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  string(SHA256 sum "${parse_HEADERS};${CMAKE_CXX_COMPILER_VERSION};${CMAKE_CXX_FLAGS};${CMAKE_CXX_FLAGS_${type}};\
${SPOTMIX_SANITIZE};${fmt_VERSION};${nlohmann_json_VERSION};${Catch2_VERSION}")
  file(GENERATE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${name}.dir/cmake_pch.hxx.gch.sum" CONTENT "${sum}\n")
endfunction()

# Most of what a file costs the compiler is the headers that it reads. Neighbours are therefore compiled together, as many
# as a change of one of them can afford; names in their unnamed namespaces must differ. clang-tidy reads each by itself.
option(SPOTMIX_UNITY "Compile the files of a folder in groups" ON)
set(SPOTMIX_UNITY_BYTES 40000) # of source in a group

# spotmix_group(TARGET SOURCE…): the sources, by folder and name, in groups that are compiled together.
function(spotmix_group target)
  if(NOT SPOTMIX_UNITY)
    return()
  endif()
  list(SORT ARGN)
  set(folder "")
  set(number 0)
  set(bytes 0)
  foreach(source IN LISTS ARGN)
    cmake_path(GET source PARENT_PATH parent)
    file(SIZE "${source}" size)
    math(EXPR bytes "${bytes} + ${size}")
    if(NOT parent STREQUAL folder OR bytes GREATER SPOTMIX_UNITY_BYTES)
      math(EXPR number "${number} + 1")
      set(folder "${parent}")
      set(bytes "${size}")
    endif()
    set_source_files_properties("${source}" PROPERTIES UNITY_GROUP "${number}")
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()

# spotmix_floor(NAME LIBRARY…): every .cpp below the calling folder, as the static library spotmix_NAME.
function(spotmix_floor name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  add_library(spotmix_${name} STATIC ${sources})
  spotmix_group(spotmix_${name} ${sources})
  target_link_libraries(spotmix_${name} PUBLIC spotmix_settings ${ARGN})
  target_precompile_headers(spotmix_${name} REUSE_FROM spotmix_headers)
endfunction()
