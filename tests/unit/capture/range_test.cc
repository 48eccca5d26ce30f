#include "range.h"

#include <doctest/doctest.h>

#include "decoder_scene.h"

namespace cdc::capture {
namespace {

const std::string uuid{test_uuid};

TEST_CASE("where to begin and end, as people write it") {
  struct Case {
    std::string text;
    PointKind kind;
    std::string gtid;
    LogPlace place;
  };
  const Case cases[] = {
      {"", PointKind::never, "", {}},
      {"now", PointKind::now, "", {}},
      {"earliest", PointKind::earliest, "", {}},
      {"0-1-7", PointKind::gtid, "0-1-7", {}},
      {"0-1-7, 1-1-3", PointKind::gtid, "0-1-7,1-1-3", {}},
      {uuid + ":1-5", PointKind::gtid, uuid + ":1-5", {}},
      {uuid + ":1-3:4:7-8", PointKind::gtid, uuid + ":1-4:7-8", {}},
      {"binlog.000012:4", PointKind::place, "", {"binlog.000012", 4}},
      {"binlog.000012:5000000000", PointKind::place, "", {"binlog.000012", 5'000'000'000}},
      {"a:b.000001:120", PointKind::place, "", {"a:b.000001", 120}},
      {"binlog.000012:18446744073709551615", PointKind::place, "", {"binlog.000012", UINT64_MAX}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const Point point = parse_point(c.text, "--from");
    CHECK(point.kind == c.kind);
    CHECK(point.gtid == c.gtid);
    if (c.kind == PointKind::place) CHECK(point.place == c.place);
    CHECK(point.mariadb_gtid == (c.gtid.find("0-1-7") == 0));
  }
}

TEST_CASE("a position as JSON is itself") {
  const BinlogPosition position{uuid + ":1-5", "0a1b2c3d", "binlog.000123", 5'000'000'000, 17, "89abcdef"};
  const Point point = parse_point(to_text(Position{position}), "--from");
  CHECK(point.kind == PointKind::position);
  CHECK(point.position == position);
}

TEST_CASE("what is none of these is refused, naming the option") {
  struct Case {
    std::string text, code;
  };
  const Case cases[] = {
      {"later", "MYC1007"},
      {"NOW", "MYC1007"},
      {"binlog.000012", "MYC1007"},
      {"binlog.000012:", "MYC1007"},
      {"binlog.000012:3", "MYC1007"},
      {"binlog.000012:-4", "MYC1007"},
      {"binlog.000012: 4", "MYC1007"},
      {"binlog.000012:4 ", "MYC1007"},
      {"binlog.000012:0x10", "MYC1007"},
      {"binlog.000012:18446744073709551616", "MYC1007"},
      {":4", "MYC1007"},
      {"--", "MYC1007"},
      {"0-1-", "MYC1007"},
      {uuid + ":0", "MYC1007"},
      {uuid + ":x", "MYC1007"},
      {"{", "MYC1007"},
      {"{}", "MYC1007"},
      {"2026-01-02T03:04:05Z", "MYC1003"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(error_of([&] { parse_point(c.text, "--from"); }).substr(0, 7) == c.code);
  }
  CHECK(error_of([] { parse_until("later"); }).find("--until") != std::string::npos);
  BinlogPosition position;
  position.file = "binlog.000001", position.at = 4;
  for (const std::string& text : {std::string{"earliest"}, to_text(Position{position})}) {
    CAPTURE(text);
    CHECK(error_of([&] { parse_until(text); }).starts_with("MYC1007: --until"));
  }
}

}  // namespace
}  // namespace cdc::capture
