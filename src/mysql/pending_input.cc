#include "pending_input.h"

#include <dlfcn.h>

#include <string_view>

#include "connector_hooks.h"
#include "transport.h"

namespace cdc::mysql {
namespace {

using SslPending = int (*)(const void* ssl);

/// SSL_pending of the OpenSSL that the connector has loaded; nullptr when it was built with another library.
SslPending find_ssl_pending() noexcept {
  const char* library = nullptr;
  if (mariadb_get_infov(nullptr, MARIADB_TLS_LIBRARY, &library) != 0 || library == nullptr) return nullptr;
  if (!std::string_view{library}.starts_with("OpenSSL")) return nullptr;
  return reinterpret_cast<SslPending>(::dlsym(RTLD_DEFAULT, "SSL_pending"));
}

}  // namespace

bool has_pending_input(MYSQL* handle) noexcept {
  static const SslPending ssl_pending = find_ssl_pending();
  const MARIADB_PVIO* const pvio = handle->net.pvio;
  if (pvio == nullptr) return true;  // closed: a read ends at once
  if (pvio->cache != nullptr && pvio->cache + pvio->cache_size > pvio->cache_pos) return true;
  if (pvio->ctls != nullptr && ssl_pending != nullptr && ssl_pending(pvio->ctls->ssl) > 0) return true;
  return wait_for_socket(static_cast<int>(mysql_get_socket(handle)), true, 0) != 0;
}

}  // namespace cdc::mysql
