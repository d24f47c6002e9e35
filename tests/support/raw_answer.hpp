// HTTP/1.1 answers as tests look at them, and the reader that takes them apart (RFC 9112).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace baton::test {

struct raw_answer {
  int status = 0;  // 0: not even a head came
  std::string reason;
  std::vector<std::pair<std::string, std::string>> headers;  // in order, as written
  std::string head;                                          // exact bytes, with the blank line
  std::string body;                                          // without chunk framing
  std::vector<std::size_t> chunk_bytes;                      // sizes, if it was chunked
  std::vector<int> interim;                                  // statuses of 1xx answers before it
  bool complete = false;  // the body ended as the head had promised
  std::string problem;    // why not

  // The first header of this name, whatever its case.
  std::optional<std::string> header(std::string_view name) const;
  std::size_t header_count(std::string_view name) const;
};

struct sse_event {
  std::string name;
  std::string data;  // lines joined by newlines
  friend bool operator==(const sse_event&, const sse_event&) = default;
};

// The complete events of a body; comments are left out.
std::vector<sse_event> parse_events(std::string_view body);

// Reads one answer out of the bytes of a connection.
class answer_reader {
 public:
  // `answers_head`: the request was HEAD, so no body follows whatever the head says.
  explicit answer_reader(bool answers_head = false) : answers_head_(answers_head) {}

  // Takes what belongs to this answer off the front of `bytes`. True when there is no more to come.
  bool feed(std::string& bytes);
  // The connection has ended; `how` tells of it in `problem`.
  void end(std::string_view how);

  const raw_answer& answer() const { return answer_; }

 private:
  enum class stage : std::uint8_t {
    head,
    counted,
    to_end,
    chunk_size,
    chunk,
    chunk_end,
    trailer,
    done
  };

  bool take_head(std::string& bytes);
  bool take_body(std::string& bytes);
  bool take_chunk_size(std::string& bytes);
  bool take_trailer(std::string& bytes);
  void choose_framing();
  void fail(std::string problem);
  void succeed();

  bool answers_head_;
  stage stage_ = stage::head;
  std::uint64_t left_ = 0;  // of the body or the chunk
  raw_answer answer_;
};

}  // namespace baton::test
