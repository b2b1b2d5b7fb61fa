#include "base/files/files.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <sstream>

#include <boost/iostreams/copy.hpp>
#include <boost/iostreams/device/array.hpp>
#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spotmix {
namespace {

namespace io = boost::iostreams;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using OpenFile = std::unique_ptr<std::FILE, CloseFile>;

std::string mebibytes(std::uint64_t bytes) {
  return fmt::format("{} MiB", bytes >> 20);
}

/// Takes unpacked bytes until the limit is passed, so that a small file cannot fill the memory.
class LimitedSink {
 public:
  using char_type = char;
  using category = io::sink_tag;

  struct LimitPassed {};

  LimitedSink(std::string& text, std::uint64_t limit) : text_(&text), limit_(limit) {}

  std::streamsize write(const char* bytes, std::streamsize count) {
    if (text_->size() + static_cast<std::size_t>(count) > limit_) throw LimitPassed{};
    text_->append(bytes, static_cast<std::size_t>(count));
    return count;
  }

 private:
  std::string* text_;
  std::uint64_t limit_;
};

Result<std::string> gunzip(const std::string& file, const std::string& packed, std::uint64_t limit_bytes) {
  std::string text;
  try {
    io::filtering_istream unpacked;
    unpacked.push(io::gzip_decompressor());
    unpacked.push(io::array_source(packed.data(), packed.size()));
    unpacked.exceptions(std::ios::badbit);
    io::copy(unpacked, LimitedSink(text, limit_bytes));
  } catch (const LimitedSink::LimitPassed&) {
    return Problem{file, "",
                   fmt::format("found more than {} once unpacked, expected no more", mebibytes(limit_bytes))};
  } catch (const std::exception&) {
    return Problem{file, "", "found a broken or cut-off gzip file, expected a whole one"};
  }
  return text;
}

}  // namespace

Result<std::string> read_bytes(const std::filesystem::path& path, std::uint64_t limit_bytes) {
  const std::string file = path.string();
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR)
      return Problem{file, "", "found no such file, expected a readable one"};
    return Problem{file, "",
                   fmt::format("found a file that cannot be opened ({}), expected a readable one",
                               std::strerror(errno))};
  }
  if (S_ISDIR(status.st_mode)) return Problem{file, "", "found a directory, expected a file"};
  const OpenFile input(std::fopen(file.c_str(), "rb"));
  if (!input) {
    return Problem{file, "",
                   fmt::format("found a file that cannot be opened ({}), expected a readable one",
                               std::strerror(errno))};
  }
  std::string bytes;
  std::array<char, 1 << 16> block;
  for (std::size_t count = 0; (count = std::fread(block.data(), 1, block.size(), input.get())) > 0;) {
    bytes.append(block.data(), count);
    if (bytes.size() > limit_bytes) {
      return Problem{file, "", fmt::format("found more than {}, expected no more", mebibytes(limit_bytes))};
    }
  }
  if (std::ferror(input.get()) != 0)
    return Problem{file, "", "found an error while reading, expected a readable file"};
  return bytes;
}

Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t limit_bytes) {
  const std::string file = path.string();
  Result<std::string> bytes = read_bytes(path, limit_bytes);
  if (!bytes) return bytes;
  if (bytes.value->empty()) return Problem{file, "", "found an empty file, expected content"};
  if (bytes.value->starts_with("\x1f\x8b")) return gunzip(file, *bytes.value, limit_bytes);
  return bytes;
}

std::string gzip(const std::string& text) {
  std::string packed;
  {
    io::filtering_ostream packer;
    packer.push(io::gzip_compressor(io::gzip_params(io::gzip::best_compression)));
    packer.push(io::back_inserter(packed));
    packer.write(text.data(), static_cast<std::streamsize>(text.size()));
  }
  return packed;
}

std::optional<Problem> write_file(const std::filesystem::path& path, const std::string& text) {
  const std::string file = path.string();
  const auto failed = [&](const char* doing) {
    return Problem{file, "", fmt::format("failed while {} ({})", doing, std::strerror(errno))};
  };
  const std::string bytes = path.extension() == ".gz" ? gzip(text) : text;
  const std::string temporary = fmt::format("{}.{}.part", file, ::getpid());
  {
    const OpenFile output(std::fopen(temporary.c_str(), "wb"));
    if (!output) return failed("opening it for writing");
    const bool written = std::fwrite(bytes.data(), 1, bytes.size(), output.get()) == bytes.size() &&
                         std::fflush(output.get()) == 0 && ::fsync(::fileno(output.get())) == 0;
    if (!written) {
      const Problem problem = failed("writing");
      std::remove(temporary.c_str());
      return problem;
    }
  }
  if (std::rename(temporary.c_str(), file.c_str()) != 0) {
    const Problem problem = failed("putting it in place");
    std::remove(temporary.c_str());
    return problem;
  }
  return std::nullopt;
}

}  // namespace spotmix
