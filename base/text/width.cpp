#include "base/text/width.h"

#include <algorithm>
#include <vector>

#include <utf8proc.h>

#include "base/text/utf8.h"

namespace spotmix {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Controls, separators of lines and paragraphs, and the marks of direction of Unicode's UAX #9.
bool unsafe(char32_t code) {
  constexpr std::u32string_view kMarks = U"\u061C\u200E\u200F\uFEFF";
  const utf8proc_property_t& property = *utf8proc_get_property(static_cast<utf8proc_int32_t>(code));
  switch (property.category) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      break;
  }
  switch (property.bidi_class) {
    case UTF8PROC_BIDI_CLASS_LRE:
    case UTF8PROC_BIDI_CLASS_LRO:
    case UTF8PROC_BIDI_CLASS_RLE:
    case UTF8PROC_BIDI_CLASS_RLO:
    case UTF8PROC_BIDI_CLASS_PDF:
    case UTF8PROC_BIDI_CLASS_LRI:
    case UTF8PROC_BIDI_CLASS_RLI:
    case UTF8PROC_BIDI_CLASS_FSI:
    case UTF8PROC_BIDI_CLASS_PDI:
      return true;
    default:
      return kMarks.find(code) != std::u32string_view::npos;
  }
}

struct Placed {
  std::string_view bytes;
  std::size_t width;
};

std::vector<Placed> characters(std::string_view safe) {
  std::vector<Placed> found;
  while (!safe.empty()) {
    const Character next = first_character(safe);
    const int width = next.code ? utf8proc_charwidth(static_cast<utf8proc_int32_t>(*next.code)) : 1;
    found.push_back({next.bytes, static_cast<std::size_t>(width)});
    safe.remove_prefix(next.bytes.size());
  }
  return found;
}

}  // namespace

std::string safe_text(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const Character next = first_character(text);
    safe += next.code && !unsafe(*next.code) ? next.bytes : kReplacement;
    text.remove_prefix(next.bytes.size());
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
