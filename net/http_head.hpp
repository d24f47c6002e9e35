// Heads of HTTP/1.1 messages as views into the buffer they were received in, and the parsers that
// make them: Beast's grammar (boost::beast::http::basic_parser) without Beast's containers.
//
// The views stay valid as long as the bytes stay where they are: until the message is consumed from
// its channel. While a head is still arriving its buffer may move; the parser lets the views
// follow.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "relay/header_source.hpp"

namespace baton::net {

namespace http = boost::beast::http;

// More fields than this in one head are refused.
inline constexpr std::size_t header_fields_max = 128;

struct header_field {
  std::string_view name;
  std::string_view value;
};

class header_fields final : public relay::header_source {
 public:
  void clear() { fields_.clear(); }
  void add(std::string_view name, std::string_view value) { fields_.push_back({name, value}); }
  std::size_t size() const { return fields_.size(); }
  // The first field of this name (any case), or an empty view.
  std::string_view find(std::string_view name) const override;
  // The bytes that begin at `from` now begin at `to`.
  void rebase(const char* from, const char* to);
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<header_field> fields_;
};

struct request_head {
  std::string_view method;
  std::string_view path;   // of the target, without the query
  std::string_view query;  // without "?"
  bool http_1_0 = false;
  bool keep_alive = true;
  bool chunked = false;
  bool expects_continue = false;
  std::optional<std::uint64_t> content_length;
  header_fields fields;
  std::size_t bytes = 0;  // length of the head itself

  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
  // Empty again, for the next message; the fields keep their memory.
  void reset();
  void rebase(const char* from, const char* to);
};

struct response_head {
  int status = 0;
  std::string_view reason;
  bool keep_alive = true;
  bool chunked = false;
  std::optional<std::uint64_t> content_length;
  header_fields fields;

  void reset();
  void rebase(const char* from, const char* to);
};

// Receives the pieces of a body as the parser finds them.
class body_sink {
 public:
  virtual ~body_sink() = default;
  virtual void on_body(std::string_view piece) = 0;
};

// What put() made of the bytes it was given.
struct parse_progress {
  std::size_t consumed = 0;
  bool complete = false;  // parse_head(): the head; parse_body(): the message
};

// Parses one request. `head` is filled when parse_head() is complete.
//
// Strict where a difference to the next server could be abused (RFC 9112 sections 5.2, 6.1, 6.3 and
// 11.2): no folded lines, one Host, one Content-Length, no Transfer-Encoding but "chunked", not
// both of them, none in HTTP/1.0.
class request_parser final : private http::basic_parser<true> {
 public:
  request_parser(request_head& head, std::uint32_t head_bytes_max);

  // Gives all bytes received so far, from the head's first one; they may have moved since the last
  // call. Nothing is consumed until the head is complete. Errors: malformed_request,
  // expectation_failed, head_too_large, uri_too_long.
  result<parse_progress> parse_head(std::string_view input);
  // For a chunked body, after the head: gives the bytes not consumed yet.
  result<parse_progress> parse_body(std::string_view input, body_sink& sink);

 private:
  using beast_error = boost::beast::error_code;
  using view = boost::beast::string_view;
  void on_request_impl(http::verb, view method, view target, int version, beast_error& ec) override;
  void on_response_impl(int, view, int, beast_error&) override {}
  void on_field_impl(http::field name, view name_text, view value, beast_error& ec) override;
  void on_header_impl(beast_error& ec) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast_error&) override {}
  std::size_t on_body_impl(view piece, beast_error&) override;
  void on_chunk_header_impl(std::uint64_t size, view extension, beast_error& ec) override;
  std::size_t on_chunk_body_impl(std::uint64_t, view piece, beast_error&) override;
  void on_finish_impl(beast_error&) override {}

  request_head& head_;
  const std::uint32_t head_bytes_max_;
  std::string_view input_;  // of the running or last call
  std::size_t parsed_ = 0;  // bytes of the head that Beast has taken
  body_sink* sink_ = nullptr;
  std::optional<error> complaint_;  // ours, where Beast would have let it pass
  bool chunk_seen_ = false;
  bool host_seen_ = false;
  bool encoding_seen_ = false;
};

// Parses one response, its body included. An interim answer (1xx) is a response without a body.
class response_parser final : private http::basic_parser<false> {
 public:
  response_parser(response_head& head, std::uint32_t head_bytes_max);

  // As with requests. Errors: upstream_broken.
  result<parse_progress> parse_head(std::string_view input);
  result<parse_progress> parse_body(std::string_view input, body_sink& sink);
  // The connection has ended: whether that is where this message may end.
  bool may_end_here();

 private:
  using beast_error = boost::beast::error_code;
  using view = boost::beast::string_view;
  void on_request_impl(http::verb, view, view, int, beast_error&) override {}
  void on_response_impl(int status, view reason, int version, beast_error& ec) override;
  void on_field_impl(http::field name, view name_text, view value, beast_error& ec) override;
  void on_header_impl(beast_error& ec) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast_error&) override {}
  std::size_t on_body_impl(view piece, beast_error&) override;
  void on_chunk_header_impl(std::uint64_t size, view extension, beast_error& ec) override;
  std::size_t on_chunk_body_impl(std::uint64_t, view piece, beast_error&) override;
  void on_finish_impl(beast_error&) override {}

  response_head& head_;
  const std::uint32_t head_bytes_max_;
  std::string_view input_;
  std::size_t parsed_ = 0;
  body_sink* sink_ = nullptr;
  bool chunk_seen_ = false;
  bool http_1_0_ = false;
};

}  // namespace baton::net
