#include <algorithm>

#include "base/text.hpp"
#include "net/http_head.hpp"
#include "net/parse_checks.hpp"

namespace baton::net {
namespace {

constexpr std::size_t target_bytes_max = 8 * 1024;

std::string_view std_view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

error malformed(std::string text) {
  return downstream_error(error_code::malformed_request, std::move(text));
}

error head_too_large() {
  return downstream_error(error_code::head_too_large, "The request head is too large.");
}

error to_error(const boost::beast::error_code& failure) {
  if (failure == http::error::header_limit) return head_too_large();
  return malformed("The request is not valid HTTP/1.1: " + failure.message() + ".");
}

std::string_view moved(std::string_view view, const char* from, const char* to) {
  return view.data() == nullptr ? view : std::string_view(to + (view.data() - from), view.size());
}

}  // namespace

std::string_view header_fields::find(std::string_view name) const {
  for (const auto& field : fields_) {
    if (text::iequals(field.name, name)) return field.value;
  }
  return {};
}

void header_fields::rebase(const char* from, const char* to) {
  for (auto& field : fields_) {
    field = {moved(field.name, from, to), moved(field.value, from, to)};
  }
}

void request_head::rebase(const char* from, const char* to) {
  method = moved(method, from, to);
  path = moved(path, from, to);
  query = moved(query, from, to);
  fields.rebase(from, to);
}

void response_head::rebase(const char* from, const char* to) {
  reason = moved(reason, from, to);
  fields.rebase(from, to);
}

void request_head::reset() {
  auto kept = std::move(fields);
  kept.clear();
  *this = {};
  fields = std::move(kept);
}

request_parser::request_parser(request_head& head, std::uint32_t head_bytes_max)
    : head_(head), head_bytes_max_(head_bytes_max) {
  header_limit(head_bytes_max);
  body_limit(boost::none);  // the session counts, with the limit's own error
  head_.reset();
}

// Beast takes a head line by line: what it has taken must not be given to it again.
result<parse_progress> request_parser::parse_head(std::string_view input) {
  if (input.size() <= parsed_) return parse_progress{};
  if (parsed_ > 0 && input.data() != input_.data()) head_.rebase(input_.data(), input.data());
  input_ = input;
  beast_error failure;
  parsed_ += put({input.data() + parsed_, input.size() - parsed_}, failure);
  if (complaint_) return *std::exchange(complaint_, std::nullopt);
  if (failure && failure != http::error::need_more) return to_error(failure);
  // Beast's own limit begins anew with every line it stops at.
  const bool complete = !failure && is_header_done();
  if (complete ? parsed_ > head_bytes_max_ : input.size() >= head_bytes_max_) {
    return head_too_large();
  }
  if (!complete) return parse_progress{};
  head_.keep_alive = keep_alive();
  head_.chunked = chunked();
  if (const auto length = content_length()) head_.content_length = *length;
  head_.bytes = parsed_;
  return parse_progress{parsed_, true};
}

result<parse_progress> request_parser::parse_body(std::string_view input, body_sink& sink) {
  if (input.empty() || (!chunk_seen_ && input.size() < shortest_chunked_body)) {
    return parse_progress{};
  }
  eager(true);
  sink_ = &sink;
  beast_error failure;
  const auto consumed = put({input.data(), input.size()}, failure);
  sink_ = nullptr;
  if (failure && failure != http::error::need_more) return to_error(failure);
  return parse_progress{consumed, is_done()};
}

void request_parser::on_request_impl(http::verb, view method, view target, int version,
                                     beast_error& ec) {
  if (target.size() > target_bytes_max) {
    complaint_ = downstream_error(error_code::uri_too_long, "The request target is too long.");
    ec = http::error::bad_target;
    return;
  }
  auto path = std_view(target);
  // The absolute form, which a server must accept (RFC 9112 section 3.2.2).
  if (const auto scheme = path.find("://"); !path.starts_with('/') && scheme < 8) {
    path.remove_prefix(std::min(path.find('/', scheme + 3), path.size()));
  }
  const auto query = path.find('?');
  head_.method = std_view(method);
  head_.path = path.substr(0, query);
  head_.query = query == std::string_view::npos ? std::string_view{} : path.substr(query + 1);
  head_.http_1_0 = version < 11;
}

void request_parser::on_field_impl(http::field name, view name_text, view value, beast_error& ec) {
  if (is_header_done()) return;  // a trailer
  const auto refuse = [&](error why) {
    complaint_ = std::move(why);
    ec = http::error::bad_field;
  };
  if (is_folded(input_, std_view(name_text), std_view(value))) {
    return refuse(malformed("Folded header lines are not accepted."));
  }
  if (head_.fields.size() == header_fields_max) {
    return refuse(
        downstream_error(error_code::head_too_large, "The request has too many header fields."));
  }
  switch (name) {
    case http::field::host:
      if (std::exchange(host_seen_, true)) return refuse(malformed("Host is given twice."));
      break;
    case http::field::content_length:
      // Beast accepts a list of the same number.
      if (head_.content_length || value.find(',') != view::npos) {
        return refuse(malformed("Content-Length is given twice."));
      }
      head_.content_length = 0;  // its value is Beast's to check; set when the head is complete
      break;
    case http::field::transfer_encoding:
      if (std::exchange(encoding_seen_, true) || head_.http_1_0 ||
          !text::iequals(std_view(value), "chunked")) {
        return refuse(malformed("Only \"Transfer-Encoding: chunked\" is accepted, once."));
      }
      break;
    case http::field::expect:
      if (!text::iequals(std_view(value), "100-continue")) {
        return refuse(downstream_error(error_code::expectation_failed,
                                       "Only \"Expect: 100-continue\" is understood."));
      }
      head_.expects_continue = !head_.http_1_0;
      break;
    default: break;
  }
  head_.fields.add(std_view(name_text), std_view(value));
}

void request_parser::on_header_impl(beast_error& ec) {
  if (host_seen_ || head_.http_1_0) return;
  complaint_ = malformed("An HTTP/1.1 request needs a Host header.");
  ec = http::error::bad_field;
}

std::size_t request_parser::on_body_impl(view piece, beast_error&) {
  sink_->on_body(std_view(piece));
  return piece.size();
}

void request_parser::on_chunk_header_impl(std::uint64_t, view extension, beast_error& ec) {
  chunk_seen_ = true;
  if (hides_a_line_end(std_view(extension))) ec = http::error::bad_chunk_extension;
}

std::size_t request_parser::on_chunk_body_impl(std::uint64_t, view piece, beast_error&) {
  sink_->on_body(std_view(piece));
  return piece.size();
}

}  // namespace baton::net
