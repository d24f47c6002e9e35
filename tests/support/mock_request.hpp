// Reads HTTP/1.1 requests where they lie in a connection's buffer (RFC 9112). Deliberately its own
// reader: the mock upstream checks what the relay writes, so it shares no HTTP code with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace baton::mock {

enum class parse_state : std::uint8_t { incomplete, complete, malformed };

// Where a request's credential was found; the first of these counts if there are several.
enum class credential_source : std::uint8_t {
  x_api_key,
  bearer,  // of "authorization"
  api_key,
  x_goog_api_key,
  signature,  // the access key id of "authorization: AWS4-HMAC-SHA256"
  none,
};

// Views into the buffer.
struct request_head {
  std::string_view text;  // with the blank line
  std::string_view method;
  std::string_view path;   // without the query
  std::string_view query;  // behind the "?"
  std::string_view credential;
  credential_source source = credential_source::none;
  std::uint64_t content_length = 0;
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;
  bool has_anthropic_version = false;
};

inline constexpr std::size_t request_head_bytes_max = 256 * 1024;

// Reads the head at the start of `data`.
parse_state parse_head(std::string_view data, request_head& head);

// Takes the framing out of a chunked body in place, as the bytes arrive. Lives for one body.
class chunk_decoder {
 public:
  // `data` is the body from its first byte with everything received so far, the part decoded by
  // earlier calls included.
  parse_state decode(char* data, std::size_t size);

  std::size_t body_bytes() const { return written_; }  // decoded, from the start of `data`
  std::size_t consumed() const { return read_; }       // of `data`, framing included

 private:
  enum class stage : std::uint8_t { size, data, data_end, trailer };

  parse_state read_size(const char* data, std::size_t size);
  parse_state read_trailer(const char* data, std::size_t size);

  stage stage_ = stage::size;
  std::size_t read_ = 0;
  std::size_t written_ = 0;
  std::uint64_t left_ = 0;  // of the current chunk
};

// The access key id in the value of an "authorization: AWS4-HMAC-SHA256" header, or nothing. It may
// hold anything but ",SignedHeaders=": a script, too.
std::string_view access_key_id(std::string_view authorization);

// The text without its percent escapes; broken ones stay as they are.
std::string percent_decoded(std::string_view text);

}  // namespace baton::mock
