#include "run_identity.h"

#include <fmt/format.h>
#include <unistd.h>

#include <random>

#include "cdc/base/hash.h"
#include "cdc/binlog/gtid_set.h"

namespace cdc::capture {
namespace {

constexpr std::uint32_t derived_id_base = 0x8000'0000U;  // above what people number their replicas with

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

std::string random_uuid() {
  binlog::Uuid uuid;
  std::random_device random;
  for (std::byte& b : uuid) b = static_cast<std::byte>(random() & 0xFF);
  uuid[6] = (uuid[6] & std::byte{0x0F}) | std::byte{0x40};
  uuid[8] = (uuid[8] & std::byte{0x3F}) | std::byte{0x80};
  return binlog::uuid_to_text(uuid);
}

}  // namespace

ReplicaIdentity replica_identity(const CaptureOptions& options) {
  if (options.dry_run) return {derived_id_base | static_cast<std::uint32_t>(std::random_device{}()), random_uuid()};
  const std::uint32_t id = options.settings.server_id.value_or(derived_id_base | fnv1a(options.connector_id + '\n' + host_name()));
  return {id, fmt::format("6d79cdc0-0000-4000-8000-{:012x}", id)};
}

StartMemory start_memory(const CaptureOptions& options) {
  return StartMemory{options.dry_run ? std::string_view{} : options.settings.state_dir, options.connector_id};
}

}  // namespace cdc::capture
