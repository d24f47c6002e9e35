#include "net/connection_guard.hpp"

namespace baton::net {

void connection_guard::limit(channel& limited, std::chrono::milliseconds time) {
  limited_ = &limited;
  expire_after(time);
}

void connection_guard::serve_with(channel* upstream) {
  upstream_ = upstream;
  client_.watch(*this);
}

void connection_guard::end_service() {
  upstream_ = nullptr;
  client_.unwatch();
}

void connection_guard::on_deadline() {
  if (limited_ != nullptr) limited_->close(io_status::timed_out);
}

// Bytes of the next request may come early (pipelining): they wait in the client's buffer.
void connection_guard::on_idle_input(io_status status) {
  if (status != io_status::ok) give_up_client();
}

void connection_guard::give_up_client() {
  client_gone_ = true;
  if (upstream_ != nullptr) upstream_->close(io_status::closed);
}

}  // namespace baton::net
