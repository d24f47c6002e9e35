// One streamed answer: which bytes come next and what happens after them. Without I/O.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "tests/support/mock_answer.hpp"
#include "tests/support/mock_gzip.hpp"

namespace baton::mock {

// What to do once the bytes so far are written.
struct next_step {
  enum class kind : std::uint8_t { more, pause, stall, cut, done };
  kind what = kind::more;
  std::chrono::milliseconds pause{0};
};

// Owned by the connection that sends the answer.
class stream_cursor {
 public:
  explicit stream_cursor(std::shared_ptr<const answer_plan> plan);

  // Appends the head or the next event.
  next_step next(std::string& out, const stamp& values);

 private:
  enum class stage : std::uint8_t { head, opening, deltas, closing, end };

  std::optional<next_step> apply_fault(std::string& out, const stamp& values);
  void append_event(std::string& out, const prebuilt_event& event, const stamp& values);
  void append_end(std::string& out);
  next_step advance();

  std::shared_ptr<const answer_plan> plan_;
  std::unique_ptr<gzip_encoder> gzip_;  // null: plain
  stage stage_ = stage::head;
  std::uint32_t at_ = 0;    // events sent of the current stage, without later pings
  std::uint32_t sent_ = 0;  // events sent altogether
  bool ping_due_ = false;
  bool malformed_sent_ = false;
};

}  // namespace baton::mock
