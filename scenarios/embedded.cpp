#include "scenarios/embedded.h"

extern "C" {
// NOLINTBEGIN(readability-identifier-naming): as CMakeLists.txt names them
extern const char spotmix_data_scenario_schema[];
extern const char spotmix_data_scenario_schema_end[];
extern const char spotmix_data_trace_schema[];
extern const char spotmix_data_trace_schema_end[];
extern const char spotmix_data_processor_profile[];
extern const char spotmix_data_processor_profile_end[];
extern const char spotmix_data_published_profiles[];
extern const char spotmix_data_published_profiles_end[];
extern const char spotmix_data_spot_advisor[];
extern const char spotmix_data_spot_advisor_end[];
extern const char spotmix_data_catalog[];
extern const char spotmix_data_catalog_end[];
// NOLINTEND(readability-identifier-naming)
}

namespace spotmix::scenarios {

std::string_view scenario_schema_text() {
  return {spotmix_data_scenario_schema, spotmix_data_scenario_schema_end};
}

std::string_view trace_schema_text() {
  return {spotmix_data_trace_schema, spotmix_data_trace_schema_end};
}

std::string_view processor_profile_text() {
  return {spotmix_data_processor_profile, spotmix_data_processor_profile_end};
}

std::string_view published_profiles_text() {
  return {spotmix_data_published_profiles, spotmix_data_published_profiles_end};
}

std::string_view spot_advisor_text() {
  return {spotmix_data_spot_advisor, spotmix_data_spot_advisor_end};
}

std::string_view catalog_text() {
  return {spotmix_data_catalog, spotmix_data_catalog_end};
}

}  // namespace spotmix::scenarios
