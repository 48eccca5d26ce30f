#include "json_text.h"

#include <array>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace cdc::cli {
namespace {

constexpr std::size_t block_bytes = 16;

/// What one byte becomes: up to six characters and, last, how many. None: may begin U+2028 or U+2029.
using Escape = std::array<char, 8>;

constexpr Escape escape_of(unsigned byte) {
  constexpr char digits[] = "0123456789abcdef";
  const auto unicode = [&] { return Escape{'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15], 0, 6}; };
  switch (byte) {
    case '\t': return {'\\', 't', 0, 0, 0, 0, 0, 2};
    case '\n': return {'\\', 'n', 0, 0, 0, 0, 0, 2};
    case '\r': return {'\\', 'r', 0, 0, 0, 0, 0, 2};
    case '"': return {'\\', '"', 0, 0, 0, 0, 0, 2};
    case '\\': return {'\\', '\\', 0, 0, 0, 0, 0, 2};
    case '<':
    case '>':
    case '&': return unicode();
    case 0xe2: return {};
    default: return byte < 0x20 ? unicode() : Escape{static_cast<char>(byte), 0, 0, 0, 0, 0, 0, 1};
  }
}

constexpr auto escapes = [] {
  std::array<Escape, 256> table{};
  for (unsigned byte = 0; byte < table.size(); ++byte) table[byte] = escape_of(byte);
  return table;
}();

/// Writes the character or characters that begin at `text` and steps over them.
char* write_one(char* out, const char*& text, const char* end) noexcept {
  const Escape& escape = escapes[static_cast<unsigned char>(*text)];
  std::memcpy(out, escape.data(), escape.size());
  if (escape[7] != 0) return ++text, out + escape[7];
  const bool separator = end - text >= 3 && text[1] == '\x80' && (text[2] == '\xa8' || text[2] == '\xa9');
  if (!separator) return *out = *text++, out + 1;
  std::memcpy(out, text[2] == '\xa8' ? "\\u2028" : "\\u2029", 6);
  text += 3;
  return out + 6;
}

char* write_each(char* out, const char* text, const char* stop, const char* end) noexcept {
  while (text < stop) out = write_one(out, text, end);
  return out;
}

#ifdef __SSE2__
using Block = __m128i;
Block load(const char* from) noexcept { return _mm_loadu_si128(reinterpret_cast<const Block*>(from)); }
Block join(std::uint64_t low, std::uint64_t high) noexcept {
  return _mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low));
}
void store(char* to, Block block) noexcept { _mm_storeu_si128(reinterpret_cast<Block*>(to), block); }
/// Whether no byte needs a second look. One comparison finds both `"` and `&`, one both `<` and `>`.
bool clean(Block block) noexcept {
  const auto equal = [](Block a, char b) { return _mm_cmpeq_epi8(a, _mm_set1_epi8(b)); };
  const Block control = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1f)), block);
  const Block quote_amp = equal(_mm_and_si128(block, _mm_set1_epi8(~4)), '"');
  const Block angles = equal(_mm_and_si128(block, _mm_set1_epi8(~2)), '<');
  const Block others = _mm_or_si128(equal(block, '\\'), equal(block, '\xe2'));
  return _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(control, quote_amp), _mm_or_si128(angles, others))) == 0;
}
#else
using Block = std::array<char, block_bytes>;
Block load(const char* from) noexcept {
  Block block;
  std::memcpy(block.data(), from, block.size());
  return block;
}
Block join(std::uint64_t low, std::uint64_t high) noexcept {
  Block block;
  std::memcpy(block.data(), &low, 8);
  std::memcpy(block.data() + 8, &high, 8);
  return block;
}
void store(char* to, const Block& block) noexcept { std::memcpy(to, block.data(), block.size()); }
bool clean(const Block& block) noexcept {
  bool ok = true;
  for (const char c : block) ok &= escapes[static_cast<unsigned char>(c)][7] == 1;
  return ok;
}
#endif

/// Two halves that may overlap cover `Half` to 2 × `Half` bytes: looked at together, copied without a loop.
template <class Half>
char* write_halves(char* out, const char* text, std::size_t size) noexcept {
  Half head, tail;
  std::memcpy(&head, text, sizeof head);
  std::memcpy(&tail, text + size - sizeof tail, sizeof tail);
  const std::uint64_t both = sizeof(Half) == 8 ? head : std::uint64_t{head} | std::uint64_t{tail} << 32;
  if (!clean(join(both, sizeof(Half) == 8 ? tail : both))) return write_each(out, text, text + size, text + size);
  std::memcpy(out, &head, sizeof head);
  std::memcpy(out + size - sizeof tail, &tail, sizeof tail);
  return out + size;
}

char* write_short(char* out, const char* text, std::size_t size) noexcept {
  if (size >= 8) return write_halves<std::uint64_t>(out, text, size);
  if (size >= 4) return write_halves<std::uint32_t>(out, text, size);
  return write_each(out, text, text + size, text + size);
}

}  // namespace

char* write_json_escaped(char* out, const char* text, std::size_t size_bytes) noexcept {
  const char* const end = text + size_bytes;
  while (end - text >= static_cast<std::ptrdiff_t>(block_bytes)) {
    const Block block = load(text);
    if (clean(block)) {
      store(out, block);
      text += block_bytes, out += block_bytes;
      continue;
    }
    for (const char* const stop = text + block_bytes; text < stop;) out = write_one(out, text, end);
  }
  return text < end ? write_short(out, text, static_cast<std::size_t>(end - text)) : out;
}

std::size_t whole_characters(std::string_view text, std::size_t most) noexcept {
  if (text.size() <= most) return text.size();
  const auto continues = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80; };
  std::size_t size = most;
  while (size > 0 && size + 4 > most && continues(size)) --size;
  return continues(size) ? most : size;
}

}  // namespace cdc::cli
