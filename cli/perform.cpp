#include "cli/perform.h"

#include <exception>

#include "cli/arguments.h"
#include "cli/messages.h"
#include "cli/output.h"
#include "cli/verbs.h"

namespace spotmix::cli {
namespace {

struct Perform {
  ExitCode operator()(const Text& text) const {
    print(text.text);
    return ExitCode::done;
  }
  ExitCode operator()(const RunOptions& options) const { return run(options); }
  ExitCode operator()(const ValidateOptions& options) const { return validate(options); }
  ExitCode operator()(const ExplainOptions& options) const { return explain(options); }
  ExitCode operator()(const ImportOptions& options) const { return import(options); }
  ExitCode operator()(const CatalogOptions& options) const { return catalog(options); }
  ExitCode operator()(const ProfileOptions& options) const { return profile(options); }
  ExitCode operator()(const TraceOptions& options) const { return trace(options); }
  ExitCode operator()(const CheckOptions& options) const { return check(options); }
  ExitCode operator()(const ReportOptions& options) const { return report(options); }
  ExitCode operator()(const NewOptions& options) const { return new_scenario(options); }
  ExitCode operator()(const ExamplesOptions& options) const { return examples(options); }
  ExitCode operator()(const DiffOptions& options) const { return diff(options); }
};

}  // namespace

ExitCode perform(int argc, const char* const* argv) {
  try {
    return std::visit(Perform{}, parse_arguments(argc, argv));
  } catch (const BadArguments& error) {
    say_error(error.what());
    return ExitCode::bad_input;
  } catch (const std::exception& error) {
    say_error(error.what());
    return ExitCode::failed;
  }
}

}  // namespace spotmix::cli
