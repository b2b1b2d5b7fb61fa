// One function for each verb; each lives in a file of its own.
#pragma once

#include "cli/arguments.h"
#include "cli/exit_code.h"

namespace spotmix::cli {

ExitCode run(const RunOptions& options);
ExitCode validate(const ValidateOptions& options);
ExitCode explain(const ExplainOptions& options);
ExitCode import(const ImportOptions& options);
ExitCode catalog(const CatalogOptions& options);
ExitCode profile(const ProfileOptions& options);
ExitCode trace(const TraceOptions& options);
ExitCode check(const CheckOptions& options);
ExitCode report(const ReportOptions& options);
ExitCode new_scenario(const NewOptions& options);
ExitCode examples(const ExamplesOptions& options);
ExitCode diff(const DiffOptions& options);

}  // namespace spotmix::cli
