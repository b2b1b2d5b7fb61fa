#include "base/text/utf8.h"

#include <cassert>

#include <utf8proc.h>

namespace spotmix {

Character first_character(std::string_view text) {
  assert(!text.empty());
  utf8proc_int32_t code = 0;
  const utf8proc_ssize_t size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                 static_cast<utf8proc_ssize_t>(text.size()), &code);
  if (size <= 0) return {text.substr(0, 1), std::nullopt};
  return {text.substr(0, static_cast<std::size_t>(size)), static_cast<char32_t>(code)};
}

}  // namespace spotmix
