#include "tests/support/mock_upstream.hpp"

#include <sys/resource.h>

#include <boost/asio/ip/address.hpp>
#include <thread>

#include "tests/support/mock_worker.hpp"

namespace baton::mock {

namespace {

constexpr std::chrono::milliseconds poll_interval{1};

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int select_http_1_1(SSL*, const unsigned char** chosen, unsigned char* chosen_bytes,
                    const unsigned char* offered, unsigned int offered_bytes, void*) {
  static constexpr unsigned char supported[] = "\x08http/1.1";
  unsigned char* match = nullptr;
  const int outcome = SSL_select_next_proto(&match, chosen_bytes, supported, sizeof supported - 1,
                                            offered, offered_bytes);
  if (outcome != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = match;
  return SSL_TLSEXT_ERR_OK;
}

asio::ssl::context make_tls(const upstream_options& options) {
  asio::ssl::context context(asio::ssl::context::tls_server);
  context.use_certificate_chain(asio::buffer(options.certificate));
  context.use_private_key(asio::buffer(options.private_key), asio::ssl::context::pem);
  SSL_CTX_set_alpn_select_cb(context.native_handle(), select_http_1_1, nullptr);
  return context;
}

}  // namespace

mock_upstream::mock_upstream(upstream_options options)
    : options_(std::move(options)), shared_(std::make_unique<shared_state>(options_.normal)) {
  raise_descriptor_limit();
  if (!options_.certificate.empty()) shared_->tls.emplace(make_tls(options_));
  asio::ip::tcp::endpoint address(asio::ip::make_address(options_.host), options_.port);
  for (unsigned n = 0; n < std::max(options_.threads, 1u); ++n) {
    workers_.push_back(std::make_unique<worker>(*shared_, n, address));
    port_ = workers_.front()->port();
    address.port(port_);
  }
  for (const auto& each : workers_) each->start();
}

mock_upstream::~mock_upstream() {
  stop();
}

std::string mock_upstream::url() const {
  const std::string scheme = options_.certificate.empty() ? "http://" : "https://";
  const bool v6 = options_.host.find(':') != std::string::npos;
  const std::string host = v6 ? "[" + options_.host + "]" : options_.host;
  return scheme + host + ":" + std::to_string(port_);
}

void mock_upstream::behave(std::string_view credential, behaviour script) {
  shared_->book.behave(credential, std::move(script));
}

statistics mock_upstream::stats() const {
  for (const auto& each : workers_) each->settle();
  return shared_->snapshot();
}

void mock_upstream::clear_stats() {
  shared_->clear_statistics();
}

bool mock_upstream::wait_until(const std::function<bool(const statistics&)>& condition,
                               std::chrono::milliseconds limit) const {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition(stats())) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(poll_interval);
  }
  return true;
}

void mock_upstream::close_connections(ending how) {
  for (const auto& each : workers_) each->close_connections(how);
}

void mock_upstream::stop() {
  workers_.clear();
}

}  // namespace baton::mock
