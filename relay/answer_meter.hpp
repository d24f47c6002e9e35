// Follows one answer's body as it passes and keeps a running count, so that the count is right
// whenever the answer ends. Lives for one answer; not shared.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "relay/service_tier.hpp"
#include "relay/usage.hpp"

namespace baton::relay {

// Bytes of a body, counted from its beginning.
struct byte_range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  friend bool operator==(const byte_range&, const byte_range&) = default;
};

class answer_meter {
 public:
  virtual ~answer_meter() = default;

  // The next bytes of the body, split anywhere.
  virtual void feed(std::string_view bytes) = 0;
  // The body is complete; a document is read here.
  virtual void finish() = 0;

  const token_usage& usage() const { return usage_; }
  // Of content that has passed since the upstream last told its count. What is left at the end of
  // an answer that was cut or whose client left, or whose upstream never tells, has been delivered
  // all the same: see with_untold().
  std::uint64_t untold_bytes() const { return untold_bytes_; }
  std::string_view model() const { return model_; }  // as the upstream named it; may be empty
  // At which the upstream served it, as far as it has said.
  service_tier tier() const { return tier_; }
  // By which its upstream knows the answer later on; empty where it has none.
  const std::string& answer_id() const { return answer_id_; }
  bool complete() const { return complete_; }  // the API's end marker was seen
  // Nothing that says more can follow: clients take the answer for over, whether or not its
  // connection is. APIs without a marker for that end with their bodies.
  bool ended() const { return ended_; }
  bool has_begun() const { return has_begun_; }      // the first event, or byte, was seen
  bool has_content() const { return has_content_; }  // something a client would show or act on
  // An error event was seen, or the whole document is an error; its type, if it has one.
  bool failed() const { return failed_; }
  const std::string& error_type() const { return error_type_; }
  // An event was seen that is none of the API's. Nothing behind it counts; so many bytes came
  // before it.
  bool malformed() const { return malformed_; }
  std::uint64_t bytes_before_fault() const { return bytes_before_fault_; }
  // An event, or the whole document, was too long to be read: usage and end may have been in it.
  bool skipped() const { return skipped_; }
  // Of the bytes fed so far, those of whole events: behind them something may be put between.
  virtual std::uint64_t whole_bytes() const = 0;
  // Whole events among them that the client did not ask for and must not see, in order. Whoever has
  // left them out clears the list.
  std::vector<byte_range>& withheld() { return withheld_; }

 protected:
  token_usage usage_;
  std::uint64_t untold_bytes_ = 0;
  std::string model_;
  std::string answer_id_;
  std::string error_type_;
  std::vector<byte_range> withheld_;
  std::uint64_t bytes_before_fault_ = 0;
  service_tier tier_ = service_tier::standard;
  bool complete_ = false;
  bool ended_ = false;
  bool has_begun_ = false;
  bool has_content_ = false;
  bool failed_ = false;
  bool malformed_ = false;
  bool skipped_ = false;
};

inline constexpr std::uint64_t bytes_per_token = 4;

// `usage`, and output for the content that its upstream told no count of: a token for each 4 bytes
// of text, the rule of thumb that OpenAI and Anthropic give.
token_usage with_untold(token_usage usage, std::uint64_t untold_bytes);

}  // namespace baton::relay
