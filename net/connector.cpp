#include "net/connector.hpp"

#include <openssl/x509_vfy.h>

#include <boost/asio/ip/address.hpp>
#include <functional>

#include "net/async_operation.hpp"
#include "net/proxy_tunnel.hpp"

namespace baton::net {
namespace {

// Enough for the events of a stream; answer_relay makes it larger for answers that fill it.
constexpr std::size_t upstream_buffer_bytes = 4 * 1024;

using resolver = asio::ip::basic_resolver<tcp, asio::io_context::executor_type>;

// Runs `expire` if a step takes too long.
class step_deadline final : public deadline_sweep::entry {
 public:
  step_deadline(deadline_sweep& deadlines, milliseconds limit, std::function<void()> expire)
      : expire_(std::move(expire)) {
    deadlines.add(*this);
    expire_after(limit);
  }
  bool passed() const { return passed_; }

 private:
  void on_deadline() override {
    passed_ = true;
    expire_();
  }
  std::function<void()> expire_;
  bool passed_ = false;
};

error unreachable(const std::string& authority, const std::string& why) {
  return upstream_error(error_code::upstream_unreachable,
                        "The upstream " + authority + " cannot be reached: " + why + ".");
}

std::string reason(const step_deadline& deadline, const boost::system::error_code& failure) {
  return deadline.passed() ? "timed out" : failure.message();
}

task<result<tcp_socket>> connect_tcp(event_loop& loop, deadline_sweep& deadlines,
                                     milliseconds limit, const std::string& host,
                                     std::uint16_t port) {
  std::vector<tcp::endpoint> endpoints;
  boost::system::error_code not_an_address;
  const auto address = asio::ip::make_address(host, not_an_address);
  if (!not_an_address) {
    endpoints.emplace_back(address, port);
  } else {
    resolver names(loop.context());
    async_operation<resolver::results_type> lookup(loop);
    const step_deadline deadline(deadlines, limit, [&] { lookup.abandon(); });
    auto [failure, found] = co_await lookup.start([&](auto done) {
      names.async_resolve(host, std::to_string(port), asio::ip::resolver_base::numeric_service,
                          std::move(done));
    });
    if (failure) co_return unreachable(host, "its name: " + reason(deadline, failure));
    for (const auto& each : found) endpoints.push_back(each.endpoint());
  }

  tcp_socket socket(loop.context());
  const step_deadline deadline(deadlines, limit, [&] {
    boost::system::error_code ignored;
    socket.close(ignored);
  });
  boost::system::error_code failure = asio::error::host_not_found;
  // One by one, since asio::async_connect() needs its socket even after this coroutine was
  // destroyed.
  for (const auto& endpoint : endpoints) {
    boost::system::error_code ignored;
    socket.close(ignored);
    async_operation<> connecting(loop);
    const auto [outcome] = co_await connecting.start(
        [&](auto done) { socket.async_connect(endpoint, std::move(done)); });
    failure = outcome;
    if (!failure || deadline.passed()) break;
  }
  if (failure || !socket.is_open()) co_return unreachable(host, reason(deadline, failure));
  co_return std::move(socket);
}

// A connection being made. Destroyed before it is done, it is closed: its running operation would
// keep it open for as long as the peer is silent.
class unfinished {
 public:
  explicit unfinished(boost::intrusive_ptr<tls_channel> making) : making_(std::move(making)) {}
  unfinished(const unfinished&) = delete;
  unfinished& operator=(const unfinished&) = delete;
  ~unfinished() {
    if (making_) making_->close(io_status::closed);
  }
  tls_channel* operator->() const { return making_.get(); }
  channel_ptr done() { return std::exchange(making_, nullptr); }

 private:
  boost::intrusive_ptr<tls_channel> making_;
};

std::string tls_failure(SSL* ssl, const boost::system::error_code& failure) {
  const auto verdict = SSL_get_verify_result(ssl);
  return verdict == X509_V_OK ? failure.message() : X509_verify_cert_error_string(verdict);
}

}  // namespace

task<result<channel_ptr>> connect_upstream(event_loop& loop, deadline_sweep& deadlines,
                                           const relay_settings& settings, tls_client& tls,
                                           const relay::ready_account& account) {
  const auto& target = account.target;
  const auto& proxy = account.config.proxy;
  const auto& own = account.config.timeouts;
  const auto connect_max = own.connect.value_or(settings.connect);
  auto connected =
      co_await connect_tcp(loop, deadlines, connect_max, proxy.enabled() ? proxy.host : target.host,
                           proxy.enabled() ? proxy.port : target.port);
  if (!connected) co_return connected.error();
  auto socket = std::move(*connected);

  if (proxy.enabled()) {
    const step_deadline deadline(deadlines, connect_max, [&] {
      boost::system::error_code ignored;
      socket.close(ignored);
    });
    const auto opened = co_await open_tunnel(loop, socket, proxy, target.host, target.port);
    if (deadline.passed()) co_return unreachable(target.authority, "its proxy timed out");
    if (!opened) co_return opened.error();
  }
  if (!target.tls) co_return make_plain_channel(loop, std::move(socket), upstream_buffer_bytes);

  unfinished secured(boost::intrusive_ptr<tls_channel>(
      new tls_channel(loop, std::move(socket), tls.context(), upstream_buffer_bytes)));
  tls.prepare(secured->ssl(), target.host, target.port);
  async_operation<> handshake(loop);
  const step_deadline deadline(deadlines, own.tls_handshake.value_or(settings.tls_handshake),
                               [&] { secured->close(io_status::timed_out); });
  const auto [failure] = co_await secured->handshake(handshake, tls_channel::side::client);
  if (failure) {
    const auto why =
        deadline.passed() ? std::string("timed out") : tls_failure(secured->ssl(), failure);
    co_return unreachable(target.authority, "TLS: " + why);
  }
  co_return secured.done();
}

}  // namespace baton::net
