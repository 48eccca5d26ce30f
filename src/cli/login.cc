#include "login.h"

#include <fmt/format.h>
#include <unistd.h>

#include "cdc/base/error.h"
#include "terminal.h"

namespace cdc::cli {
namespace {

bool ask(mysql::Endpoint& endpoint, const std::stop_token& interrupted) {
  auto password = ask_password(fmt::format("password of {}: ", mysql::display_name(endpoint)), interrupted);
  if (!password) return false;
  endpoint.password = std::move(*password);
  return true;
}

}  // namespace

int with_login(mysql::Endpoint& endpoint, bool ask_first, const std::stop_token& interrupted, const std::function<int()>& body) {
  const bool may_ask =
      endpoint.password.empty() && endpoint.fetch_password == nullptr && is_terminal(STDIN_FILENO) && is_terminal(STDERR_FILENO);
  if (ask_first) ask(endpoint, interrupted);
  for (bool asked = ask_first;; asked = true) {
    try {
      return body();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::access_denied || !may_ask || asked || !ask(endpoint, interrupted)) throw;
    }
  }
}

}  // namespace cdc::cli
