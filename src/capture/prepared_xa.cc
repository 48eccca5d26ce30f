#include "prepared_xa.h"

#include <fmt/format.h>

#include <cstring>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/base/numbers.h"
#include "cdc/binlog/query_event.h"

namespace cdc::capture {

using binlog::EventHeader;
using binlog::EventType;

std::string xa_text(const binlog::XaName& name) {
  const auto hex = [](std::string_view bytes) {
    std::string out(bytes.size() * 2, '\0');
    write_hex(out.data(), bytes.data(), bytes.size());
    return out;
  };
  return fmt::format("X'{}',X'{}',{}", hex(name.global), hex(name.branch), name.format);
}

std::string_view xa_text_of(std::string_view sql) noexcept {
  const auto at = sql.find("X'");
  return at == std::string_view::npos ? std::string_view{} : sql.substr(at);
}

void HeldEvents::add(std::span<const std::byte> event, std::size_t bytes_max) {
  const auto size = static_cast<std::uint32_t>(event.size());
  if (!whole_) return;
  if (bytes_.size() + sizeof size + event.size() > bytes_max) {
    std::string{}.swap(bytes_);
    whole_ = false;
    return;
  }
  bytes_.append(reinterpret_cast<const char*>(&size), sizeof size);
  bytes_.append(reinterpret_cast<const char*>(event.data()), event.size());
}

void HeldEvents::for_each(const std::function<void(std::span<const std::byte>)>& take) const {
  for (std::size_t at = 0; at < bytes_.size();) {
    std::uint32_t size = 0;
    std::memcpy(&size, bytes_.data() + at, sizeof size);
    at += sizeof size;
    take(std::as_bytes(std::span{bytes_}.subspan(at, size)));
    at += size;
  }
}

void PreparedXa::prepare(const std::string& name, Transaction transaction) {
  erase(name);
  if (open_.size() >= open_count_max)
    throw Error{ErrorCode::xa_transaction, Remedy::operate,
                fmt::format("more than {} XA transactions are prepared and neither committed nor rolled back", open_count_max),
                "XA RECOVER lists them: XA COMMIT or XA ROLLBACK those that nobody will end"};
  held_bytes_ += transaction.events.size_bytes();
  open_.push_back({name, std::move(transaction)});
  by_name_[name] = std::prev(open_.end());
  update_oldest();
}

const PreparedXa::Transaction* PreparedXa::find(std::string_view name) const {
  const auto it = by_name_.find(name);
  return it == by_name_.end() ? nullptr : &it->second->transaction;
}

void PreparedXa::erase(std::string_view name) {
  const auto it = by_name_.find(name);
  if (it == by_name_.end()) return;
  held_bytes_ -= it->second->transaction.events.size_bytes();
  open_.erase(it->second);
  by_name_.erase(it);
  update_oldest();
}

void PreparedXa::update_oldest() {
  oldest_.clear();
  if (open_.empty()) return;
  const LogPlace& place = open_.front().transaction.place;
  if (!place.file.empty()) oldest_ = fmt::format("{}:{}", place.file, place.at);
}

void PreparedXa::leave_server() {
  for (Open& each : open_) each.transaction.place = {};
  update_oldest();
}

void PreparedXa::warn_of_old(std::uint64_t now_s) {
  if (now_s < next_look_s_) return;
  next_look_s_ = now_s + 60;
  for (Open& each : open_) {
    Transaction& open = each.transaction;
    if (open.told_of_age || open.prepared_at_s == 0 || now_s < open.prepared_at_s + old_age_s) continue;
    open.told_of_age = true;
    log(LogLevel::warning,
        fmt::format(
            "the XA transaction {} is prepared since {} minutes and neither committed nor rolled back: its log, from {}:{} on, must "
            "not be purged; XA RECOVER lists such transactions",
            each.name, (now_s - open.prepared_at_s) / 60, open.place.file, open.place.at));
  }
}

void XaSkimmer::on_event(const ReadEvent& event) {
  const binlog::ChecksumAlgorithm checksum = event.format.checksum;
  if (event.header.type != EventType::transaction_payload)
    return look_at(event.header, binlog::event_body(event.bytes, checksum), event.at);
  payload_.open(binlog::event_body(event.bytes, checksum));
  for (auto inner = payload_.next(); !inner.empty(); inner = payload_.next()) {
    Reader head{inner};
    look_at(EventHeader::parse(head), binlog::event_body(inner, binlog::ChecksumAlgorithm::none), event.at);
  }
}

void XaSkimmer::look_at(const EventHeader& header, Reader body, const LogPlace& at) {
  const auto malformed = [&](std::string_view what) {
    return Error{ErrorCode::event_malformed, Remedy::fix, fmt::format("{}:{}: malformed {} event", at.file, at.at, what)};
  };
  switch (header.type) {
    case EventType::gtid:
    case EventType::anonymous_gtid:
    case EventType::gtid_tagged:
    case EventType::mariadb_gtid: group_ = at; return;
    case EventType::xa_prepare: {
      binlog::XaPrepareEvent prepare;
      if (!binlog::XaPrepareEvent::parse(body, prepare)) throw malformed("XA prepare");
      if (!prepare.one_phase) open_.prepare(xa_text(prepare.name), {.place = group_, .prepared_at_s = header.created_at_s});
      return;
    }
    case EventType::query:
    case EventType::query_compressed: {
      binlog::QueryEvent query;
      if (!binlog::QueryEvent::parse(header.type, body, inflater_, query)) throw malformed("query");
      if (query.sql.starts_with("XA COMMIT") || query.sql.starts_with("XA ROLLBACK")) open_.erase(xa_text_of(query.sql));
      return;
    }
    default: return;
  }
}

}  // namespace cdc::capture
