// Connections to upstreams, kept alive between requests: one pool per worker, a bucket per endpoint
// and proxy. An idle connection is watched, so one that the upstream closes leaves the pool at
// once; the longest unused go after `upstream_idle`.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "net/channel.hpp"
#include "net/deadline_sweep.hpp"
#include "net/relay_settings.hpp"
#include "net/tls.hpp"
#include "relay/platform.hpp"

namespace baton::net {

class upstream_pool;

// A connection to an upstream, in use by one exchange or idle in its pool.
class upstream_connection final : public channel::watcher {
 public:
  ~upstream_connection() override;

  channel& bytes() { return *channel_; }
  // It has carried a request before: the upstream may be closing it right now.
  bool reused() const { return reused_; }

 private:
  friend class upstream_pool;
  struct bucket;
  upstream_connection(channel_ptr connected, bucket& home);
  void on_idle_input(io_status status) override;

  channel_ptr channel_;
  bucket& home_;
  bool reused_ = false;
  steady_time idle_since_{};
};

using upstream_ptr = std::unique_ptr<upstream_connection>;

class upstream_pool final : deadline_sweep::entry {
 public:
  // Keeps references to all of them.
  upstream_pool(event_loop& loop, deadline_sweep& deadlines, const relay_settings& settings);
  ~upstream_pool() override;

  // An idle connection for the account's endpoint, the one used last, or null.
  upstream_ptr take(const relay::ready_account& account);

  // A new connection: name, proxy, TLS, each within its time. Errors: upstream_unreachable with
  // what failed.
  task<result<upstream_ptr>> connect(const relay::ready_account& account);

  // Returns a connection whose answer has been read to its end and which stays open.
  void give_back(upstream_ptr connection);

  std::size_t idle() const;

 private:
  struct key {
    relay::endpoint target;
    relay::proxy_settings proxy;
    friend bool operator==(const key&, const key&) = default;
  };
  upstream_connection::bucket& bucket_of(const relay::ready_account& account);
  void on_deadline() override;

  event_loop& loop_;
  deadline_sweep& deadlines_;
  const relay_settings& settings_;
  tls_client tls_;
  // Few endpoints, so a scan with a string comparison beats hashing their names.
  std::vector<std::unique_ptr<upstream_connection::bucket>> buckets_;
};

}  // namespace baton::net
