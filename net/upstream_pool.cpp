#include "net/upstream_pool.hpp"

#include <algorithm>

#include "net/connector.hpp"
#include "net/upstream_bucket.hpp"

namespace baton::net {
namespace {

// Per endpoint and worker. Above it a connection is closed instead of kept.
constexpr std::size_t idle_max = 512;
constexpr std::chrono::milliseconds sweep_interval{1000};

}  // namespace

upstream_connection::upstream_connection(channel_ptr connected, bucket& home)
    : channel_(std::move(connected)), home_(home) {}

upstream_connection::~upstream_connection() {
  channel_->unwatch();
  channel_->close(io_status::closed);
}

// Bytes nobody asked for are as good a reason to drop an idle connection as its end.
void upstream_connection::on_idle_input(io_status) {
  auto& idle = home_.idle;
  const auto self = std::find_if(idle.begin(), idle.end(),
                                 [this](const upstream_ptr& each) { return each.get() == this; });
  if (self != idle.end()) idle.erase(self);  // destroys this
}

upstream_pool::upstream_pool(event_loop& loop, deadline_sweep& deadlines,
                             const relay_settings& settings)
    : loop_(loop), deadlines_(deadlines), settings_(settings), tls_(settings.ca_file) {
  deadlines_.add(*this);
  expire_after(sweep_interval);
}

upstream_pool::~upstream_pool() = default;

upstream_connection::bucket& upstream_pool::bucket_of(const relay::ready_account& account) {
  for (auto& each : buckets_) {
    if (each->target == account.target && each->proxy == account.config.proxy) return *each;
  }
  buckets_.push_back(std::make_unique<upstream_connection::bucket>());
  buckets_.back()->target = account.target;
  buckets_.back()->proxy = account.config.proxy;
  return *buckets_.back();
}

upstream_ptr upstream_pool::take(const relay::ready_account& account) {
  auto& idle = bucket_of(account).idle;
  if (idle.empty()) return nullptr;
  auto taken = std::move(idle.back());
  idle.pop_back();
  taken->channel_->unwatch();
  taken->reused_ = true;
  return taken;
}

task<result<upstream_ptr>> upstream_pool::connect(const relay::ready_account& account) {
  auto& home = bucket_of(account);
  auto connected = co_await connect_upstream(loop_, deadlines_, settings_, tls_, account);
  if (!connected) co_return connected.error();
  co_return upstream_ptr(new upstream_connection(std::move(*connected), home));
}

void upstream_pool::give_back(upstream_ptr connection) {
  auto& home = connection->home_;
  if (!connection->channel_->is_open() || !connection->channel_->input().empty() ||
      home.idle.size() >= idle_max) {
    return;  // destroyed, and thereby closed
  }
  connection->idle_since_ = steady_now();
  connection->channel_->watch(*connection);
  home.idle.push_back(std::move(connection));
}

std::size_t upstream_pool::idle() const {
  std::size_t count = 0;
  for (const auto& each : buckets_) count += each->idle.size();
  return count;
}

// The front of each bucket is what has been idle longest.
void upstream_pool::on_deadline() {
  const auto oldest = steady_now() - settings_.upstream_idle;
  for (auto& each : buckets_) {
    const auto fresh =
        std::find_if(each->idle.begin(), each->idle.end(),
                     [oldest](const upstream_ptr& idle) { return idle->idle_since_ > oldest; });
    each->idle.erase(each->idle.begin(), fresh);
  }
  expire_after(sweep_interval);
}

}  // namespace baton::net
