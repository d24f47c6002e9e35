// Requests that no honest client sends: none is relayed, and the relay goes on serving.
#include <gmock/gmock.h>

#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

struct hostile_request {
  const char* name;
  std::string bytes;  // "KEY" stands for the key's text
};

const std::string good_body = message_body();
const std::string good_length = "Content-Length: " + std::to_string(good_body.size()) + "\r\n";

// A request that would be relayed but for `lines` among its header lines.
std::string with_lines(const std::string& lines, const std::string& body = good_body) {
  return "POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: KEY\r\n" + lines + "\r\n" + body;
}

std::string with_chunks(const std::string& chunks, const std::string& lines = "") {
  return with_lines("Transfer-Encoding: chunked\r\n" + lines, chunks);
}

// What stands before the line of the key.
std::string with_start(const std::string& start) {
  return start + "x-api-key: KEY\r\n" + good_length + "\r\n" + good_body;
}

std::string many_lines(std::size_t count) {
  std::string lines;
  for (std::size_t i = 0; i < count; ++i) lines += "X-" + std::to_string(i) + ": 1\r\n";
  return lines + good_length;
}

std::string hex_chunk(const std::string& size_line) {
  return size_line + "\r\n" + good_body + "\r\n0\r\n\r\n";
}

std::string hex_size() {
  char text[20];
  std::snprintf(text, sizeof text, "%zx", good_body.size());
  return text;
}

const std::vector<hostile_request> requests = {
    {"two_lengths", with_lines(good_length + "Content-Length: 5\r\n")},
    {"two_equal_lengths", with_lines(good_length + good_length)},
    {"length_list", with_lines("Content-Length: 5, 6\r\n")},
    {"length_and_chunked", with_chunks(hex_chunk(hex_size()), good_length)},
    {"chunked_and_length", with_lines(good_length + "Transfer-Encoding: chunked\r\n")},
    {"chunked_twice", with_chunks(hex_chunk(hex_size()), "Transfer-Encoding: chunked\r\n")},
    {"gzip_chunked", with_lines("Transfer-Encoding: gzip, chunked\r\n", hex_chunk(hex_size()))},
    {"chunked_identity", with_lines("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")},
    {"xchunked", with_lines("Transfer-Encoding: xchunked\r\n" + good_length)},
    {"chunked_quoted", with_lines("Transfer-Encoding: \"chunked\"\r\n" + good_length)},
    {"chunked_vertical_tab", with_lines("Transfer-Encoding: \vchunked\r\n" + good_length)},
    {"encoding_space_colon", with_lines("Transfer-Encoding : chunked\r\n" + good_length)},
    {"length_space_colon", with_lines("Content-Length : 5\r\n" + good_length)},
    {"chunked_in_http_1_0",
     "POST /v1/messages HTTP/1.0\r\nx-api-key: KEY\r\nTransfer-Encoding: chunked\r\n\r\n" +
         hex_chunk(hex_size())},
    {"negative_length", with_lines("Content-Length: -5\r\n")},
    {"signed_length", with_lines("Content-Length: +5\r\n")},
    {"hex_length", with_lines("Content-Length: 0x5\r\n")},
    {"length_with_space", with_lines("Content-Length: 1 0\r\n")},
    {"empty_length", with_lines("Content-Length:\r\n")},
    {"overflowing_length", with_lines("Content-Length: 18446744073709551620\r\n")},
    {"folded_line", with_lines("X-A: b\r\n c\r\n" + good_length)},
    {"folded_with_tab", with_lines("X-A: b\r\n\tc\r\n" + good_length)},
    {"folded_first_line", with_start("POST /v1/messages HTTP/1.1\r\n Host: x\r\n")},
    {"bare_lf", "POST /v1/messages HTTP/1.1\nHost: x\nx-api-key: KEY\n" + good_body},
    {"bare_lf_in_field", with_lines("X-A: b\nX-B: c\r\n" + good_length)},
    {"bare_cr_in_field", with_lines("X-A: b\rX-B: c\r\n" + good_length)},
    {"bare_cr_at_end", with_lines("X-A: b\r\r\n" + good_length)},
    {"nul_in_value", with_lines("X-A: b" + std::string(1, '\0') + "\r\n" + good_length)},
    {"nul_in_name", with_lines("X" + std::string(1, '\0') + "A: b\r\n" + good_length)},
    {"control_in_value", with_lines("X-A: b\x01\r\n" + good_length)},
    {"delete_in_value", with_lines("X-A: b\x7f\r\n" + good_length)},
    {"space_before_colon", with_lines("X-A : b\r\n" + good_length)},
    {"space_in_name", with_lines("X A: b\r\n" + good_length)},
    {"no_colon", with_lines("X-A\r\n" + good_length)},
    {"no_name", with_lines(": b\r\n" + good_length)},
    {"name_of_umlaut", with_lines("X-\xc3\xa4: b\r\n" + good_length)},
    {"missing_host", with_start("POST /v1/messages HTTP/1.1\r\n")},
    {"two_hosts", with_start("POST /v1/messages HTTP/1.1\r\nHost: x\r\nHost: y\r\n")},
    {"two_equal_hosts", with_start("POST /v1/messages HTTP/1.1\r\nHost: x\r\nHost: x\r\n")},
    {"connect", "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n"},
    {"trace", "TRACE /v1/messages HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"options_star", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"lower_case_method", with_start("post /v1/messages HTTP/1.1\r\nHost: x\r\n")},
    {"garbage_method", with_start("PO(ST /v1/messages HTTP/1.1\r\nHost: x\r\n")},
    {"long_method", with_start(std::string(5000, 'A') + " /v1/messages HTTP/1.1\r\nHost: x\r\n")},
    {"http_2_preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
    {"tls_hello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)},
    {"http_0_9", "GET /v1/models\r\n\r\n"},
    {"http_1_2", with_start("POST /v1/messages HTTP/1.2\r\nHost: x\r\n")},
    {"http_2", with_start("POST /v1/messages HTTP/2.0\r\nHost: x\r\n")},
    {"lower_case_http", with_start("POST /v1/messages http/1.1\r\nHost: x\r\n")},
    {"two_spaces", with_start("POST  /v1/messages HTTP/1.1\r\nHost: x\r\n")},
    {"space_at_the_end", with_start("POST /v1/messages HTTP/1.1 \r\nHost: x\r\n")},
    {"tab_for_space", with_start("POST\t/v1/messages\tHTTP/1.1\r\nHost: x\r\n")},
    {"nul_in_target", with_start(std::string("POST /v1/messages\0 HTTP/1.1\r\nHost: x\r\n", 38))},
    {"space_in_target", with_start("POST /v1/ messages HTTP/1.1\r\nHost: x\r\n")},
    {"empty_target", with_start("POST  HTTP/1.1\r\nHost: x\r\n")},
    {"relative_target", with_start("POST v1/messages HTTP/1.1\r\nHost: x\r\n")},
    {"many_fields", with_lines(many_lines(10'000))},
    {"long_field", with_lines("X-A: " + std::string(100'000, 'b') + "\r\n" + good_length)},
    {"long_name", with_lines(std::string(100'000, 'b') + ": 1\r\n" + good_length)},
    {"endless_line", std::string(200'000, 'A')},
    {"chunk_size_text", with_chunks("zz\r\n{}\r\n0\r\n\r\n")},
    {"chunk_size_negative", with_chunks("-5\r\n{}\r\n0\r\n\r\n")},
    {"chunk_size_prefix", with_chunks(hex_chunk("0x" + hex_size()))},
    {"chunk_size_overflow", with_chunks(hex_chunk("10000000000000000" + hex_size()))},
    {"chunk_size_empty", with_chunks("\r\n" + good_body + "\r\n0\r\n\r\n")},
    {"chunk_size_space", with_chunks(hex_chunk(" " + hex_size()))},
    {"chunk_too_short", with_chunks("5\r\n" + good_body + "\r\n0\r\n\r\n")},
    {"chunk_bare_lf", with_chunks(hex_size() + "\n" + good_body + "\n0\n\n")},
    {"chunk_extension_10_kb",
     with_chunks(hex_chunk(hex_size() + ";x=" + std::string(10'000, 'y')))},
    {"chunk_extension_nul", with_chunks(hex_chunk(hex_size() + ";x" + std::string(1, '\0')))},
    {"chunk_extension_lf", with_chunks(hex_chunk(hex_size() + ";x\ny"))},
    {"trailer_of_100_kb",
     with_chunks(hex_size() + "\r\n" + good_body + "\r\n0\r\nX: " + std::string(100'000, 'y'))},
    {"trailer_nonsense",
     with_chunks(hex_size() + "\r\n" + good_body + "\r\n0\r\nnonsense\r\n\r\n")},
};

class hostile_heads : public relay_fixture {
 protected:
  void SetUp() override {
    settings.timeouts.client_head = milliseconds(300);
    settings.timeouts.client_body = milliseconds(300);
    settings.timeouts.client_idle = milliseconds(2000);
    add_account("a");
    start();
  }
  std::string filled_in(std::string bytes) const {
    const auto place = bytes.find("KEY");
    return place == bytes.npos ? bytes : bytes.replace(place, 3, key());
  }
  void expect_refused(raw_client& client, const std::string& bytes) {
    client.send(bytes);
    client.half_close();
    const auto answer = client.read_answer();
    if (answer.status != 0) {
      EXPECT_GE(answer.status, 400);
      EXPECT_LT(answer.status, 500);
      EXPECT_TRUE(answer.complete) << answer.problem;
    }
    EXPECT_EQ(upstream->stats().requests, 0u);
    EXPECT_EQ(upstream->stats().malformed_requests, 0u);
  }
  void expect_still_serving() {
    EXPECT_EQ(send_message().status, 200);
    upstream->clear_stats();
  }
};

TEST_F(hostile_heads, are_never_relayed) {
  for (const auto& [name, bytes] : requests) {
    SCOPED_TRACE(name);
    raw_client client(port());
    expect_refused(client, filled_in(bytes));
    expect_still_serving();
  }
}

TEST_F(hostile_heads, are_never_relayed_byte_by_byte) {
  for (const auto& [name, bytes] : requests) {
    if (bytes.size() > 2000) continue;
    SCOPED_TRACE(name);
    raw_client client(port());
    client.send_byte_by_byte(filled_in(bytes));
    expect_refused(client, "");
  }
  expect_still_serving();
}

TEST_F(hostile_heads, end_the_connection_whatever_stands_behind_them) {
  const auto good = message_request();
  for (const auto& [name, bytes] : requests) {
    if (bytes.size() > 2000) continue;
    SCOPED_TRACE(name);
    raw_client client(port());
    client.send(test::request_text("GET", "/health", {}));
    EXPECT_EQ(client.read_answer().status, 200);
    client.send(filled_in(bytes) + good);
    const auto first = client.read_answer();
    const bool well_formed = first.status == 404 || first.status == 405;
    const auto second = client.read_answer();
    EXPECT_EQ(second.status, well_formed && first.header("connection") != "close" ? 200 : 0);
    EXPECT_EQ(upstream->stats().requests, second.status == 200 ? 1u : 0u);
    upstream->clear_stats();
  }
  expect_still_serving();
}

TEST_F(hostile_heads, a_request_cut_anywhere_is_not_relayed) {
  const auto sized = message_request();
  const auto chunked = filled_in(with_chunks(hex_chunk(hex_size())));
  for (const auto& whole : {sized, chunked}) {
    for (std::size_t size = 0; size < whole.size(); size += sanitized ? 7 : 1) {
      raw_client client(port());
      client.send(whole.substr(0, size));
      size % 2 == 0 ? client.close() : client.reset();
    }
  }
  EXPECT_EQ(test::get(port(), "/health").status, 200);
  EXPECT_EQ(upstream->stats().requests, 0u);
  expect_still_serving();
  EXPECT_TRUE(eventually([&] { return metric("baton_client_connections") == 1; }));
}

TEST_F(hostile_heads, a_slow_head_is_cut) {
  raw_client client(port());
  client.send("POST /v1/messages HTTP/1.1\r\nHost: x\r\n");
  const auto began = steady_now();
  while (client.silent_for(milliseconds(50)) && steady_now() - began < milliseconds(3000)) {
    client.send("X-A: b\r\n");
  }
  EXPECT_NE(client.read_to_end(), test::peer_end::open);
  EXPECT_LT(steady_now() - began, milliseconds(1500));
}

TEST_F(hostile_heads, a_slow_body_is_cut) {
  for (const bool chunked : {false, true}) {
    raw_client client(port());
    client.send(chunked ? filled_in(with_chunks("10000\r\n"))
                        : filled_in(with_lines("Content-Length: 60000\r\n", "")));
    const auto began = steady_now();
    while (client.silent_for(milliseconds(50)) && steady_now() - began < milliseconds(3000)) {
      client.send("x");
    }
    EXPECT_NE(client.read_to_end(), test::peer_end::open);
    EXPECT_LT(steady_now() - began, milliseconds(1500)) << "a trickle earns no time";
  }
  EXPECT_EQ(upstream->stats().requests, 0u);
}

TEST_F(hostile_heads, a_silent_client_is_let_go) {
  raw_client fresh(port());
  raw_client used(port());
  used.send(test::request_text("GET", "/health", {}));
  EXPECT_EQ(used.read_answer().status, 200);
  EXPECT_EQ(fresh.read_to_end(), test::peer_end::fin);
  EXPECT_EQ(used.read_to_end(), test::peer_end::fin);
}

TEST_F(hostile_heads, empty_lines_before_a_request_are_passed_over) {
  raw_client client(port());
  client.send("\r\n\r\n" + test::request_text("GET", "/health", {}) + "\r\n\r\n" +
              test::request_text("GET", "/health", {}));
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(client.read_answer().status, 200);
}

}  // namespace
}  // namespace baton::e2e
