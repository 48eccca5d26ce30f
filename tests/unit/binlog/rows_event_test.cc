#include "cdc/binlog/rows_event.h"

#include <doctest/doctest.h>

#include <string>

#include "exact_bytes.h"
#include "row_support.h"

namespace cdc::binlog {
namespace {

TEST_CASE("heads of rows events") {
  struct Case {
    std::string name;
    EventType type;
    const char* body;  ///< Hex.
    RowsKind kind;
    std::size_t before_bytes, after_bytes, row_bytes;
    bool compressed;
  };
  const Case cases[] = {
      {"write v1", EventType::write_rows_v1, "4d0000000000010003ffaabb", RowsKind::write, 0, 1, 2, false},
      {"delete v2 without extra data", EventType::delete_rows, "4d0000000000010002000907ffaa", RowsKind::delete_, 2, 0, 1, false},
      {"update v2 of a partitioned table", EventType::update_rows, "4d00000000000100070001030001000901ff02feaa", RowsKind::update, 2, 2, 1,
       false},
      {"partial JSON update", EventType::partial_update_rows, "4d0000000000010002000303ff01aa", RowsKind::update, 1, 1, 2, false},
      {"compressed write", EventType::write_rows_compressed_v1, "4d0000000000000001ff8105aa", RowsKind::write, 0, 1, 3, true},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const std::string bytes = unhex(c.body);
    const ExactBytes body{bytes};
    RowsView view;
    REQUIRE(RowsView::parse(c.type, Reader{body}, 6, view));
    CHECK(view.table_id == 77);
    CHECK(view.kind == c.kind);
    CHECK(view.present_before.size() == c.before_bytes);
    CHECK(view.present_after.size() == c.after_bytes);
    CHECK(view.rows.remaining() == c.row_bytes);
    CHECK(view.compressed == c.compressed);
    CHECK(view.partial_json == (c.type == EventType::partial_update_rows));
    for (std::size_t size = 0; size + c.row_bytes < bytes.size(); ++size) {
      CAPTURE(size);
      const ExactBytes cut{std::string_view{bytes}.substr(0, size)};
      RowsView ignored;
      CHECK_FALSE(RowsView::parse(c.type, Reader{cut}, 6, ignored));
    }
  }
}

TEST_CASE("rows heads that lie") {
  struct Case {
    std::string name;
    const char* body;
  };
  const Case cases[] = {
      {"extra data shorter than its own length", "4d000000000001000100 03ff"},
      {"extra data longer than the event", "4d00000000000100ffff03ff"},
      {"a column count of 2^40", "4d000000000001000200fe00000000000100000000ff"},
      {"NULL as column count", "4d000000000001000200fb"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    std::string hex;
    for (const char* p = c.body; *p != '\0'; ++p)
      if (*p != ' ') hex += *p;
    const ExactBytes body{unhex(hex)};
    RowsView view;
    CHECK_FALSE(RowsView::parse(EventType::write_rows, Reader{body}, 6, view));
  }
}

TEST_CASE("other events are no rows events") {
  CHECK(is_rows_event(EventType::write_rows));
  CHECK_FALSE(is_rows_event(EventType::table_map));
  CHECK_FALSE(is_rows_event(EventType::write_rows_v0));
  CHECK(is_rows_event(EventType::partial_update_rows));
}

}  // namespace
}  // namespace cdc::binlog
