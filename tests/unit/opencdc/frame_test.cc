#include "frame.h"

#include <doctest/doctest.h>

#include <string>

#include "wire_message.h"

namespace cdc::opencdc {
namespace {

using test::parse_message;

/// A message with one nested in it, written with what the last one left in `head`.
std::string nested(const std::string& content, HeadWidth& head, std::size_t size_max) {
  std::string room(content.size() + 4 * (1 + varint_max_bytes), '\0');
  const std::size_t gap = head.gap(size_max, 2);
  content.copy(room.data() + gap, content.size());
  char* const end = close_nested(room.data(), gap, room.data() + gap + content.size(), 0x22, 0x0a, head);
  return room.substr(0, static_cast<std::size_t>(end - room.data()));
}

TEST_CASE("heads have the exact length, whatever the last one was") {
  HeadWidth head;
  for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 128U, 3U, 16381U, 16384U, 100U, 20000U, 2100000U, 5U}) {
    CAPTURE(size);
    std::string content(size, 'x');
    if (size != 0) content.front() = 'a', content.back() = 'z';
    const std::string bytes = nested(content, head, size + 20);
    const auto outer = parse_message(bytes);
    REQUIRE(outer);
    REQUIRE(outer->size() == 1);
    CHECK(outer->front().number == 4);
    const auto inner = parse_message(outer->front().bytes);
    REQUIRE(inner);
    REQUIRE(inner->size() == 1);
    CHECK(inner->front().bytes == content);
  }
}

TEST_CASE("a plain message too") {
  HeadWidth head;
  for (const std::size_t size : {0U, 200U, 7U}) {
    CAPTURE(size);
    std::string room(size + 32, '\0');
    const std::size_t gap = head.gap(size, 1);
    std::fill_n(room.data() + gap, size, 'x');
    char* const end = close_message(room.data(), gap, room.data() + gap + size, 0x2a, head);
    const auto message = parse_message(std::string_view{room.data(), static_cast<std::size_t>(end - room.data())});
    REQUIRE(message);
    CHECK(message->front().bytes == std::string(size, 'x'));
  }
}

TEST_CASE("large contents do not move when their width is that of their bound") {
  HeadWidth head;
  head.set(2);
  CHECK(head.gap(movable_bytes_max, 1) == 2);
  CHECK(head.gap(movable_bytes_max + 1, 1) == 4);
  CHECK(head.gap(std::size_t{1} << 30, 2) == 12);
}

}  // namespace
}  // namespace cdc::opencdc
