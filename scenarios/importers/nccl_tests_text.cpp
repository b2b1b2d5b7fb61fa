// nccl-tests' table: header lines begin with '#', rows with a size in bytes.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "base/text/nearest.h"
#include "scenarios/importers/log_prefix.h"
#include "scenarios/importers/nccl_tests.h"

namespace spotmix::scenarios {
namespace {

using Words = std::vector<std::string>;

Words words_of(const std::string& line) {
  std::istringstream in(line);
  Words words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::optional<double> number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// What follows `key`, up to a blank.
std::string word_after(const std::string& line, const std::string& key) {
  const auto at = line.find(key);
  if (at == std::string::npos) return {};
  const Words words = words_of(line.substr(at + key.size()));
  return words.empty() ? std::string{} : words.front();
}

bool has_bandwidths(const Words& words) {
  const auto has = [&](const char* word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  return has("busbw") && (has("time") || has("cputime"));
}

/// Where a table's header begins in the line, behind a launcher's prefix: "# size … time algbw busbw".
std::optional<std::size_t> header_begin(const std::string& line) {
  for (auto at = line.find('#'); at != std::string::npos; at = line.find('#', at + 1)) {
    const Words words = words_of(line.substr(at));
    if (words.size() > 4 && words[0] == "#" && words[1] == "size" && has_bandwidths(words)) return at;
  }
  return std::nullopt;
}

/// The lines of a log without the launchers' prefixes that its headers show.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::vector<LogPrefix> prefixes;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (const auto header = header_begin(line)) prefixes.emplace_back(line.substr(0, *header));
    lines.push_back(std::move(line));
  }
  for (std::string& line : lines) {
    for (const LogPrefix& prefix : prefixes) {
      const std::string_view stripped = prefix.strip(line);
      if (stripped.size() == line.size()) continue;
      line = std::string(stripped);
      break;
    }
  }
  return lines;
}

class TextReader {
 public:
  explicit TextReader(std::string file) : file_(std::move(file)) {}

  Result<std::vector<NcclRun>> read(const std::string& text) {
    for (const std::string& line : lines_of(text)) {
      ++line_;
      read_line(line);
    }
    end_run();
    if (!problems_.empty()) return problems_;
    return std::move(runs_);
  }

 private:
  void problem(std::size_t line, std::string message) {
    problems_.push_back({file_, line == 0 ? "" : fmt::format("line {}", line), std::move(message)});
  }

  /// For a line that stands before a table: after one it begins the next run.
  void begin_run() {
    if (!columns_.empty()) end_run();
  }

  void end_run() {
    if (columns_.empty()) {
      problem(0, "found no header with size, time and busbw, expected nccl-tests' table");
    } else if (!summary_ && problems_.empty()) {
      problem(0, fmt::format("found {} rows and no \"# Avg bus bandwidth\" after them, expected the whole "
                             "output of a run that came to its end",
                             run_.rows.size()));
    } else if (run_.rows.empty() && problems_.empty()) {
      problem(0, "found no rows with a size and a time, expected at least one");
    }
    run_.nodes = static_cast<std::int64_t>(hosts_.size());
    run_.ranks = ranks_.empty()
                     ? ranks_of_one_process_
                     : static_cast<std::int64_t>(ranks_.size() / std::max<std::size_t>(1, groups_.size()));
    if (ranks_.empty() && ranks_of_one_process_ > 0) run_.nodes = 1;
    runs_.push_back(std::move(run_));
    run_ = NcclRun{};
    run_.tests_version = runs_.back().tests_version;
    run_.nccl_version = runs_.back().nccl_version;
    columns_.clear();
    ranks_.clear();
    hosts_.clear();
    groups_.clear();
    summary_ = false;
    ranks_of_one_process_ = 0;
  }

  void read_line(const std::string& line) {
    const Words words = words_of(line);
    if (words.empty()) return;
    if (words[0] == "#" && words.size() > 4 && words[1] == "size" && has_bandwidths(words)) {
      if (!run_.rows.empty() || summary_) begin_run();
      columns_.assign(words.begin() + 1, words.end());
    } else if (words[0].front() == '#') {
      read_comment(line, words);
    } else if (line.rfind("NCCL version", 0) == 0) {
      const std::string version = word_after(line, "NCCL version");
      run_.nccl_version = version.substr(0, version.find('+'));
    } else if (!columns_.empty() && !summary_ && number(words[0])) {
      read_row(words);
    }
  }

  void read_comment(const std::string& line, const Words& words) {
    const std::string name = word_after(line, "Collective test starting:");
    const bool settings = line.find("nGpus") != std::string::npos;
    if (!name.empty() || settings || line.find("nccl-tests version") != std::string::npos) begin_run();
    if (!name.empty()) run_.operation = name.substr(0, name.rfind("_perf"));
    if (line.find("nccl-tests version") != std::string::npos)
      run_.tests_version = word_after(line, "nccl-tests version");
    if (const auto code = number(word_after(line, "nccl-library=")))
      run_.nccl_version = nccl_version_text(static_cast<std::int64_t>(*code));
    if (settings) read_settings(line);
    if (words.size() > 4 && words[1] == "Rank") read_rank(line);
    if (line.find("Avg bus bandwidth") != std::string::npos) summary_ = true;
    if (line.find("Out of bounds values") != std::string::npos && line.find("FAILED") != std::string::npos)
      problem(line_, "found \"Out of bounds values … FAILED\", expected a run without wrong results");
  }

  void read_settings(const std::string& line) {
    const auto whole = [&](const std::string& key) {  // "nGpus 8", in some versions "nGpus: 8"
      const std::string word = word_after(line, key);
      return number(word == ":" ? word_after(line, key + ":") : word);
    };
    const auto threads = whole("nThread").value_or(1);
    if (const auto devices = whole("nGpus"))
      ranks_of_one_process_ = static_cast<std::int64_t>(threads * *devices);
    const Words words = words_of(line);
    for (std::size_t i = 1; i + 1 < words.size(); ++i) {
      if (words[i] != "iters:" || words[i - 1] == "warmup" || words[i - 1] == "agg") continue;
      if (const auto iterations = number(words[i + 1]))
        run_.iterations = static_cast<std::int64_t>(*iterations);
    }
  }

  /// "#  Rank  0 Group  0 Pid 499 on HOST device  0 [0000:0f:00] NVIDIA A100-SXM4-40GB"
  void read_rank(const std::string& line) {
    if (const std::string rank = word_after(line, "Rank"); !ranks_.insert(rank).second)
      problem(line_,
              fmt::format("found rank {} twice, expected each rank once: nccl-tests built without MPI=1 "
                          "runs each process alone",
                          rank));
    groups_.insert(word_after(line, "Group"));
    hosts_.insert(word_after(line, " on "));
    const auto bracket = line.find("] ");
    if (bracket == std::string::npos) return;
    std::string device = line.substr(bracket + 2);
    device.erase(device.find_last_not_of(" \r\t") + 1);
    if (run_.device.empty()) run_.device = device;
    if (run_.device != device)
      problem(line_, fmt::format("found the device {}, expected {} as on the other ranks", in_quotes(device),
                                 in_quotes(run_.device)));
  }

  void read_row(const Words& words) {
    constexpr std::size_t kTimestampWords = 2;
    if (words.size() < columns_.size() - (columns_.back() == "timestamp" ? 1 : 0) ||
        words.size() > columns_.size() + kTimestampWords) {
      problem(line_,
              fmt::format("found {} columns, expected {} as in the header", words.size(), columns_.size()));
      return;
    }
    const auto column = [&](const std::string& name) {
      return static_cast<std::size_t>(std::find(columns_.begin(), columns_.end(), name) - columns_.begin());
    };
    std::size_t time = column("time");
    if (time == columns_.size()) time = column("cputime");
    const auto bytes = number(words[0]), time_us = number(words[time]);
    const auto algorithm = number(words[time + 1]), bus = number(words[time + 2]);
    if (!bytes || !time_us || !(*time_us > 0) || !algorithm || !bus) {
      problem(line_,
              fmt::format("found time {} and bandwidths {} and {}, expected a positive time and two numbers",
                          in_quotes(words[time]), in_quotes(words[time + 1]), in_quotes(words[time + 2])));
      return;
    }
    if (const std::size_t wrong = column("#wrong");
        wrong < columns_.size() && number(words[wrong]).value_or(0) != 0) {
      problem(line_, fmt::format("found {} wrong elements, expected none", words[wrong]));
      return;
    }
    if (const std::size_t reduction = column("redop"); reduction < columns_.size())
      run_.reduction = words[reduction];
    if (*bytes == 0) return;  // fewer bytes than ranks: nothing was sent
    const auto decimals = [](const std::string& text) {
      const auto point = text.find('.');
      return point == std::string::npos ? 0.0 : static_cast<double>(text.size() - point - 1);
    };
    const double rounding =
        0.5 * std::pow(10.0, -std::min(decimals(words[time + 1]), decimals(words[time + 2])));
    run_.rows.push_back({*bytes, *time_us * 1e-6, *algorithm, *bus, rounding, fmt::format("line {}", line_)});
  }

  std::string file_;
  std::size_t line_ = 0;
  Words columns_;
  bool summary_ = false;
  std::int64_t ranks_of_one_process_ = 0;
  std::set<std::string> ranks_, groups_, hosts_;
  Problems problems_;
  NcclRun run_;
  std::vector<NcclRun> runs_;
};

}  // namespace

bool is_nccl_text(const std::string& text) {
  return text.find("algbw") != std::string::npos && text.find("busbw") != std::string::npos;
}

Result<std::vector<NcclRun>> parse_nccl_text(const std::string& file, const std::string& text) {
  return TextReader(file).read(text);
}

}  // namespace spotmix::scenarios
