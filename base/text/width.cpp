#include "base/text/width.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace spotmix {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

struct Character {
  char32_t code = kReplacement;
  std::size_t bytes = 1;  ///< of the source
};

/// The character that starts at `text`; an invalid sequence counts as one replacement for its first byte.
Character decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
  char32_t code = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kLeast[length] || code > 0x10FFFF || surrogate) return {};
  return {code, length};
}

struct Range {
  char32_t first;
  char32_t last;
};

bool within(std::span<const Range> ranges, char32_t code) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return code >= range.first && code <= range.last; });
}

/// C0 and C1 controls, line and paragraph separators, and the marks of direction of Unicode's UAX #9.
bool unsafe(char32_t code) {
  static constexpr std::array kUnsafe{Range{0x00, 0x1F},     Range{0x7F, 0x9F},     Range{0x61C, 0x61C},
                                      Range{0x200E, 0x200F}, Range{0x2028, 0x202E}, Range{0x2066, 0x2069},
                                      Range{0xFEFF, 0xFEFF}};
  return within(kUnsafe, code);
}

std::size_t width_of(char32_t code) {
  // Combining marks, joiners and variation selectors (general categories Mn and Cf, the blocks in common
  // use).
  static constexpr std::array kZero{Range{0x300, 0x36F},   Range{0x483, 0x489},   Range{0x591, 0x5BD},
                                    Range{0x610, 0x61A},   Range{0x64B, 0x65F},   Range{0x200B, 0x200D},
                                    Range{0x2060, 0x2064}, Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F},
                                    Range{0xFE20, 0xFE2F}};
  // Unicode's UAX #11, East Asian Width W and F, joined into blocks.
  static constexpr std::array kWide{
      Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0xA4CF},   Range{0xAC00, 0xD7A3},
      Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},
      Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};
  if (within(kZero, code)) return 0;
  return within(kWide, code) ? 2 : 1;
}

struct Placed {
  std::string_view bytes;
  std::size_t width;
};

std::vector<Placed> characters(std::string_view text) {
  std::vector<Placed> found;
  while (!text.empty()) {
    const Character next = decode(text);
    found.push_back({text.substr(0, next.bytes), width_of(next.code)});
    text.remove_prefix(next.bytes);
  }
  return found;
}

}  // namespace

std::string safe_text(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const Character next = decode(text);
    if (next.code == kReplacement || unsafe(next.code)) {
      safe += "\xEF\xBF\xBD";
    } else {
      safe += text.substr(0, next.bytes);
    }
    text.remove_prefix(next.bytes);
  }
  return safe;
}

std::size_t display_width(std::string_view safe) {
  std::size_t width = 0;
  for (const Placed& character : characters(safe)) width += character.width;
  return width;
}

std::string shortened(std::string_view safe, std::size_t width) {
  const std::vector<Placed> all = characters(safe);
  if (display_width(safe) <= width) return std::string(safe);
  if (width == 0) return "";
  const std::size_t tail_width = (width - 1) / 2;
  const std::size_t head_width = width - 1 - tail_width;
  std::string head;
  std::string tail;
  std::size_t used = 0;
  for (auto it = all.begin(); it != all.end() && used + it->width <= head_width; ++it) {
    head += it->bytes;
    used += it->width;
  }
  used = 0;
  for (auto it = all.rbegin(); it != all.rend() && used + it->width <= tail_width; ++it) {
    tail.insert(0, it->bytes);
    used += it->width;
  }
  return head + "…" + tail;
}

std::string padded_left(std::string_view safe, std::size_t width) {
  const std::size_t own = display_width(safe);
  return std::string(own < width ? width - own : 0, ' ') + std::string(safe);
}

std::string padded_right(std::string_view safe, std::size_t width) {
  const std::size_t own = display_width(safe);
  return std::string(safe) + std::string(own < width ? width - own : 0, ' ');
}

std::string wrapped(std::string_view safe, std::size_t width, std::size_t indent) {
  std::string lines;
  std::size_t used = 0;
  while (!safe.empty()) {
    const std::size_t space = std::min(safe.find(' '), safe.size());
    const std::string word = shortened(safe.substr(0, space), width > indent ? width - indent : width);
    const std::size_t word_width = display_width(word);
    if (used > 0 && used + 1 + word_width > width) {
      lines += '\n' + std::string(indent, ' ');
      used = indent;
    } else if (used > 0) {
      lines += ' ';
      ++used;
    }
    lines += word;
    used += word_width;
    safe.remove_prefix(std::min(space + 1, safe.size()));
  }
  return lines;
}

}  // namespace spotmix
