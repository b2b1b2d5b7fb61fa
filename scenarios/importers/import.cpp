#include "scenarios/import.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/files/read_file.h"
#include "base/text/nearest.h"
#include "base/text/text_values.h"
#include "scenarios/importers/catalog_tables.h"
#include "scenarios/importers/fleets.h"
#include "scenarios/importers/formats.h"
#include "scenarios/importers/nccl_tests.h"
#include "scenarios/provider/spot_advisor.h"

namespace spotmix::scenarios {
namespace {

std::string stem_of(std::filesystem::path path) {
  path = path.filename();
  while (path.extension() == ".gz" || path.extension() == ".zst" || path.extension() == ".json" ||
         path.extension() == ".csv" || path.extension() == ".txt") {
    path = path.stem();
  }
  return path.string();
}

Result<std::vector<ImportedFile>> read_inputs(const std::vector<std::filesystem::path>& inputs) {
  std::vector<ImportedFile> files;
  Problems problems;
  for (const std::filesystem::path& input : inputs) {
    Result<std::string> text = read_text(input, kDataBytesLimit);
    append(problems, text.problems);
    if (text) files.push_back({input.string(), stem_of(input), std::move(*text.value)});
  }
  if (!problems.empty()) return problems;
  return files;
}

Result<Imported> import_tables(const std::vector<ImportedFile>& files) {
  const ImportedFile* table = nullptr;
  const ImportedFile* history = nullptr;
  for (const ImportedFile& file : files) {
    if (is_instance_table(file.text)) table = &file;
    if (is_price_history(file.text)) history = &file;
  }
  if (table == nullptr || history == nullptr || files.size() != 2) {
    return Problem{files.front().name, "",
                   "found a table of the catalogue, expected exactly two inputs: the instance table and the "
                   "price history"};
  }
  Result<std::string> text = import_catalog(table->name, table->text, history->name, history->text);
  if (!text) return text.problems;
  return Imported{std::move(*text.value),
                  {fmt::format("catalogue from {} and {}", table->name, history->name)}};
}

Result<ImportedPools> import_own_trace(const ImportedFile& file) {
  Result<Trace> trace = parse_trace(file.name, file.text);
  if (!trace) return trace.problems;
  return ImportedPools{std::move(trace.value->pools), trace.value->dated};
}

Result<ImportedPools> import_one(const ImportedFile& file, const ImportOptions& options) {
  if (is_price_csv(file.text)) return import_price_csv(file, options);
  if (is_add_remove_log(file.text)) return import_add_remove_log(file, options);
  if (file.text.find("\"spotmix_trace\"") < 200) return import_own_trace(file);
  if (is_tick_capacity(file.text)) return import_tick_capacity(file, options);
  return Problem{file.name, "",
                 "found a format that is not known, expected pages of `aws ec2 describe-spot-price-history`, "
                 "a CSV or TSV "
                 "of prices with a header or --columns, a JSON of capacity per tick, a log of added and "
                 "removed nodes, a "
                 "trace file, the Spot Advisor's data, requests for fleets, or the tables of the catalogue"};
}

template <class Value>
void cut(Series<Value>& series, Time end) {
  const auto first_after = std::lower_bound(series.at.begin(), series.at.end(), end);
  const auto kept = static_cast<std::size_t>(first_after - series.at.begin());
  series.at.resize(kept);
  series.value.resize(kept);
  series.end = std::min(series.end, end);
}

/// A pool ends where the first of its two series does: what the other says later has nothing beside it.
void end_together(const std::string& file, TracePool& pool, Time other_end, Problems& problems,
                  Problems& warnings) {
  const Time end = std::min(pool.end, other_end);
  if (end == std::max(pool.end, other_end)) return;
  cut(*pool.prices, end);
  cut(pool.capacity->series, end);
  if (pool.prices->at.empty() || pool.capacity->series.at.empty()) {
    problems.push_back({file, "",
                        fmt::format("found prices and capacity of {} in {} that have no time in common, "
                                    "expected them of the same time",
                                    pool.instance, pool.zone)});
    return;
  }
  warnings.push_back(
      {file, "",
       fmt::format("prices and capacity of {} in {} end at different times, {} and {}; both "
                   "are cut at the earlier",
                   pool.instance, pool.zone, format_time(end), format_time(std::max(pool.end, other_end)))});
  pool.end = end;
}

/// Prices and capacity of one pool may come from two files.
Problems merge_pool(const std::string& file, std::vector<TracePool>& pools, TracePool pool,
                    Problems& warnings) {
  for (TracePool& known : pools) {
    if (known.instance != pool.instance || known.zone != pool.zone || known.product != pool.product) continue;
    const bool clash = (known.prices && pool.prices) || (known.capacity && pool.capacity);
    if (clash) {
      return {{file, "",
               fmt::format("found {} in {} a second time, expected prices and capacity of a pool once",
                           pool.instance, pool.zone)}};
    }
    known.start = std::min(known.start, pool.start);
    if (pool.prices) known.prices = std::move(pool.prices);
    if (pool.capacity) known.capacity = std::move(pool.capacity);
    if (!known.on_demand) known.on_demand = pool.on_demand;
    Problems problems;
    end_together(file, known, pool.end, problems, warnings);
    return problems;
  }
  pools.push_back(std::move(pool));
  return {};
}

std::string pool_summary(const TracePool& pool) {
  std::string text = fmt::format("{} {}{}: {} to {}", pool.instance, pool.zone,
                                 pool.product.empty() ? "" : " " + pool.product, format_time(pool.start),
                                 format_time(pool.end));
  if (pool.prices) text += fmt::format(", {} prices", pool.prices->at.size());
  if (pool.capacity) text += fmt::format(", {} changes of capacity", pool.capacity->series.at.size());
  return text;
}

Result<Trace> merge_traces(std::vector<ImportedFile> files, const ImportOptions& options) {
  Trace trace;
  Problems problems;
  Problems warnings;
  std::vector<ImportedFile> pages;
  std::string names;
  const auto take = [&](const std::string& file, Result<ImportedPools> read) {
    append(problems, read.problems);
    if (!read) return;
    trace.dated = trace.dated && read.value->dated;
    for (TracePool& pool : read.value->pools)
      append(problems, merge_pool(file, trace.pools, std::move(pool), warnings));
  };
  for (ImportedFile& file : files) {
    names += (names.empty() ? "" : ", ") + std::filesystem::path(file.name).filename().string();
    if (!is_price_csv(file.text) && !is_add_remove_log(file.text) &&
        is_aws_price_history(file.text, options)) {
      pages.push_back(std::move(file));
    } else {
      take(file.name, import_one(file, options));
    }
  }
  if (!pages.empty()) take(pages.front().name, import_aws_price_history(pages, options));
  if (!problems.empty()) return problems;
  trace.source = options.source.value_or("imported from " + names);
  trace.licence = options.licence.value_or("");
  Result<Trace> merged(std::move(trace));
  merged.warnings = std::move(warnings);
  return merged;
}

/// The Spot Advisor publishes one file that says everything.
Result<Imported> import_spot_advisor(const std::vector<ImportedFile>& files, const ImportOptions& options) {
  if (files.size() != 1)
    return Problem{files[1].name, "", "found a second input beside the Spot Advisor's, expected one"};
  Result<SpotAdvisor> advisor = parse_spot_advisor(files.front().name, files.front().text);
  if (!advisor) return advisor.problems;
  if (options.source) advisor.value->source = *options.source;
  if (options.licence) advisor.value->licence = *options.licence;
  Imported imported;
  for (const auto& [region, systems] : advisor.value->regions) {
    std::string line = region + ":";
    for (const auto& [system, bands] : systems)
      line += fmt::format("{} {} {} instance types", line.back() == ':' ? "" : ",", bands.size(), system);
    imported.summary.push_back(line);
  }
  imported.text = spot_advisor_to_text(*advisor.value);
  return imported;
}

}  // namespace

Result<Imported> import_files(const std::vector<std::filesystem::path>& inputs,
                              const ImportOptions& options) {
  if (inputs.empty()) return Problem{"import", "", "found no input, expected at least one file"};
  Result<std::vector<ImportedFile>> files = read_inputs(inputs);
  if (!files) return files.problems;
  const std::string& first = files.value->front().text;
  if (is_fleets(first)) return import_fleets(*files.value, options);
  if (is_instance_table(first) || is_price_history(first)) return import_tables(*files.value);
  if (is_nccl_tests(first)) return import_nccl_tests(*files.value, options);
  if (is_spot_advisor(first)) return import_spot_advisor(*files.value, options);
  Result<Trace> trace = merge_traces(std::move(*files.value), options);
  if (!trace) return trace.problems;
  Imported imported;
  for (const TracePool& pool : trace.value->pools) imported.summary.push_back(pool_summary(pool));
  imported.text = trace_to_text(std::move(*trace.value));
  Result<Imported> result(std::move(imported));
  result.warnings = std::move(trace.warnings);
  return result;
}

Result<Trace> import_trace(const std::vector<std::filesystem::path>& inputs, const ImportOptions& options) {
  if (inputs.empty()) return Problem{"import", "", "found no input, expected at least one file"};
  Result<std::vector<ImportedFile>> files = read_inputs(inputs);
  if (!files) return files.problems;
  return merge_traces(std::move(*files.value), options);
}

}  // namespace spotmix::scenarios
