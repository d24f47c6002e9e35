// The requests of clients' keys that a worker serves at the moment, so that those whose key is
// taken away can be ended. Belongs to the worker's thread.
#pragma once

#include <boost/intrusive/list.hpp>

#include "base/error.hpp"
#include "relay/key_directory.hpp"

namespace baton::net {

struct exchange;

// What the client of a request is told that is ended so.
error key_taken_away();

class running_requests {
 public:
  using hook =
      boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

  // One of them, as long as this lives. `ex` outlives it and has its key.
  class entry : public hook {
   public:
    entry(running_requests& all, exchange& ex) : ex_(ex) { all.entries_.push_back(*this); }
    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;

   private:
    friend class running_requests;
    exchange& ex_;
  };

  // Ends those whose key is not in `keys` or switched off there. One that has only expired goes on.
  void end_without(const relay::key_directory& keys);

 private:
  boost::intrusive::list<entry, boost::intrusive::constant_time_size<false>> entries_;
};

}  // namespace baton::net
