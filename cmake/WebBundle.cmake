# Builds the page of the HTML report from reports/web: its packages are installed beside the build (as the lock file
# pins them), then its code and style are bundled into one file each.
#   spotmix_web_bundle(SCRIPT STYLE)   sets both to the paths of files that are made while building
# Without Node.js, npm or the packages both files are empty: the program works and leaves the HTML report out.
function(spotmix_web_bundle script style)
  set(web "${PROJECT_SOURCE_DIR}/reports/web")
  set(folder "${PROJECT_BINARY_DIR}/web")
  set(${script} "${folder}/report.js" PARENT_SCOPE)
  set(${style} "${folder}/report.css" PARENT_SCOPE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${web}/package-lock.json")
  install_web_packages("${web}" "${folder}" missing)
  if(missing)
    message(WARNING "The HTML report is left out of this build: ${missing}")
    file(WRITE "${folder}/report.js" "")
    file(WRITE "${folder}/report.css" "")
    return()
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${web}/src/*.js" "${web}/src/*.css")
  add_custom_command(
    OUTPUT "${folder}/report.js" "${folder}/report.css"
    COMMAND "${NODE}" "${web}/build.js" "${folder}"
    DEPENDS ${sources} "${web}/build.js" "${folder}/installed"
    COMMENT "Bundling the HTML report's page"
    VERBATIM)
endfunction()

# Installs what package-lock.json pins into FOLDER/node_modules; `missing` says why that could not be done.
function(install_web_packages web folder missing)
  set(${missing} "" PARENT_SCOPE)
  find_program(NODE NAMES node nodejs)
  find_program(NPM npm)
  if(NOT NODE OR NOT NPM)
    set(${missing} "there is no node or no npm (.ci/install-packages build installs both)" PARENT_SCOPE)
    return()
  endif()
  file(SHA256 "${web}/package-lock.json" wanted)
  set(present "")
  if(EXISTS "${folder}/installed")
    file(READ "${folder}/installed" present)
  endif()
  if(present STREQUAL wanted)
    return()
  endif()
  file(MAKE_DIRECTORY "${folder}")
  file(COPY "${web}/package.json" "${web}/package-lock.json" DESTINATION "${folder}")
  message(STATUS "Installing the HTML report's packages with npm")
  execute_process(
    COMMAND "${NPM}" ci --omit=dev --no-audit --no-fund --loglevel=error --fetch-retries=1 --fetch-retry-mintimeout=1000
    WORKING_DIRECTORY "${folder}" RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE output TIMEOUT 300)
  if(NOT result EQUAL 0)
    string(REGEX REPLACE "\n.*" "" first_line "${output}")
    set(${missing} "npm ci failed in ${folder} (${first_line})" PARENT_SCOPE)
    return()
  endif()
  file(WRITE "${folder}/installed" "${wanted}")
endfunction()
