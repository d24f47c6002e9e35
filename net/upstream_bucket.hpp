// The idle connections of one endpoint and proxy; private to upstream_pool.
#pragma once

#include "net/upstream_pool.hpp"

namespace baton::net {

struct upstream_connection::bucket {
  relay::endpoint target;
  relay::proxy_settings proxy;
  std::vector<upstream_ptr> idle;  // the one used last is at the back
};

}  // namespace baton::net
