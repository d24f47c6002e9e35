#include "net/own_answer.hpp"

#include <array>
#include <string>

#include "net/answer_relay.hpp"
#include "net/client_stream.hpp"
#include "relay/api.hpp"

namespace baton::net {
namespace {

void append_line(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

// A body that was never read stands between this answer and the next request: it is passed over if
// it is in the buffer already, else the connection ends.
void settle_unread_body(exchange& ex) {
  if (ex.body_read) return;
  const auto length = ex.head.content_length.value_or(0);
  // Not the sum of head and length, which a client can make overflow.
  if (ex.head.chunked || ex.client.input().size() - ex.head.bytes < length) {
    ex.keep_alive = false;
  } else {
    ex.body_bytes_in_place = length;
    ex.body_read = true;
  }
}

}  // namespace

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "";
  }
}

task<void> send_answer(exchange& ex, int status, std::string_view content_type,
                       std::string_view body, std::string_view extra_lines) {
  settle_unread_body(ex);
  std::string head = "HTTP/1.1 " + std::to_string(status) + " ";
  head.append(reason_phrase(status)).append("\r\n");
  if (status != 204) {  // which has no content at all
    append_line(head, "content-type", content_type);
    append_line(head, "content-length", std::to_string(body.size()));
  }
  append_line(head, "x-request-id", ex.record.request_id);
  head.append(connection_line(ex));
  head.append(extra_lines).append("\r\n");

  ex.record.status = status;
  ex.guard.limit(ex.client, ex.worker.settings.client_write);
  const std::array<asio::const_buffer, 2> buffers = {
      asio::buffer(head),
      asio::const_buffer(body.data(), ex.head.method == "HEAD" ? 0 : body.size())};
  const auto written = co_await ex.client.write(buffers);
  ex.guard.lift();
  if (written != io_status::ok) {
    ex.record.how = relay::outcome::client_gone;
    ex.keep_alive = false;
  }
}

task<void> send_error(exchange& ex, const error& failure, std::string_view extra_lines) {
  ex.record.failure = failure.code;
  ex.record.limit = failure.limit;
  ex.record.how = relay::outcome::refused;
  if (ex.stream_begun) co_return co_await end_stream(ex, failure);
  std::string lines(extra_lines);
  append_attempt_lines(lines, ex.record);
  append_line(lines, "request-id", ex.record.request_id);
  if (failure.retry_after) {
    append_line(lines, "retry-after", std::to_string(failure.retry_after->count()));
  }
  if (relay::forbids_client_retry(failure.code)) append_line(lines, "x-should-retry", "false");
  lines += ex.protocol->error_lines(failure.code);
  const auto body = ex.protocol->error_body(failure, ex.record.request_id);
  co_await send_answer(ex, relay::error_status(failure.code), "application/json", body, lines);
}

}  // namespace baton::net
