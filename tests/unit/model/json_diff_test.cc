#include "cdc/model/json_diff.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cdc/model/json.h"
#include "exact_bytes.h"
#include "hex.h"
#include "json_documents_by_hand.h"

namespace cdc {
namespace {

using test::array;
using test::diff;
using test::object;
using test::string;

const std::string small_int{"\x05\x07\x00", 3};  // 7
const std::string null_literal{"\x04\x00", 2};

std::string text_of(std::span<const std::byte> document) {
  OutputBuffer out;
  return append_json_text(out, document) ? std::string{out.view()} : "malformed";
}

/// The document after the changes as text, else what is wrong.
std::string patched(const std::string& document, const std::string& list) {
  Arena memory;
  const ExactBytes exact_document{document}, exact_list{list};
  const JsonPatch patch = apply_json_diffs(exact_document, exact_list, memory);
  return patch.fault == JsonPatchFault::none ? text_of(ExactBytes{patch.document}) : std::string{describe(patch.fault)};
}

const std::string no_place = "a JSON change names a place that the document before the update does not have";
const std::string bad_list = "the list of JSON changes is malformed";
const std::string bad_document = "the document before the update is malformed";

}  // namespace

TEST_CASE("changes to a JSON document") {
  const std::string inner = array({small_int, string("x"), small_int});
  const std::string document = object({{"a", small_int}, {"b", inner}, {"cc", object({{"", null_literal}})}});
  REQUIRE(text_of(ExactBytes{document}) == R"({"a": 7, "b": [7, "x", 7], "cc": {"": null}})");
  const std::string whole(4, '!');
  struct Case {
    std::string name;
    std::string list;
    std::string text;
  };
  const Case cases[] = {
      {"no change", "", R"({"a": 7, "b": [7, "x", 7], "cc": {"": null}})"},
      {"the root", diff(0, "$", string("new")), R"("new")"},
      {"a member", diff(0, "$.a", string("new")), R"({"a": "new", "b": [7, "x", 7], "cc": {"": null}})"},
      {"a cell", diff(0, "$.b[1]", small_int), R"({"a": 7, "b": [7, 7, 7], "cc": {"": null}})"},
      {"the last cell but one", diff(0, "$.b[last-1]", small_int), R"({"a": 7, "b": [7, 7, 7], "cc": {"": null}})"},
      {"the last cell", diff(0, "$.b[last]", null_literal), R"({"a": 7, "b": [7, "x", null], "cc": {"": null}})"},
      {"a quoted member", diff(0, "$.cc.\"\"", small_int), R"({"a": 7, "b": [7, "x", 7], "cc": {"": 7}})"},
      {"the cell of a value that is no array", diff(0, "$.a[0]", null_literal), R"({"a": null, "b": [7, "x", 7], "cc": {"": null}})"},
      {"a member more, in its order", diff(1, "$.ab", null_literal), R"({"a": 7, "b": [7, "x", 7], "ab": null, "cc": {"": null}})"},
      {"a member with escapes", diff(1, R"($."\"\\\/\b\f\n\r\t\u001f")", null_literal),
       R"({"a": 7, "b": [7, "x", 7], "cc": {"": null}, "\"\\/\b\f\n\r\t\u001f": null})"},
      {"a cell more in front", diff(1, "$.b[0]", null_literal), R"({"a": 7, "b": [null, 7, "x", 7], "cc": {"": null}})"},
      {"a cell more behind", diff(1, "$.b[9]", null_literal), R"({"a": 7, "b": [7, "x", 7, null], "cc": {"": null}})"},
      {"a member less", diff(2, "$.b"), R"({"a": 7, "cc": {"": null}})"},
      {"a cell less", diff(2, "$.b[0]"), R"({"a": 7, "b": ["x", 7], "cc": {"": null}})"},
      {"all members less", diff(2, "$.a") + diff(2, "$.b") + diff(2, "$.cc"), "{}"},
      {"inside what came before", diff(1, "$.d", document) + diff(0, "$.d.b[1]", null_literal) + diff(2, "$.a"),
       R"({"b": [7, "x", 7], "d": {"a": 7, "b": [7, null, 7], "cc": {"": null}}, "cc": {"": null}})"},
      {"a value without bytes is null", diff(0, "$.a", ""), R"({"a": null, "b": [7, "x", 7], "cc": {"": null}})"},
      {"no such member", diff(0, "$.x", small_int), no_place},
      {"no such cell", diff(0, "$.b[3]", small_int), no_place},
      {"no such cell from the end", diff(2, "$.b[last-3]"), no_place},
      {"a member of an array", diff(0, "$.b.a", small_int), no_place},
      {"a cell of a value that is no array", diff(0, "$.a[1]", small_int), no_place},
      {"a member that is there already", diff(1, "$.a", small_int), no_place},
      {"a member more of an array", diff(1, "$.b.x", small_int), no_place},
      {"a cell more of an object", diff(1, "$.cc[0]", small_int), no_place},
      {"a cell more of a value", diff(1, "$.a[0]", small_int), no_place},
      {"a member more of nothing", diff(1, "$.x.y", small_int), no_place},
      {"a cell less of a value", diff(2, "$.a[0]"), no_place},
      {"the root more", diff(1, "$", small_int), bad_list},
      {"the root less", diff(2, "$"), bad_list},
      {"an operation that is not known", diff(3, "$.a"), bad_list},
      {"a value that is cut off", diff(0, "$.a", "\x05"), bad_list},
      {"a value of no type", diff(0, "$.a", "\x0e" + whole), bad_list},
      {"a path that is not UTF-8", diff(2, "$.\xff"), bad_list},
      {"a path without its root", diff(2, "a"), bad_list},
      {"an empty path", diff(2, ""), bad_list},
      {"a member without name", diff(2, "$."), bad_list},
      {"an open quote", diff(2, "$.\"a"), bad_list},
      {"half an escape", diff(2, "$.\"a\\\""), bad_list},
      {"an escape that the server does not write", diff(2, "$.\"\\u00e9\""), bad_list},
      {"a cell without number", diff(2, "$.b[]"), bad_list},
      {"a cell beyond all numbers", diff(2, "$.b[99999999999999999999]"), bad_list},
      {"a wildcard", diff(2, "$.b[*]"), bad_list},
      {"something behind a cell", diff(2, "$.b[0]x"), bad_list},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(patched(document, c.list) == c.text);
  }
  CHECK(patched("", diff(0, "$", small_int)) == "7");
  CHECK(patched("", "") == "null");
}

TEST_CASE("a path is as long as a document is deep") {
  std::string document = small_int, path = "$";
  for (unsigned i = 0; i < json_depth_max; ++i) document = array({document}), path += "[0]";
  CHECK(patched(document, diff(0, path, null_literal)) == std::string(json_depth_max, '[') + "null" + std::string(json_depth_max, ']'));
  CHECK(patched(document, diff(0, path + "[0]", null_literal)) == bad_list);
}

TEST_CASE("large containers, and values that only those hold in their entries") {
  const std::string wide = string(std::string(70'000, 'w')), number{"\x08\x00\x28\x6b\xee", 5}, negative{"\x07\x90\xee\xfe\xff", 5};
  const std::string document = object({{"i", number}, {"n", negative}, {"w", wide}}, true);
  const std::string w = "\"" + std::string(70'000, 'w') + "\"";
  CHECK(text_of(ExactBytes{document}) == R"({"i": 4000000000, "n": -70000, "w": )" + w + "}");
  CHECK(patched(document, diff(1, "$.a", array({number, small_int}))) ==
        R"({"a": [4000000000, 7], "i": 4000000000, "n": -70000, "w": )" + w + "}");
  CHECK(patched(document, diff(2, "$.w")) == R"({"i": 4000000000, "n": -70000})");
  CHECK(patched(object({{"a", small_int}}), diff(1, "$.w", wide) + diff(1, "$.x", negative)) ==
        R"({"a": 7, "w": )" + w + R"(, "x": -70000})");
}

TEST_CASE("every truncation of a list of JSON changes is refused, and one byte too many") {
  const std::string document = object({{"a", small_int}, {"b", array({small_int})}});
  const std::string list = diff(0, "$.a", string("new")) + diff(1, "$.b[1]", small_int) + diff(2, "$.a");
  const std::size_t ends[] = {0, diff(0, "$.a", string("new")).size(), list.size() - diff(2, "$.a").size(), list.size()};
  for (std::size_t size = 0; size <= list.size(); ++size) {
    CAPTURE(size);
    const bool whole = std::find(std::begin(ends), std::end(ends), size) != std::end(ends);
    CHECK((patched(document, list.substr(0, size)) == bad_list) == !whole);
    OutputBuffer out;
    out.append("x");
    CHECK(append_json_diff_text(out, ExactBytes{std::string_view{list}.substr(0, size)}) == whole);
    if (!whole) CHECK(out.view() == "x");
  }
  CHECK(patched(document, list + '\0') == bad_list);
}

TEST_CASE("every truncation of the document is refused where a change looks") {
  const std::string document = object({{"a", small_int}, {"b", array({small_int, string("text")})}});
  for (std::size_t size = 1; size < document.size(); ++size) {
    CAPTURE(size);
    CHECK(patched(document.substr(0, size), diff(0, "$.b[1]", small_int)) == bad_document);
  }
  CHECK(patched(document + '\0', diff(0, "$.b[1]", small_int)) == R"({"a": 7, "b": [7, 7]})");
}

TEST_CASE("containers that share bytes are not taken apart without end") {
  // Each cell of the outer array is the same inner one.
  const std::string inner = test::container({}, std::vector<std::string>(50, small_int), false);
  std::string outer = test::word(40, 2) + test::word(4 + 40 * 3 + inner.size(), 2), list;
  for (int i = 0; i < 40; ++i)
    outer += '\x02' + test::word(4 + 40 * 3, 2), list += diff(0, "$[" + std::to_string(i) + "][0]", null_literal);
  const std::string document = '\x02' + outer + inner;
  CHECK(patched(document, list.substr(0, diff(0, "$[0][0]", null_literal).size())) == bad_document);
  CHECK(patched(document, list) == bad_document);
}

TEST_CASE("JSON changes as text") {
  OutputBuffer out;
  const std::string list = diff(0, "$.a", string("é\"")) + diff(1, "$.\"b c\"[1]", object({{"k", small_int}})) + diff(2, "$.d");
  REQUIRE(append_json_diff_text(out, ExactBytes{list}));
  CHECK(out.view() == R"([{"op": "replace", "path": "$.a", "value": "é\""}, {"op": "insert", "path": "$.\"b c\"[1]", "value": {"k": 7}}, )"
                      R"({"op": "remove", "path": "$.d"}])");
  out.clear();
  REQUIRE(append_json_diff_text(out, ExactBytes{""}));
  CHECK(out.view() == "[]");
  CHECK_FALSE(append_json_diff_text(out, ExactBytes{diff(2, "$.\xff")}));
  CHECK_FALSE(append_json_diff_text(out, ExactBytes{diff(0, "$.a", "\x0e")}));
  CHECK(out.view() == "[]");
}

}  // namespace cdc
