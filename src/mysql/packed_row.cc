#include "cdc/mysql/packed_row.h"

namespace cdc::mysql {
namespace {

void append_size(std::string& out, std::uint64_t size) {
  struct Form {
    std::uint64_t end;
    char mark;
    unsigned size_bytes;
  };
  constexpr Form forms[] = {{1U << 16, '\xfc', 2}, {1U << 24, '\xfd', 3}, {~std::uint64_t{0}, '\xfe', 8}};
  if (size < 0xfb) {
    out += static_cast<char>(size);
    return;
  }
  const Form* form = forms;
  while (size >= form->end) ++form;
  out += form->mark;
  for (unsigned i = 0; i < form->size_bytes; ++i) out += static_cast<char>(size >> 8 * i);
}

}  // namespace

void pack_row(std::string& out, std::span<const std::optional<std::string_view>> row) {
  for (const auto& field : row) {
    if (!field) {
      out += '\xfb';
      continue;
    }
    append_size(out, field->size());
    out += *field;
  }
}

}  // namespace cdc::mysql
