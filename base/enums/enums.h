// One table of names for each enum, from which readers, writers, messages and the tests of schemas take both
// directions.
//
// The table stands beside its enum, in the same namespace:
//
//   enum class Purchase : std::uint8_t { spot, on_demand, reserved };
//   constexpr auto enum_names(Purchase) {
//     using enum Purchase;
//     return enum_table<Purchase>({{spot, "spot"}, {on_demand, "on_demand"}, {reserved, "reserved"}});
//   }
//
// Names are part of file formats: an enumerator may be renamed, its name may not.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spotmix {

template <class Enum>
struct EnumName {
  Enum value;
  std::string_view name;
  std::string_view alias = {};  ///< A second name that readers take; writers never use it.
};

/// Whether `Value` is the value of an enumerator; compilers print the others as casts, "(Enum)7".
template <class Enum, Enum Value>
consteval bool is_enumerator() {
  const std::string_view signature = __PRETTY_FUNCTION__;
  const std::string_view value = signature.substr(signature.find("Value = ") + 8);
  return value.front() != '(';
}

/// The names of some of an enum's values; the others are spelled in other ways, which the caller states. Does
/// not compile unless rows are in order of values and names differ.
template <class Enum, std::size_t N>
consteval std::array<EnumName<Enum>, N> partial_enum_table(const EnumName<Enum> (&rows)[N]) {
  for (std::size_t i = 0; i < N; ++i) {
    if (rows[i].name.empty()) throw "a value has no name";
    if (i > 0 && !(rows[i - 1].value < rows[i].value)) throw "rows are not in order of values";
    for (std::size_t j = 0; j < N; ++j) {
      if (rows[i].alias == rows[j].name || (i != j && rows[i].name == rows[j].name))
        throw "a name stands for two values";
    }
  }
  return std::to_array(rows);
}

/// The names of all values of an enum that counts from 0. Does not compile unless every value has its name.
template <class Enum, std::size_t N>
consteval std::array<EnumName<Enum>, N> enum_table(const EnumName<Enum> (&rows)[N]) {
  static_assert(!is_enumerator<Enum, static_cast<Enum>(N)>(), "the last value has no name");
  for (std::size_t i = 0; i < N; ++i) {
    if (static_cast<std::size_t>(rows[i].value) != i) throw "a value has no name";
  }
  return partial_enum_table<Enum>(rows);
}

/// An enum with a table beside it.
template <class Enum>
concept NamedEnum = requires(Enum value) {
  enum_names(value);
};

template <NamedEnum Enum>
inline constexpr auto kEnumTable = enum_names(Enum{});

template <NamedEnum Enum>
inline constexpr std::size_t kCountOf = kEnumTable<Enum>.size();

/// The name of a value.
/// REQUIRES: the table has the value.
template <NamedEnum Enum>
constexpr std::string_view name_of(Enum value) {
  for (const EnumName<Enum>& row : kEnumTable<Enum>) {
    if (row.value == value) return row.name;
  }
  assert(false && "a value without a name");
  return {};
}

/// The value that a text names; nullopt if none.
template <NamedEnum Enum>
constexpr std::optional<Enum> parse_enum(std::string_view text) {
  for (const EnumName<Enum>& row : kEnumTable<Enum>) {
    if (text == row.name || (!row.alias.empty() && text == row.alias)) return row.value;
  }
  return std::nullopt;
}

/// The values that have names, in order.
template <NamedEnum Enum>
constexpr std::array<Enum, kCountOf<Enum>> values_of() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array{kEnumTable<Enum>[I].value...};
  }
  (std::make_index_sequence<kCountOf<Enum>>());
}

/// Their names, as messages take them (base/text/nearest.h).
template <NamedEnum Enum>
std::vector<std::string> names_of() {
  std::vector<std::string> names;
  for (const EnumName<Enum>& row : kEnumTable<Enum>) names.emplace_back(row.name);
  return names;
}

}  // namespace spotmix
