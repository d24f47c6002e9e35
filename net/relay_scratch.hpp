// Buffers that relaying one request needs and the next one can use again: lent by the worker for
// the time of a request, so that idle connections hold none.
#pragma once

#include <boost/asio/buffer.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_head.hpp"
#include "relay/platform.hpp"

namespace baton::net {

struct relay_scratch {
  std::string request_lines;                       // head to the upstream
  response_head answer;                            // the upstream's
  std::string answer_lines;                        // head to the client
  std::string held;                                // of the answer, before it is passed on
  std::vector<std::string_view> pieces;            // of the answer's body
  std::vector<boost::asio::const_buffer> buffers;  // of one write
  relay::body_edits edits;                         // of the request's body
  std::vector<std::string_view> body;              // as it is sent, in pieces
  std::string decoded;                             // of the answer, since it was last passed on
};

// Belongs to one worker; keeps as many as were ever in use at once, up to a bound.
class scratch_pool {
 public:
  std::unique_ptr<relay_scratch> take() {
    if (idle_.empty()) return std::make_unique<relay_scratch>();
    auto taken = std::move(idle_.back());
    idle_.pop_back();
    return taken;
  }
  void give_back(std::unique_ptr<relay_scratch> used) {
    if (idle_.size() == kept_max) return;
    for (auto* text : {&used->held, &used->decoded, &used->edits.storage}) {
      if (text->capacity() > kept_bytes_max) std::string().swap(*text);
    }
    idle_.push_back(std::move(used));
  }

 private:
  static constexpr std::size_t kept_max = 64;
  static constexpr std::size_t kept_bytes_max = 64 * 1024;  // of one text
  std::vector<std::unique_ptr<relay_scratch>> idle_;
};

}  // namespace baton::net
