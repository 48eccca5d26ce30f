#include "table_version.h"

#include <algorithm>
#include <cstring>

#include "cdc/base/hash.h"
#include "cdc/base/reader.h"

namespace cdc::capture {
namespace {

constexpr std::string_view magic = "mycdc-tv";
constexpr std::uint16_t format_version = 1;
constexpr std::size_t head_size_bytes = 8 + 2 + 8;
constexpr std::size_t least_version_bytes = 50;  // without names: bounds what a damaged count can ask for

class Writer {
 public:
  template <class Int>
  void number(Int value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);  // little-endian hosts only
    out_.append(bytes, sizeof value);
  }
  void count(std::size_t value) { number(static_cast<std::uint32_t>(value)); }
  void text(std::string_view value) { count(value.size()), out_ += value; }
  void place(const LogPlace& value) { text(value.file), number(value.at); }
  std::string&& take() noexcept { return std::move(out_); }

 private:
  std::string out_;
};

constexpr unsigned is_unsigned = 1, nullable = 2, hidden = 4, labels_unsure = 8;

void write_column(Writer& out, const catalog::CatalogColumn& entry) {
  const Column& column = entry.column;
  const unsigned flags = (column.is_unsigned ? is_unsigned : 0) | (column.nullable ? nullable : 0) | (entry.hidden ? hidden : 0) |
                         (entry.labels_unsure ? labels_unsure : 0);
  out.text(column.name);
  out.number(static_cast<std::uint8_t>(column.type));
  out.number(static_cast<std::uint8_t>(flags));
  out.number(column.precision);
  out.number(column.fraction_digits);
  out.number(column.length_bytes);
  out.number(column.collation);
  out.text(entry.type_text);
  out.count(column.labels.size());
  for (const std::string& label : column.labels) out.text(label);
}

std::string text_of(const TableVersion& version) {
  Writer out;
  out.number(version.table_id);
  out.number(version.shape);
  out.place(version.from);
  out.number(version.table.created_at_s);
  out.number(static_cast<std::uint8_t>(version.table.sequence));
  out.count(version.table.columns.size());
  for (const auto& column : version.table.columns) write_column(out, column);
  out.count(version.table.primary_key.size());
  for (const auto& part : version.table.primary_key) out.count(part.column_index), out.number(part.prefix_characters);
  return out.take();
}

std::string read_text(Reader& in) { return std::string{in.text(in.u32())}; }

/// A count of things that take at least so many bytes each.
std::size_t read_count(Reader& in, std::size_t least_bytes) {
  const std::uint32_t count = in.u32();
  if (count <= in.remaining() / least_bytes) return count;
  in.fail();
  return 0;
}

catalog::CatalogColumn read_column(Reader& in) {
  catalog::CatalogColumn out;
  Column& column = out.column;
  column.name = read_text(in);
  const std::uint8_t type = in.u8(), flags = in.u8();
  if (type > static_cast<std::uint8_t>(ColumnType::inet6)) in.fail();
  column.type = static_cast<ColumnType>(type);
  column.is_unsigned = (flags & is_unsigned) != 0;
  column.nullable = (flags & nullable) != 0;
  out.hidden = (flags & hidden) != 0;
  out.labels_unsure = (flags & labels_unsure) != 0;
  column.precision = in.u8();
  column.fraction_digits = in.u8();
  column.length_bytes = in.u32();
  column.collation = in.u32();
  out.type_text = read_text(in);
  for (std::size_t left = read_count(in, 4); left > 0 && !in.failed(); --left) column.labels.push_back(read_text(in));
  return out;
}

TableVersion read_version(Reader& in, const std::string& schema, const std::string& table) {
  TableVersion out;
  out.table_id = in.u64();
  out.shape = in.u64();
  out.from.file = read_text(in);
  out.from.at = in.u64();
  out.table.schema = schema, out.table.table = table;
  out.table.created_at_s = static_cast<std::int64_t>(in.u64());
  out.table.sequence = in.u8() != 0;
  for (std::size_t left = read_count(in, 24); left > 0 && !in.failed(); --left) out.table.columns.push_back(read_column(in));
  for (std::size_t left = read_count(in, 12); left > 0 && !in.failed(); --left) {
    const std::uint32_t index = in.u32();
    if (index >= out.table.columns.size()) in.fail();
    out.table.primary_key.push_back({index, in.u64()});
  }
  return out;
}

bool read_body(Reader& in, TableVersionFile& out) {
  out.process = read_text(in);
  const std::string schema = read_text(in), table = read_text(in);
  for (std::size_t left = read_count(in, least_version_bytes); left > 0 && !in.failed(); --left)
    out.versions.push_back(read_version(in, schema, table));
  return !in.failed() && in.remaining() == 0;
}

}  // namespace

std::uint64_t shape_of(const binlog::TableMap& map) {
  Writer out;
  for (const binlog::WireColumn& column : map.columns) {
    out.number(column.type);
    out.number(column.width);
    out.number(column.precision);
    out.number(column.fraction_digits);
    out.number(column.max_bytes);
    out.number(column.nullable);
    out.number(column.sign);
    out.number(column.collation);
  }
  return fnv1a_64(out.take());
}

std::string encode(const TableVersionFile& file) {
  std::vector<std::string> texts;
  std::size_t room = version_file_bytes_max / 2;  // the rest is more than the names need
  for (auto it = file.versions.rbegin(); it != file.versions.rend() && texts.size() < version_count_max; ++it) {
    texts.push_back(text_of(*it));
    if (texts.back().size() > room) {
      texts.pop_back();
      break;
    }
    room -= texts.back().size();
  }
  Writer body;
  body.text(file.process);
  body.text(texts.empty() ? std::string_view{} : file.versions.back().table.schema);
  body.text(texts.empty() ? std::string_view{} : file.versions.back().table.table);
  body.count(texts.size());
  std::string rest = body.take();
  for (auto it = texts.rbegin(); it != texts.rend(); ++it) rest += *it;
  Writer head;
  head.number(format_version);
  head.number(fnv1a_64(rest));
  return std::string{magic} + head.take() + rest;
}

VersionFileState decode(std::span<const std::byte> bytes, TableVersionFile& out) {
  out = {};
  Reader in{bytes};
  const std::string_view found = in.text(std::min(magic.size(), in.remaining()));
  if (bytes.empty()) return VersionFileState::corrupt;  // a crash before the first write reached the disk
  if (found != magic) return magic.starts_with(found) ? VersionFileState::corrupt : VersionFileState::foreign;
  if (bytes.size() < head_size_bytes) return VersionFileState::corrupt;
  if (in.u16() > format_version) return VersionFileState::newer;
  const std::uint64_t sum = in.u64();
  const auto rest = in.rest();
  const bool whole = sum == fnv1a_64({reinterpret_cast<const char*>(rest.data()), rest.size()});
  return whole && read_body(in, out) ? VersionFileState::good : VersionFileState::corrupt;
}

}  // namespace cdc::capture
