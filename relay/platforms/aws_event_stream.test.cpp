#include "relay/platforms/aws_event_stream.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <memory>
#include <vector>

namespace baton::relay {
namespace {

// Writes frames down as "message type|event type|exception type|error code|error
// message|payload;".
class recorder : public aws_frame_reader::listener {
 public:
  void on_frame(const aws_frame& frame) override {
    for (const auto part : {frame.message_type, frame.event_type, frame.exception_type,
                            frame.error_code, frame.error_message}) {
      frames.append(part).append("|");
    }
    frames.append(frame.payload).append(";");
    last_payload = frame.payload.data();
    last_payload_bytes = frame.payload.size();
  }

  std::string frames;
  const char* last_payload = nullptr;
  std::size_t last_payload_bytes = 0;
};

struct reading {
  recorder found;
  aws_frame_reader reader{found};

  // Each piece lies in a buffer of its size, so that the address sanitizer sees a byte read too
  // far.
  reading& feed(std::string_view bytes) {
    const auto copy = std::make_unique<char[]>(bytes.size());
    bytes.copy(copy.get(), bytes.size());
    reader.feed({copy.get(), bytes.size()});
    return *this;
  }
  reading& feed_in_pieces(std::string_view bytes, std::size_t piece_bytes) {
    for (std::size_t at = 0; at < bytes.size(); at += piece_bytes) {
      feed(bytes.substr(at, piece_bytes));
    }
    return *this;
  }
};

std::string number(std::size_t value, int bytes) {
  std::string out;
  while (bytes-- > 0) out += static_cast<char>(value >> (8 * bytes));
  return out;
}

std::string with_checksum(const std::string& bytes) {
  const auto* const data = reinterpret_cast<const Bytef*>(bytes.data());
  return bytes + number(crc32(0, data, static_cast<uInt>(bytes.size())), 4);
}

// A frame that says of itself what is given, with right checksums.
std::string frame_saying(std::size_t frame_bytes, std::size_t headers_bytes,
                         std::string_view rest) {
  return with_checksum(with_checksum(number(frame_bytes, 4) + number(headers_bytes, 4)) +
                       std::string(rest));
}

std::string frame_of(const std::string& headers, const std::string& payload) {
  return frame_saying(16 + headers.size() + payload.size(), headers.size(), headers + payload);
}

std::string header(std::string_view name, std::size_t type, const std::string& value) {
  return number(name.size(), 1) + std::string(name) + number(type, 1) + value;
}
std::string string_header(std::string_view name, std::string_view value) {
  return header(name, 7, number(value.size(), 2) + std::string(value));
}

std::string written(std::vector<aws_string_header> headers, std::string_view payload) {
  std::string out = "before";
  append_aws_frame(out, headers, payload);
  return out.substr(6);
}

std::string chunk(std::string_view payload) {
  return written(
      {{":event-type", "chunk"}, {":content-type", "application/json"}, {":message-type", "event"}},
      payload);
}
std::string chunk_text(std::string_view payload) {
  return "event|chunk||||" + std::string(payload) + ";";
}

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(at, 2)), nullptr, 16));
  }
  return bytes;
}

// From AWS's own test data for the format (aws/smithy-go, eventstream/testdata/encoded).
constexpr std::string_view published_payload = "{'foo':'bar'}";
constexpr std::string_view published_one_header =
    "0000003d0000002007fd83960c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e"
    "7b27666f6f273a27626172277d8d9c08b1";

TEST(aws_frame_reader, reads_the_published_frames) {
  const auto no_headers = "|||||" + std::string(published_payload) + ";";
  const std::pair<std::string_view, std::string> published[] = {
      {"000000100000000005c248eb7d98c8ff", "|||||;"},
      {"0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936", no_headers},
      {"0000002d0000001041c424b80a6576656e742d74797065040000a00c7b27666f6f273a27626172277d36f480a0",
       no_headers},
      {published_one_header, no_headers},
      {"000000cc000000af0fae64ca0a6576656e742d74797065040000a00c0c636f6e74656e742d74797065070010"
       "6170706c69636174696f6e2f6a736f6e0a626f6f6c2066616c73650109626f6f6c207472756500046279746502"
       "cf08627974652062756606001449276d2061206c6974746c6520746561706f74210974696d657374616d7008"
       "0000000000845fed05696e74313603002a05696e7436340500000000028757b2047575696409010203040506070"
       "8"
       "090a0b0c0d0e0f107b27666f6f273a27626172277daba5f10c",
       no_headers}};
  for (const auto& [hex, frames] : published) {
    reading it;
    it.feed(from_hex(hex));
    EXPECT_EQ(it.found.frames, frames);
    EXPECT_EQ(it.reader.fault(), "");
    EXPECT_EQ(it.reader.frame_end(), hex.size() / 2);
  }
}

TEST(aws_frame_reader, refuses_the_published_damaged_frames) {
  const std::pair<std::size_t, char> damages[] = {
      {7, '\x21'},   // length of the headers
      {3, '\x3e'},   // length of the frame
      {45, '\x61'},  // payload
  };
  for (const auto& [at, byte] : damages) {
    std::string frame = from_hex(published_one_header);
    frame[at] = byte;
    EXPECT_TRUE(reading().feed(frame).reader.failed()) << at;
  }
}

TEST(aws_frame, is_written_as_it_is_published) {
  EXPECT_EQ(written({{"content-type", "application/json"}}, published_payload),
            from_hex(published_one_header));
  EXPECT_EQ(written({}, ""), from_hex("000000100000000005c248eb7d98c8ff"));
}

TEST(aws_frame, cuts_off_what_a_header_has_no_room_for) {
  const std::string name(256, 'n');
  const std::string value(32768, 'v');
  EXPECT_EQ(written({{name, value}}, "x"),
            frame_of(string_header(name.substr(1), value.substr(1)), "x"));
}

TEST(aws_frame_reader, reads_events_exceptions_and_errors) {
  reading it;
  it.feed(chunk(R"({"bytes":"e30="})") +
          written({{":exception-type", "throttlingException"},
                   {":content-type", "application/json"},
                   {":message-type", "exception"}},
                  R"({"message":"Too many"})") +
          written({{":message-type", "error"},
                   {":error-code", "InternalError"},
                   {":error-message", "An internal error"}},
                  ""));
  EXPECT_EQ(it.found.frames, chunk_text(R"({"bytes":"e30="})") +
                                 "exception||throttlingException|||{\"message\":\"Too many\"};"
                                 "error|||InternalError|An internal error|;");
}

TEST(aws_frame_reader, does_not_care_where_a_stream_is_cut) {
  const std::string stream = chunk("first") + written({}, "") + chunk("second");
  const std::string frames = chunk_text("first") + "|||||;" + chunk_text("second");
  for (std::size_t at = 0; at <= stream.size(); ++at) {
    reading it;
    it.feed(std::string_view(stream).substr(0, at)).feed("").feed(stream.substr(at));
    EXPECT_EQ(it.found.frames, frames) << at;
    EXPECT_EQ(it.reader.frame_end(), stream.size());
    EXPECT_TRUE(it.reader.at_frame_boundary());
  }
  for (std::size_t bytes = 1; bytes < 40; ++bytes) {
    EXPECT_EQ(reading().feed_in_pieces(stream, bytes).found.frames, frames) << bytes;
  }
}

TEST(aws_frame_reader, knows_where_the_last_whole_frame_ends) {
  const std::string first = chunk("first");
  const std::string stream = first + chunk("second");
  for (std::size_t at = 0; at < stream.size(); ++at) {
    reading it;
    it.feed_in_pieces(std::string_view(stream).substr(0, at), 7);
    EXPECT_EQ(it.reader.frame_end(), at < first.size() ? 0 : first.size()) << at;
    EXPECT_EQ(it.reader.at_frame_boundary(), at == 0 || at == first.size()) << at;
    EXPECT_FALSE(it.reader.failed());
  }
}

TEST(aws_frame_reader, tells_a_listener_where_the_frames_before_end) {
  struct : aws_frame_reader::listener {
    void on_frame(const aws_frame&) override { ends.push_back(reader->frame_end()); }
    aws_frame_reader* reader = nullptr;
    std::vector<std::uint64_t> ends;
  } listener;
  aws_frame_reader reader(listener);
  listener.reader = &reader;
  const std::string frame = chunk("x");
  reader.feed(frame + frame.substr(0, 20));
  reader.feed(frame.substr(20) + frame);
  EXPECT_EQ(listener.ends, (std::vector<std::uint64_t>{0, frame.size(), 2 * frame.size()}));
}

TEST(aws_frame_reader, does_not_copy_a_frame_that_is_whole) {
  const std::string first = chunk("first");
  const std::string stream = first + chunk("second");
  recorder found;
  aws_frame_reader reader(found);
  reader.feed(first.substr(0, 5));
  reader.feed(first.substr(5));
  reader.feed(stream);
  EXPECT_EQ(found.last_payload, stream.data() + stream.rfind("second"));
}

TEST(aws_frame_reader, refuses_a_frame_in_which_any_byte_was_changed) {
  const std::string good = chunk("good");
  const std::string frame = chunk("payload");
  for (std::size_t at = 0; at < frame.size(); ++at) {
    std::string changed = frame;
    changed[at] ^= 0x10;
    for (const std::size_t piece_bytes : {std::size_t(1000), std::size_t(1)}) {
      reading it;
      it.feed_in_pieces(good + changed + good, piece_bytes);
      EXPECT_EQ(it.found.frames, chunk_text("good")) << at;
      EXPECT_EQ(it.reader.fault(),
                at < 12 ? "the beginning of a frame is damaged" : "a frame is damaged");
      EXPECT_EQ(it.reader.frame_end(), good.size());
      EXPECT_FALSE(it.reader.at_frame_boundary());
    }
  }
}

TEST(aws_frame_reader, refuses_lengths_that_cannot_be) {
  constexpr std::size_t mib = 1024 * 1024;
  const std::pair<std::string, std::string_view> frames[] = {
      {frame_saying(0, 0, ""), "a frame is shorter than frames can be"},
      {frame_saying(15, 0, ""), "a frame is shorter than frames can be"},
      {frame_saying(12, 0xffffffff, ""), "a frame is shorter than frames can be"},
      {frame_saying(16 * mib + 1, 0, ""), "a frame is too long"},
      {frame_saying(0x80000000, 0, ""), "a frame is too long"},
      {frame_saying(0xffffffff, 0, ""), "a frame is too long"},
      {frame_saying(16, 1, ""), "a frame's headers are longer than the frame"},
      {frame_saying(20, 5, "abcd"), "a frame's headers are longer than the frame"},
      {frame_saying(mib, 128 * 1024 + 1, ""), "a frame's headers are too long"},
      {frame_saying(100, 0xffffffff, ""), "a frame's headers are too long"},
  };
  for (const auto& [frame, fault] : frames) {
    EXPECT_EQ(reading().feed(frame).reader.fault(), fault);
    // The first twelve bytes are enough to tell, also one by one.
    EXPECT_EQ(reading().feed_in_pieces(frame.substr(0, 12), 1).reader.fault(), fault);
    EXPECT_FALSE(reading().feed(frame.substr(0, 11)).reader.failed());
  }
}

TEST(aws_frame_reader, passes_over_headers_of_every_type) {
  const std::string names[] = {":message-type", ":event-type", "other"};
  const std::size_t sizes[] = {0, 0, 1, 2, 4, 8, 0, 0, 8, 16};
  for (const auto& name : names) {
    std::string headers;
    for (std::size_t type = 0; type < 10; ++type) {
      if (type == 7) continue;
      const std::string value =
          type == 6 ? number(5, 2) + "bytes" : std::string(sizes[type], '\x07');
      headers += header(name, type, value);
    }
    headers += string_header(":error-code", "x");
    EXPECT_EQ(reading().feed(frame_of(headers, "x")).found.frames, "|||x||x;");
  }
}

TEST(aws_frame_reader, takes_as_many_bytes_of_headers_as_there_can_be) {
  const std::string value(65535, 'v');
  const std::string longest = string_header(":error-message", value);
  std::string headers = longest + string_header(std::string(255, 'n'), "");
  const std::size_t left = aws_frame_reader::headers_bytes_max - headers.size();
  headers += string_header("rest", std::string(left - 8, 'r'));
  ASSERT_EQ(headers.size(), aws_frame_reader::headers_bytes_max);
  EXPECT_TRUE(reading().feed(frame_of(headers, "x")).found.frames == "||||" + value + "|x;");
}

TEST(aws_frame_reader, refuses_headers_that_are_malformed) {
  const std::string good = string_header(":message-type", "event");
  const std::string bad[] = {
      header("", 7, number(1, 2) + "x"),
      header("n", 10, ""),
      header("n", 255, "12345678"),
      header("n", 7, number(6, 2) + "short"),
      header("n", 6, number(65535, 2)),
      std::string("\x05name", 5),
      std::string("\xff", 1),
      std::string(1, '\0'),
  };
  for (const auto& headers : bad) {
    for (const auto& all : {headers, good + headers}) {
      reading it;
      it.feed(frame_of(all, "payload that is not a part of the headers"));
      EXPECT_EQ(it.reader.fault(), "a frame's headers are malformed");
      EXPECT_EQ(it.found.frames, "");
      EXPECT_EQ(it.reader.frame_end(), 0u);
    }
  }
}

TEST(aws_frame_reader, refuses_headers_that_are_cut_off_anywhere) {
  std::string headers;
  for (const std::size_t type : {2, 3, 4, 5, 8, 9}) {
    const std::string one = header("n", type, std::string(16, '\x01'));
    const std::size_t whole = 3 + (type == 9 ? 16 : type == 8 ? 8 : std::size_t(1) << (type - 2));
    for (std::size_t bytes = 1; bytes < whole; ++bytes) {
      EXPECT_TRUE(reading().feed(frame_of(one.substr(0, bytes), "")).reader.failed())
          << type << " " << bytes;
    }
    EXPECT_FALSE(reading().feed(frame_of(one.substr(0, whole), "")).reader.failed()) << type;
  }
}

TEST(aws_frame_reader, reads_nothing_more_once_it_failed) {
  reading it;
  it.feed(chunk("one")).feed(std::string(12, 'x'));
  ASSERT_TRUE(it.reader.failed());
  it.feed(chunk("two")).feed_in_pieces(chunk("three"), 1);
  EXPECT_EQ(it.found.frames, chunk_text("one"));
  EXPECT_EQ(it.reader.frame_end(), chunk("one").size());
}

TEST(aws_frame_reader, reads_a_frame_of_megabytes_that_comes_in_pieces) {
  const std::string payload(8 * 1024 * 1024, 'p');
  const std::string stream = chunk(payload) + chunk("small");
  for (const std::size_t piece_bytes : {std::size_t(65'521), stream.size()}) {
    reading it;
    it.feed_in_pieces(stream, piece_bytes);
    EXPECT_TRUE(it.found.frames == chunk_text(payload) + chunk_text("small"));
    EXPECT_TRUE(it.reader.at_frame_boundary());
  }
}

TEST(aws_frame_reader, reads_a_frame_as_long_as_frames_can_be) {
  const std::string payload(aws_frame_reader::frame_bytes_max - 16, 'p');
  reading it;
  it.feed_in_pieces(written({}, payload), 1024 * 1024 - 1);
  EXPECT_EQ(it.reader.fault(), "");
  EXPECT_EQ(it.found.last_payload_bytes, payload.size());
}

}  // namespace
}  // namespace baton::relay
