#include "file_channel.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "cdc/base/error.h"
#include "cdc/base/reader.h"
#include "cdc/binlog/event.h"
#include "file_list.h"

namespace cdc::capture {
namespace {

constexpr unsigned char magic_plain[4] = {0xfe, 'b', 'i', 'n'};
constexpr unsigned char magic_encrypted[4] = {0xfd, 'b', 'i', 'n'};
constexpr unsigned char magic_innodb[4] = {0xfe, 0xfe, 0x0d, 0x01};
constexpr std::size_t growth_step_bytes = 16U << 20;  // a lying event size costs no more than this beyond what the file has

void check_magic(const std::string& path, std::span<const std::byte> head) {
  const auto is = [&](const unsigned char(&magic)[4]) { return head.size() >= 4 && std::memcmp(head.data(), magic, 4) == 0; };
  if (is(magic_plain)) return;
  if (is(magic_encrypted))
    throw Error{ErrorCode::file_encrypted, Remedy::operate, fmt::format("{} is encrypted (binlog_encryption=ON)", path),
                "read it through its server instead: mysql-cdc dry-run URL --from FILE:4; the server decrypts"};
  if (is(magic_innodb))
    throw Error{ErrorCode::file_not_binlog, Remedy::operate,
                fmt::format("{} is an InnoDB-paged binlog (binlog_storage_engine=innodb)", path),
                "read it through its server instead: mysql-cdc dry-run URL --from earliest"};
  throw Error{
      ErrorCode::file_not_binlog, Remedy::operate,
      head.empty() ? fmt::format("{} is empty", path) : fmt::format("{} is not a binlog file (its first bytes are not fe 62 69 6e)", path),
      "give files that SHOW BINARY LOGS lists, unpacked"};
}

}  // namespace

FileChannel::FileChannel(const std::string& path) : path_{path}, name_{file_name(path)}, buffer_(read_size_bytes) {
  fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0)
    throw Error{ErrorCode::file_unreadable, Remedy::operate, fmt::format("cannot open {}: {}", path, std::strerror(errno)),
                "check the path and that this user may read it"};
  try {
    fill(magic_size_bytes);
    check_magic(path_, std::span{buffer_}.first(std::min(filled_, magic_size_bytes)));
  } catch (...) {
    ::close(fd_);
    throw;
  }
  cursor_ = offset_ = magic_size_bytes;
}

FileChannel::~FileChannel() { ::close(fd_); }

void FileChannel::read_some() {
  const ssize_t got = ::read(fd_, buffer_.data() + filled_, buffer_.size() - filled_);
  if (got > 0) filled_ += static_cast<std::size_t>(got);
  if (got == 0) at_end_ = true;
  if (got < 0 && errno != EINTR)
    throw Error{ErrorCode::file_unreadable, Remedy::operate, fmt::format("cannot read {}: {}", path_, std::strerror(errno)),
                "check the disk"};
}

bool FileChannel::read_until(std::size_t wanted_bytes) {
  while (available() < wanted_bytes && !at_end_) {
    if (cursor_ != 0) {
      std::memmove(buffer_.data(), buffer_.data() + cursor_, available());
      filled_ -= cursor_;
      cursor_ = 0;
    }
    if (filled_ == buffer_.size()) buffer_.resize(std::min(std::max(wanted_bytes, read_size_bytes), buffer_.size() + growth_step_bytes));
    read_some();
  }
  return available() >= wanted_bytes;
}

void FileChannel::throw_truncated() const {
  throw Error{ErrorCode::file_truncated, Remedy::operate, fmt::format("{}:{}: the file ends inside an event", name_, offset_),
              "the file is still being written or was cut: copy it again, or read it through its server"};
}

std::span<const std::byte> FileChannel::next() {
  if (!fill(binlog::EventHeader::wire_size_bytes)) {
    if (available() != 0) throw_truncated();
    return {};
  }
  Reader head{std::span{buffer_}.subspan(cursor_, binlog::EventHeader::wire_size_bytes)};
  const auto header = binlog::EventHeader::parse(head);
  if (head.failed())
    throw Error{ErrorCode::event_malformed, Remedy::fix, fmt::format("{}:{}: impossible event size {}", name_, offset_, header.size_bytes),
                "the file is damaged here: compare with the server's mysqlbinlog, or read it through its server"};
  if (!fill(header.size_bytes)) throw_truncated();
  const auto event = std::span<const std::byte>{buffer_}.subspan(cursor_, header.size_bytes);
  cursor_ += event.size();
  offset_ += event.size();
  return event;
}

}  // namespace cdc::capture
