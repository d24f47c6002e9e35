#include "base/text.hpp"
#include "net/http_head.hpp"
#include "net/parse_checks.hpp"

namespace baton::net {
namespace {

std::string_view std_view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

error broken(const boost::beast::error_code& failure) {
  return upstream_error(error_code::upstream_broken,
                        "The upstream's answer is not valid HTTP/1.1: " + failure.message() + ".");
}

}  // namespace

void response_head::reset() {
  auto kept = std::move(fields);
  kept.clear();
  *this = {};
  fields = std::move(kept);
}

response_parser::response_parser(response_head& head, std::uint32_t head_bytes_max)
    : head_(head), head_bytes_max_(head_bytes_max) {
  header_limit(head_bytes_max);
  body_limit(boost::none);
  head_.reset();
}

result<parse_progress> response_parser::parse_head(std::string_view input) {
  if (input.size() <= parsed_) return parse_progress{};
  if (parsed_ > 0 && input.data() != input_.data()) head_.rebase(input_.data(), input.data());
  input_ = input;
  beast_error failure;
  parsed_ += put({input.data() + parsed_, input.size() - parsed_}, failure);
  if (failure && failure != http::error::need_more) return broken(failure);
  const bool complete = !failure && is_header_done();
  if (complete ? parsed_ > head_bytes_max_ : input.size() >= head_bytes_max_) {
    return broken(http::error::header_limit);
  }
  if (!complete) return parse_progress{};
  head_.chunked = chunked();
  // Chunks in HTTP/1.0 are faulty framing (RFC 9112 section 6.1): nothing may follow them.
  head_.keep_alive = keep_alive() && !need_eof() && !(head_.chunked && http_1_0_);
  if (const auto length = content_length()) head_.content_length = *length;
  return parse_progress{parsed_, true};
}

result<parse_progress> response_parser::parse_body(std::string_view input, body_sink& sink) {
  if (is_done()) return parse_progress{0, true};
  const bool first_chunk = head_.chunked && !chunk_seen_;
  if (input.empty() || (first_chunk && input.size() < shortest_chunked_body)) {
    return parse_progress{};
  }
  eager(true);
  sink_ = &sink;
  beast_error failure;
  const auto consumed = put({input.data(), input.size()}, failure);
  sink_ = nullptr;
  if (failure && failure != http::error::need_more) return broken(failure);
  return parse_progress{consumed, is_done()};
}

bool response_parser::may_end_here() {
  beast_error failure;
  put_eof(failure);
  return !failure;
}

void response_parser::on_response_impl(int status, view reason, int version, beast_error& ec) {
  if (status < 100) ec = http::error::bad_status;
  http_1_0_ = version < 11;
  head_.status = status;
  head_.reason = std_view(reason);
}

void response_parser::on_field_impl(http::field name, view name_text, view value, beast_error& ec) {
  if (is_header_done()) return;  // a trailer
  const bool folded = is_folded(input_, std_view(name_text), std_view(value));
  const bool odd_encoding =
      name == http::field::transfer_encoding && !text::iequals(std_view(value), "chunked");
  if (folded || odd_encoding || head_.fields.size() == header_fields_max) {
    ec = http::error::bad_field;
    return;
  }
  head_.fields.add(std_view(name_text), std_view(value));
}

void response_parser::on_header_impl(beast_error&) {}

std::size_t response_parser::on_body_impl(view piece, beast_error&) {
  sink_->on_body(std_view(piece));
  return piece.size();
}

void response_parser::on_chunk_header_impl(std::uint64_t, view extension, beast_error& ec) {
  chunk_seen_ = true;
  if (hides_a_line_end(std_view(extension))) ec = http::error::bad_chunk_extension;
}

std::size_t response_parser::on_chunk_body_impl(std::uint64_t, view piece, beast_error&) {
  sink_->on_body(std_view(piece));
  return piece.size();
}

}  // namespace baton::net
