#include "net/worker_context.hpp"

#include "base/crypto.hpp"

namespace baton::net {

worker_context::worker_context(event_loop& owner, std::size_t worker_index,
                               const relay_settings& configured, metrics::relay_metrics& counters)
    : loop(owner),
      index(worker_index),
      settings(configured),
      metrics(counters),
      deadlines(owner),
      pool(owner, deadlines, configured),
      body_budget{configured.buffered_body_bytes_max},
      id_prefix_("req_" + crypto::random_hex(8)) {
  if (settings.cuts_answers_of_lost_keys) {
    view.on_keys = [this] { running.end_without(*view.keys); };
  }
}

std::string worker_context::next_request_id() {
  constexpr char digits[] = "0123456789abcdef";
  auto id = id_prefix_;
  const auto number = id_counter_++;
  for (int shift = 28; shift >= 0; shift -= 4) id += digits[(number >> shift) & 0xf];
  return id;
}

}  // namespace baton::net
