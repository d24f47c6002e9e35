#include "tests/support/mock_request.hpp"

#include <algorithm>
#include <cstring>

#include "base/text.hpp"

namespace baton::mock {

namespace {

constexpr std::string_view npos_line = {};

// Takes the next line off `rest`, without its CRLF.
std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find("\r\n");
  if (end == std::string_view::npos) return npos_line;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 2);
  return line;
}

bool parse_request_line(std::string_view line, request_head& head) {
  const auto method_end = line.find(' ');
  const auto target_end = line.rfind(' ');
  if (method_end == std::string_view::npos || target_end <= method_end + 1) return false;
  const std::string_view version = line.substr(target_end + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return false;
  head.keep_alive = version == "HTTP/1.1";
  head.method = line.substr(0, method_end);
  const std::string_view target = line.substr(method_end + 1, target_end - method_end - 1);
  const auto mark = target.find('?');
  head.path = target.substr(0, mark);
  if (mark != std::string_view::npos) head.query = target.substr(mark + 1);
  return !head.method.empty() && target.find(' ') == std::string_view::npos;
}

bool take_content_length(std::string_view value, request_head& head) {
  const auto length = text::parse_number<std::uint64_t>(value);
  if (length) head.content_length = *length;
  return length.has_value();
}

void offer_credential(credential_source source, std::string_view value, request_head& head) {
  if (value.empty() || source >= head.source) return;
  head.source = source;
  head.credential = value;
}

void take_authorization(std::string_view value, request_head& head) {
  constexpr std::string_view bearer = "bearer ";
  if (text::iequals(value.substr(0, bearer.size()), bearer)) {
    return offer_credential(credential_source::bearer, text::trim(value.substr(bearer.size())),
                            head);
  }
  offer_credential(credential_source::signature, access_key_id(value), head);
}

// The names are told apart by their length first: most headers are of no interest.
bool apply_header(std::string_view name, std::string_view value, request_head& head) {
  switch (name.size()) {
    case 6:
      if (text::iequals(name, "expect")) head.expects_continue = true;
      return true;
    case 7:
      if (text::iequals(name, "api-key")) offer_credential(credential_source::api_key, value, head);
      return true;
    case 9:
      if (text::iequals(name, "x-api-key")) {
        offer_credential(credential_source::x_api_key, value, head);
      }
      return true;
    case 10:
      if (text::iequals(name, "connection") && text::iequals(value, "close")) {
        head.keep_alive = false;
      }
      return true;
    case 13:
      if (text::iequals(name, "authorization")) take_authorization(value, head);
      return true;
    case 14:
      if (text::iequals(name, "x-goog-api-key")) {
        offer_credential(credential_source::x_goog_api_key, value, head);
        return true;
      }
      return !text::iequals(name, "content-length") || take_content_length(value, head);
    case 17:
      if (text::iequals(name, "anthropic-version")) head.has_anthropic_version = true;
      if (!text::iequals(name, "transfer-encoding")) return true;
      head.chunked = text::iequals(value, "chunked");
      return head.chunked;
    default: return true;
  }
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char low = text::lower(c);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

}  // namespace

parse_state parse_head(std::string_view data, request_head& head) {
  const auto end = data.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    return data.size() > request_head_bytes_max ? parse_state::malformed : parse_state::incomplete;
  }
  head = {};
  head.text = data.substr(0, end + 4);
  std::string_view rest = data.substr(0, end + 2);
  if (!parse_request_line(take_line(rest), head)) return parse_state::malformed;
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return parse_state::malformed;
    if (!apply_header(line.substr(0, colon), text::trim(line.substr(colon + 1)), head)) {
      return parse_state::malformed;
    }
  }
  return parse_state::complete;
}

std::string_view access_key_id(std::string_view authorization) {
  constexpr std::string_view scheme = "AWS4-HMAC-SHA256 ";
  constexpr std::string_view name = "Credential=";
  constexpr int scope_parts = 4;  // date/region/service/aws4_request
  if (!authorization.starts_with(scheme)) return {};
  const auto start = authorization.find(name);
  if (start == std::string_view::npos) return {};
  std::string_view value = authorization.substr(start + name.size());
  value = text::trim(value.substr(0, value.find("SignedHeaders=")));
  if (value.ends_with(',')) value.remove_suffix(1);
  for (int part = 0; part < scope_parts; ++part) {
    const auto slash = value.rfind('/');
    if (slash == std::string_view::npos) return {};
    value = value.substr(0, slash);
  }
  return value;
}

std::string percent_decoded(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escape = text[at] == '%' && at + 2 < text.size() && hex_digit(text[at + 1]) >= 0 &&
                        hex_digit(text[at + 2]) >= 0;
    if (!escape) {
      plain += text[at];
      continue;
    }
    plain += static_cast<char>(hex_digit(text[at + 1]) * 16 + hex_digit(text[at + 2]));
    at += 2;
  }
  return plain;
}

parse_state chunk_decoder::decode(char* data, std::size_t size) {
  for (;;) {
    switch (stage_) {
      case stage::size: {
        const parse_state state = read_size(data, size);
        if (state != parse_state::complete) return state;
        stage_ = left_ == 0 ? stage::trailer : stage::data;
        break;
      }
      case stage::data: {
        const std::size_t part = std::min<std::uint64_t>(left_, size - read_);
        std::memmove(data + written_, data + read_, part);
        written_ += part;
        read_ += part;
        left_ -= part;
        if (left_ != 0) return parse_state::incomplete;
        stage_ = stage::data_end;
        break;
      }
      case stage::data_end:
        if (size - read_ < 2) return parse_state::incomplete;
        if (std::memcmp(data + read_, "\r\n", 2) != 0) return parse_state::malformed;
        read_ += 2;
        stage_ = stage::size;
        break;
      case stage::trailer: return read_trailer(data, size);
    }
  }
}

parse_state chunk_decoder::read_size(const char* data, std::size_t size) {
  const std::string_view rest(data + read_, size - read_);
  const auto end = rest.find("\r\n");
  if (end == std::string_view::npos) {
    return rest.size() > 256 ? parse_state::malformed : parse_state::incomplete;
  }
  std::uint64_t value = 0;
  std::size_t digits = 0;
  while (digits < end && hex_digit(rest[digits]) >= 0) {
    value = value * 16 + static_cast<std::uint64_t>(hex_digit(rest[digits++]));
  }
  const bool extension = digits < end && rest[digits] == ';';
  if (digits == 0 || digits > 15 || (digits != end && !extension)) return parse_state::malformed;
  left_ = value;
  read_ += end + 2;
  return parse_state::complete;
}

parse_state chunk_decoder::read_trailer(const char* data, std::size_t size) {
  for (;;) {
    const std::string_view rest(data + read_, size - read_);
    const auto end = rest.find("\r\n");
    if (end == std::string_view::npos) {
      return rest.size() > request_head_bytes_max ? parse_state::malformed
                                                  : parse_state::incomplete;
    }
    read_ += end + 2;
    if (end == 0) return parse_state::complete;
  }
}

}  // namespace baton::mock
