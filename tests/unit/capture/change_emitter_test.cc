#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "decoder_scene.h"

namespace cdc::capture {
namespace {

using binlog::EventType;
using config::MaskMethod;
using config::Settings;

/// One transaction of these events behind a map of `shop`.`t`.
LogScript with(Key key, EventType type, std::string_view body) {
  return LogScript{}.gtid(1).begin().map("t", 77, key).event(type, body).xid();
}
std::string update_body(const Row& before, const Row& after) { return rows_head(77, true, 2) + image(before) + image(after); }

Texts texts_of(const LogScript& log, const std::function<void(Settings&)>& how = {}) {
  Scene scene{how};
  scene.feed(log);
  return scene.texts();
}

/// A key file for hashes, removed at the end.
struct KeyFile {
  KeyFile() {
    const int fd = ::mkstemp(path.data());
    REQUIRE(fd >= 0);
    ::close(fd);
    std::ofstream{path} << "0123456789abcdef0123456789abcdef";
  }
  ~KeyFile() { ::unlink(path.c_str()); }
  std::string path = "mask-key-XXXXXX";
};

TEST_CASE("an update of the key is a delete and a create, each a record of its own") {
  Scene scene;
  scene.feed(with(Key::id, EventType::update_rows, update_body({1, "a"}, {2, "a"}) + image({3, "c"}) + image({3, "d"})));
  CHECK(scene.texts() == Texts{"-kshop.t (1,a)", "+kshop.t (2,a)", "~shop.t (3,c) > (3,d)"});
  for (std::size_t i = 0; i < 3; ++i) CHECK(scene.sink.records[i].position.n == i + 1);
}

TEST_CASE("without a key the whole row is the key, and an update stays one") {
  const LogScript log = with(Key::none, EventType::update_rows, update_body({1, "a"}, {2, "b"}));
  CHECK(texts_of(log) == Texts{"~shop.t (1,a) > (2,b)"});
  Scene scene;
  scene.feed(log);
  CHECK(scene.sink.records[0].table.key_kind == KeyKind::whole_row);
  const auto by_name = [](Settings& s) { s.key_columns["shop.t"] = {"name"}; };
  CHECK(texts_of(log, by_name) == Texts{"-kshop.t (1,a)", "+kshop.t (2,b)"});
  CHECK(texts_of(with(Key::none, EventType::update_rows, update_body({1, "a"}, {2, "a"})), by_name) == Texts{"~shop.t (1,a) > (2,a)"});
}

TEST_CASE("NULL in a configured key differs from a value, and not from itself") {
  const auto by_name = [](Settings& s) { s.key_columns["shop.t"] = {"name"}; };
  CHECK(texts_of(with(Key::none, EventType::update_rows, update_body({1, std::nullopt}, {1, ""})), by_name) ==
        Texts{"-kshop.t (1,NULL)", "+kshop.t (1,)"});
  CHECK(texts_of(with(Key::none, EventType::update_rows, update_body({1, std::nullopt}, {2, std::nullopt})), by_name) ==
        Texts{"~shop.t (1,NULL) > (2,NULL)"});
}

TEST_CASE("minimal images: what is absent is absent, and an absent key is unchanged") {
  const std::string head = le(77, 6) + le(1, 2) + le(2, 2) + byte(2);
  const std::string only_name = head + byte(1) + byte(2) + byte(0) + le(1, 4) + byte(0) + counted("z");  // before: id; after: name
  CHECK(texts_of(with(Key::id, EventType::update_rows, only_name)) == Texts{"~shop.t (1,-) > (-,z)"});
  const std::string only_key = head + byte(1) + byte(1) + byte(0) + le(1, 4) + byte(0) + le(2, 4);
  CHECK(texts_of(with(Key::id, EventType::update_rows, only_key)) == Texts{"-kshop.t (1,-)", "+kshop.t (2,-)"});
  CHECK(texts_of(with(Key::id, EventType::delete_rows, head + byte(1) + byte(0) + le(1, 4))) == Texts{"-shop.t (1,-)"});
}

TEST_CASE("excluded columns are gone, their bytes stepped over") {
  const auto no_name = [](Settings& s) { s.columns_exclude = {"shop.*.NAME"}; };
  Scene scene{no_name};
  scene.feed(with(Key::id, EventType::write_rows, rows_head(77, true) + image({1, "a"}) + image({2, std::nullopt})));
  CHECK(scene.texts() == Texts{"+shop.t (1)", "+shop.t (2)"});
  CHECK(scene.sink.records[0].table.columns.size() == 1);
  const auto no_key = [](Settings& s) { s.columns_exclude = {"shop.t.id"}; };
  CHECK(error_of(with(Key::id, EventType::write_rows, rows_head(77, true)), no_key).starts_with("MYC1001: binlog.000001:"));
}

TEST_CASE("masks: null, last4 and hash; NULL stays NULL") {
  const auto masked = [](MaskMethod method, const std::optional<std::string>& name, std::string_view column = "name") {
    const KeyFile key;
    const auto how = [&](Settings& s) {
      s.columns_mask = {{"shop.t." + std::string{column}, method}};
      s.mask_key_file = key.path;
    };
    return texts_of(with(Key::id, EventType::write_rows, rows_head(77, true) + image({1, name})), how).front();
  };
  CHECK(masked(MaskMethod::null, "secret") == "+shop.t (1,NULL)");
  CHECK(masked(MaskMethod::last4, "4111222233334444") == "+shop.t (1,****4444)");
  CHECK(masked(MaskMethod::last4, "1234") == "+shop.t (1,****)");
  CHECK(masked(MaskMethod::last4, "") == "+shop.t (1,****)");
  CHECK(masked(MaskMethod::last4, "xäöüß") == "+shop.t (1,****äöüß)");
  CHECK(masked(MaskMethod::last4, std::nullopt) == "+shop.t (1,NULL)");
  // HMAC-SHA-256 of "secret" and of "1" under that key, as openssl dgst prints it.
  CHECK(masked(MaskMethod::hash, "secret") == "+shop.t (1,0ad814968caefdecab8a6c0c55414688fdcad02f100ee7ac5def2352aaff36e5)");
  CHECK(masked(MaskMethod::hash, "x", "id") == "+shop.t (c2a56899f8e6dad8951a30d34b5be54bd457ff077c38b92b6eab206138e6dbbf,x)");
  CHECK(masked(MaskMethod::hash, std::nullopt) == "+shop.t (1,NULL)");
}

TEST_CASE("key columns may only be hashed; then keys still tell rows apart") {
  const KeyFile key;
  const auto mask = [&](MaskMethod method) {
    return [&key, method](Settings& s) {
      s.columns_mask = {{"shop.t.id", method}};
      s.mask_key_file = key.path;
    };
  };
  const LogScript log = with(Key::id, EventType::update_rows, update_body({1, "a"}, {2, "a"}) + image({3, "c"}) + image({3, "d"}));
  CHECK(error_of(log, mask(MaskMethod::null)).starts_with("MYC1001: "));
  CHECK(error_of(log, mask(MaskMethod::last4)).starts_with("MYC1001: "));
  const Texts hashed = texts_of(log, mask(MaskMethod::hash));
  REQUIRE(hashed.size() == 3);
  CHECK(hashed[0].starts_with("-kshop.t ("));
  CHECK(hashed[1].starts_with("+kshop.t ("));
  CHECK(hashed[2].starts_with("~shop.t ("));
}

TEST_CASE("a mask by hash without its key file is refused before anything is read") {
  const auto how = [](Settings& s) { s.columns_mask = {{"shop.t.name", MaskMethod::hash}}; };
  CHECK(error_of([&] { Scene{how}; }).find("columns.maskKeyFile") != std::string::npos);
}

}  // namespace
}  // namespace cdc::capture
