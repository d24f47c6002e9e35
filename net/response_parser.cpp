#include "base/text.hpp"
#include "net/http_head.hpp"

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

response_parser::response_parser(response_head& head, std::uint32_t head_bytes_max) : head_(head) {
  header_limit(head_bytes_max);
  body_limit(boost::none);
  head_.reset();
}

result<parse_progress> response_parser::parse_head(std::string_view input) {
  if (input.empty()) return parse_progress{};
  input_ = input;
  beast_error failure;
  const auto consumed = put(boost::asio::const_buffer(input.data(), input.size()), failure);
  if (failure == http::error::need_more) return parse_progress{};
  if (failure) return broken(failure);
  if (!is_header_done()) return parse_progress{};
  head_.keep_alive = keep_alive() && !need_eof();
  head_.chunked = chunked();
  if (const auto length = content_length()) head_.content_length = *length;
  return parse_progress{consumed, true};
}

result<parse_progress> response_parser::parse_body(std::string_view input, body_sink& sink) {
  eager(true);
  sink_ = &sink;
  beast_error failure;
  const auto consumed = input.empty() || is_done() ? 0 : put({input.data(), input.size()}, failure);
  sink_ = nullptr;
  if (failure && failure != http::error::need_more) return broken(failure);
  return parse_progress{consumed, is_done()};
}

bool response_parser::may_end_here() {
  beast_error failure;
  put_eof(failure);
  return !failure;
}

void response_parser::on_response_impl(int status, view reason, int, beast_error&) {
  head_.status = status;
  head_.reason = std_view(reason);
}

void response_parser::on_field_impl(http::field name, view name_text, view value, beast_error& ec) {
  if (is_header_done()) return;  // a trailer
  const bool folded =
      !value.empty() &&
      (value.data() < input_.data() || value.data() + value.size() > input_.data() + input_.size());
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

std::size_t response_parser::on_chunk_body_impl(std::uint64_t, view piece, beast_error&) {
  sink_->on_body(std_view(piece));
  return piece.size();
}

}  // namespace baton::net
