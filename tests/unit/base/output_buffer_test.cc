#include "cdc/base/output_buffer.h"

#include <doctest/doctest.h>

#include <string>

namespace cdc {

TEST_CASE("what is appended is there, through every growth") {
  OutputBuffer buffer;
  std::string expected;
  CHECK(buffer.empty());
  CHECK(buffer.view().empty());
  for (unsigned i = 0; i < 20'000; ++i) {
    const std::string piece(i % 7, static_cast<char>('a' + i % 26));
    buffer.append(piece);
    buffer.append('.');
    expected += piece + '.';
  }
  CHECK((buffer.view() == expected));
  CHECK(buffer.bytes().size() == expected.size());
}

TEST_CASE("room reserved can be written whole, and committed in part") {
  OutputBuffer buffer;
  buffer.append("ab");
  char* const at = buffer.reserve(10'000);
  std::memset(at, 'x', 10'000);
  buffer.commit(at + 3);
  CHECK(buffer.view() == "abxxx");
  buffer.truncate(1);
  CHECK(buffer.view() == "a");
}

TEST_CASE("clear keeps the memory, shrink gives back what is too much") {
  OutputBuffer buffer;
  buffer.append(std::string(100'000, 'x'));
  const std::size_t capacity = buffer.capacity();
  buffer.clear();
  CHECK(buffer.empty());
  CHECK(buffer.capacity() == capacity);
  buffer.append("y");
  buffer.shrink(capacity);
  CHECK(buffer.empty());
  CHECK(buffer.capacity() == capacity);
  buffer.shrink(capacity - 1);
  CHECK(buffer.capacity() == 0);
  buffer.append("again");
  CHECK(buffer.view() == "again");
}

TEST_CASE("a large buffer grows by a quarter, not by half of its memory again") {
  OutputBuffer buffer;
  buffer.commit(buffer.reserve(std::size_t{64} << 20) + (std::size_t{64} << 20));
  buffer.append('x');
  CHECK(buffer.capacity() >= (std::size_t{64} << 20) + 1);
  CHECK(buffer.capacity() <= (std::size_t{80} << 20));
}

}  // namespace cdc
