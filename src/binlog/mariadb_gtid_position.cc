#include <fmt/format.h>

#include <algorithm>

#include "cdc/base/error.h"
#include "cdc/base/numbers.h"
#include "cdc/binlog/gtid_set.h"
#include "gtid_text.h"

namespace cdc::binlog {
namespace {

MariadbGtid parse_gtid(std::string_view part) {
  std::string_view rest = part;
  MariadbGtid out;
  const bool domain_ok = number_from_text(next_part(rest, '-'), out.domain);
  const bool server_ok = number_from_text(next_part(rest, '-'), out.server);
  if (!domain_ok || !server_ok || !number_from_text(trimmed(rest), out.sequence))
    throw Error{ErrorCode::position_invalid, Remedy::operate, fmt::format("`{}` is no MariaDB GTID", part.substr(0, 80)),
                "write it as the server does: SELECT @@GLOBAL.gtid_binlog_pos"};
  return out;
}

template <class Out>
void append_to(Out& out, const std::vector<MariadbGtid>& gtids) {
  char text[4 + 3 * integer_text_max_bytes];
  bool first = true;
  for (const MariadbGtid& gtid : gtids) {
    char* end = text;
    if (!first) *end++ = ',';
    first = false;
    end = write_uint(end, gtid.domain), *end++ = '-';
    end = write_uint(end, gtid.server), *end++ = '-';
    end = write_uint(end, gtid.sequence);
    out.append(std::string_view{text, end});
  }
}

}  // namespace

MariadbGtidPosition MariadbGtidPosition::parse(std::string_view text) {
  MariadbGtidPosition out;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view part = next_part(rest, ',');
    if (part.empty()) continue;
    const MariadbGtid gtid = parse_gtid(part);
    if (out.find(gtid.domain) != nullptr)
      throw Error{ErrorCode::position_invalid, Remedy::operate,
                  fmt::format("domain {} stands twice in a MariaDB GTID position", gtid.domain), "give one GTID for each domain"};
    out.set(gtid);
  }
  return out;
}

void MariadbGtidPosition::append_text(std::string& out) const { append_to(out, last_); }
void MariadbGtidPosition::append_text(OutputBuffer& out) const { append_to(out, last_); }

std::string MariadbGtidPosition::to_text() const {
  std::string out;
  append_text(out);
  return out;
}

void MariadbGtidPosition::set(const MariadbGtid& gtid) {
  const auto at = std::ranges::lower_bound(last_, gtid.domain, {}, &MariadbGtid::domain);
  if (at != last_.end() && at->domain == gtid.domain)
    *at = gtid;
  else
    last_.insert(at, gtid);
}

const MariadbGtid* MariadbGtidPosition::find(std::uint32_t domain) const noexcept {
  const auto at = std::ranges::lower_bound(last_, domain, {}, &MariadbGtid::domain);
  return at != last_.end() && at->domain == domain ? &*at : nullptr;
}

}  // namespace cdc::binlog
