#include "call.h"

namespace cdc::conduit {

void Arrival::attach(Call& call) {
  bool is_over;
  {
    const std::lock_guard lock{mutex_};
    call_ = &call;
    is_over = is_over_;
  }
  if (is_over) call.over();
}

void Arrival::over_done(bool) {
  Call* call;
  {
    const std::lock_guard lock{mutex_};
    is_over_ = true;
    call = call_;
  }
  if (call != nullptr) call->over();
}

grpc::Status failure(const std::string& text) { return {grpc::StatusCode::UNKNOWN, text}; }

}  // namespace cdc::conduit
