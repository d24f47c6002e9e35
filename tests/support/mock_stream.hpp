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
  // The stamp's date and id are those of the whole answer.
  stream_cursor(std::shared_ptr<const answer_plan> plan, const stamp& values);

  // Appends the head or the next event.
  next_step next(std::string& out);

 private:
  enum class stage : std::uint8_t { head, opening, deltas, closing, end };

  std::optional<next_step> apply_fault(std::string& out);
  next_step begin(std::string& out);
  void append_event(std::string& out, const prebuilt_event& event);
  void append_end(std::string& out);
  void append_text(std::string& out, std::string_view text);
  next_step advance();
  void leave_finished_stages();

  std::shared_ptr<const answer_plan> plan_;
  stamp stamp_;
  std::unique_ptr<gzip_encoder> gzip_;  // null: plain
  stage stage_ = stage::head;
  std::uint32_t at_ = 0;        // events sent of the current stage, without later pings
  std::uint32_t sent_ = 0;      // events sent altogether
  std::uint32_t numbered_ = 0;  // of these, those that have a number
  bool ping_due_ = false;
  bool malformed_sent_ = false;
};

}  // namespace baton::mock
