#include "relay/sse_scanner.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace baton::relay {
namespace {

// Writes events down as "name|data;". Wants everything but events named "unwanted…".
class recorder : public sse_scanner::listener {
 public:
  bool wants(std::string_view event_name) override {
    asked += std::string(event_name) + ";";
    return !event_name.starts_with("unwanted");
  }
  void on_event(std::string_view event_name, std::string_view padded_data) override {
    for (std::size_t i = 0; i < 64; ++i) sum += static_cast<unsigned char>(padded_data.end()[i]);
    events += std::string(event_name) + "|" + std::string(padded_data) + ";";
  }
  void on_long_event(std::string_view event_name, std::string_view beginning,
                     std::string_view end) override {
    long_events += std::string(event_name) + "|" + std::to_string(beginning.size()) + "|" +
                   std::string(beginning.substr(0, 3)) + "|" + std::to_string(end.size()) + "|" +
                   std::string(end.substr(end.size() - 3)) + ";";
  }

  std::string events;
  std::string long_events;
  std::string asked;
  unsigned sum = 0;
};

std::string scan(std::string_view stream) {
  recorder found;
  sse_scanner scanner(found);
  scanner.feed(stream);
  return found.events;
}

std::string scan_in_pieces(std::string_view stream, std::size_t piece_bytes) {
  recorder found;
  sse_scanner scanner(found);
  for (std::size_t at = 0; at < stream.size(); at += piece_bytes) {
    scanner.feed(stream.substr(at, piece_bytes));
  }
  return found.events;
}

constexpr std::string_view mixed =
    "\xEF\xBB\xBF: hello\r\n\r\nevent: one\ndata: {\"a\":1}\n\n"
    "id: 7\r\nevent:two\r\ndata:first\r\ndata\r\ndata:  third\r\n\r\n"
    "event: unwanted\ndata: x\n\nretry: 5\rdata: \xE6\xA8\xA1\r\r"
    "datax: no\nevents: no\ndat\ne\n: comment: data: x\nevent\ndata:\n\n";
constexpr std::string_view mixed_events = "one|{\"a\":1};two|first\n\n third;|\xE6\xA8\xA1;|;";

TEST(sse_scanner, finds_events) {
  EXPECT_EQ(scan("event: a\ndata: 1\n\nevent: b\ndata: 2\n\n"), "a|1;b|2;");
  EXPECT_EQ(scan(mixed), mixed_events);
}

TEST(sse_scanner, finds_an_event_split_at_every_byte) {
  for (std::size_t at = 0; at <= mixed.size(); ++at) {
    recorder found;
    sse_scanner scanner(found);
    scanner.feed(mixed.substr(0, at));
    scanner.feed("");
    scanner.feed(mixed.substr(at));
    EXPECT_EQ(found.events, mixed_events) << "split at " << at;
  }
}

TEST(sse_scanner, does_not_care_how_a_stream_is_cut) {
  for (std::size_t bytes = 1; bytes < 20; ++bytes) {
    EXPECT_EQ(scan_in_pieces(mixed, bytes), mixed_events) << bytes;
  }
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    std::string stream;
    while (stream.size() < 60) {
      constexpr std::string_view parts[] = {"\n", "\r", "\r\n",        "\n\n", "data",
                                            ":",  " ",  "ev",          "ent",  "unwanted",
                                            "x",  "id", "\xEF\xBB\xBF"};
      stream += parts[random() % std::size(parts)];
    }
    const std::string whole = scan(stream);
    ASSERT_EQ(scan_in_pieces(stream, 1), whole) << testing::PrintToString(stream);
    ASSERT_EQ(scan_in_pieces(stream, 1 + random() % 7), whole) << testing::PrintToString(stream);
  }
}

TEST(sse_scanner, ends_lines_at_cr_lf_and_crlf) {
  EXPECT_EQ(scan("data: 1\n\n"), "|1;");
  EXPECT_EQ(scan("data: 1\r\n\r\n"), "|1;");
  EXPECT_EQ(scan("data: 1\r\r"), "|1;");
  EXPECT_EQ(scan("data: 1\n\r\n"), "|1;");
  EXPECT_EQ(scan("data: 1\r\n\n"), "|1;");
  EXPECT_EQ(scan("data: 1\r\ndata: 2\n\r"), "|1\n2;") << "CRLF is one end, not two";
}

TEST(sse_scanner, joins_data_lines_and_strips_one_space) {
  EXPECT_EQ(scan("data: a\ndata:b\ndata:  c\ndata\ndata: \n\n"), "|a\nb\n c\n\n;");
}

TEST(sse_scanner, takes_data_without_a_colon_as_empty) {
  EXPECT_EQ(scan("data\n\n"), "|;");
  EXPECT_EQ(scan("data\ndata\n\n"), "|\n;");
}

TEST(sse_scanner, reports_no_event_without_data) {
  EXPECT_EQ(scan("event: a\n\n\n\n: x\n\nid: 1\n\ndata: b\n\n"), "|b;") << "the name is forgotten";
}

TEST(sse_scanner, reports_no_unfinished_event) {
  EXPECT_EQ(scan("data: 1\n\ndata: 2\n"), "|1;");
  EXPECT_EQ(scan("data: 1"), "");
}

TEST(sse_scanner, takes_the_last_of_several_names) {
  EXPECT_EQ(scan("event: a\nevent: b\ndata: 1\n\n"), "b|1;");
  EXPECT_EQ(scan("event: a\nevent\ndata: 1\n\n"), "|1;");
}

TEST(sse_scanner, reports_a_name_that_comes_after_the_data) {
  EXPECT_EQ(scan("data: 1\nevent: late\n\n"), "late|1;");
}

TEST(sse_scanner, asks_once_for_each_event_with_data) {
  recorder found;
  sse_scanner scanner(found);
  scanner.feed("event: a\ndata: 1\ndata: 2\n\ndata: 3\n\nevent: unwanted\ndata: 4\n\nevent: c\n\n");
  EXPECT_EQ(found.asked, "a;;unwanted;");
  EXPECT_EQ(found.events, "a|1\n2;|3;");
}

TEST(sse_scanner, cuts_long_names) {
  const std::string name(10'000, 'n');
  EXPECT_EQ(scan("event: " + name + "\ndata: 1\n\n"),
            name.substr(0, sse_scanner::name_bytes_max) + "|1;");
  EXPECT_EQ(scan_in_pieces("event: " + name + "\ndata: 1\n\n", 100),
            name.substr(0, sse_scanner::name_bytes_max) + "|1;");
}

TEST(sse_scanner, skips_a_byte_order_mark_at_the_start_only) {
  EXPECT_EQ(scan("\xEF\xBB\xBF"
                 "data: 1\n\n\xEF\xBB\xBF"
                 "data: 2\n\ndata: 3\n\n"),
            "|1;|3;");
  EXPECT_EQ(scan("\xEF\xBB"
                 "data: 1\ndata: 2\n\n"),
            "|2;")
      << "a part of a mark is none";
  EXPECT_EQ(scan("\xEF\n\ndata: 1\n\n"), "|1;");
}

TEST(sse_scanner, collects_an_event_of_100_kb) {
  const std::string large(100'000, 'x');
  const std::string stream = "event: big\ndata: " + large + "\n\nevent: next\ndata: 1\n\n";
  EXPECT_EQ(scan(stream), "big|" + large + ";next|1;");
  EXPECT_EQ(scan_in_pieces(stream, 1000), "big|" + large + ";next|1;");
}

TEST(sse_scanner, passes_over_an_event_of_9_mb) {
  const std::string large(9 * 1024 * 1024, 'x');
  const std::string after = "event: next\ndata: 1\n\n";
  EXPECT_EQ(scan("event: big\ndata: " + large + "\ndata: more\n\n" + after), "next|1;");
  EXPECT_EQ(scan_in_pieces("event: big\ndata: " + large + "\n\n" + after, 16384), "next|1;");
}

TEST(sse_scanner, tells_the_ends_of_an_event_that_is_too_long) {
  const std::string stream = "event: big\ndata: {ab" + std::string(9 * 1024 * 1024, 'x') +
                             "\ndata: yz\n\nevent: next\ndata: 1\n\n";
  for (const std::size_t piece_bytes : {std::size_t{1000}, stream.size()}) {
    recorder found;
    sse_scanner scanner(found);
    for (std::size_t at = 0; at < stream.size(); at += piece_bytes) {
      EXPECT_TRUE(found.events.empty()) << "events are told of in their order";
      scanner.feed(std::string_view(stream).substr(at, piece_bytes));
    }
    EXPECT_EQ(found.long_events, "big|256|{ab|16384|\nyz;");
    EXPECT_EQ(found.events, "next|1;");
  }
  recorder unasked;
  sse_scanner(unasked).feed("event: unwanted\n" + stream.substr(stream.find("data")));
  EXPECT_EQ(unasked.long_events, "");
}

TEST(sse_scanner, collects_up_to_its_limit_and_no_byte_more) {
  recorder found;
  sse_scanner scanner(found);
  const std::string most(sse_scanner::event_bytes_max, 'x');
  scanner.feed("data:" + most + "\n\n");
  EXPECT_EQ(found.events.size(), most.size() + 2);
  found.events.clear();
  scanner.feed("data:" + most + "x\n\ndata:" + most + "\ndata\n\n");
  EXPECT_EQ(found.events, "");
}

TEST(sse_scanner, is_not_slowed_down_by_empty_lines) {
  // Each would cost a search to the end of the chunk if the other line end were looked for anew.
  EXPECT_EQ(scan(std::string(4 * 1024 * 1024, '\r') + "data: 1\r\r"), "|1;");
  EXPECT_EQ(scan(std::string(4 * 1024 * 1024, '\n') + "data: 1\n\n"), "|1;");
}

TEST(sse_scanner, knows_when_it_stands_between_events) {
  const auto between = [](std::string_view fed) {
    recorder found;
    sse_scanner scanner(found);
    scanner.feed(fed);
    return scanner.at_event_boundary();
  };
  for (const std::string_view fed :
       {"", "\n", "data: 1\n\n", "data: 1\r\n\r\n", "data: 1\r\n\r", "event: a\n\n", ": ping\n",
        "data: 1\n\n: ping\r", "\xEF\xBB\xBF"}) {
    EXPECT_TRUE(between(fed)) << testing::PrintToString(fed);
  }
  for (const std::string_view fed :
       {"d", "data", "data: 1", "data: 1\n", "data: 1\r\n", "event: a\n", "id: 1\n", "x\n", ":",
        ": ping", "data: 1\n\n:", "\xEF", "\xEF\xBB", "data: 1\n\nevent: a\ndata"}) {
    EXPECT_FALSE(between(fed)) << testing::PrintToString(fed);
  }
}

std::uint64_t end_of(std::string_view fed, std::size_t piece_bytes = 1) {
  recorder found;
  sse_scanner scanner(found);
  for (std::size_t at = 0; at < fed.size(); at += piece_bytes) {
    scanner.feed(fed.substr(at, piece_bytes));
  }
  return scanner.event_end();
}

TEST(sse_scanner, knows_where_the_last_event_ended) {
  EXPECT_EQ(end_of(""), 0u);
  EXPECT_EQ(end_of("data: 1\n"), 0u);
  EXPECT_EQ(end_of("data: 1\n\n"), 9u);
  EXPECT_EQ(end_of("data: 1\r\r"), 9u);
  EXPECT_EQ(end_of("data: 1\r\n\r\n"), 10u) << "the CR has ended it, the LF may be to come";
  EXPECT_EQ(end_of("data: 1\r\n\r"), 10u);
  EXPECT_EQ(end_of("data: 1\n\ndata: 2\n"), 9u);
  EXPECT_EQ(end_of("data: 1\n\n\n\n"), 11u);
  EXPECT_EQ(end_of("\xEF\xBB\xBF"
                   "data: 1\n\n"),
            12u);
}

TEST(sse_scanner, counts_comments_between_events_as_ended) {
  EXPECT_EQ(end_of(": ping\n"), 7u);
  EXPECT_EQ(end_of("data: 1\n\n: ping\n"), 16u);
  EXPECT_EQ(end_of("data: 1\n\n: ping"), 9u);
  EXPECT_EQ(end_of("data: 1\n: within\n"), 0u);
  EXPECT_EQ(end_of("event: a\n: within\n\n"), 19u);
}

TEST(sse_scanner, tells_within_an_event_where_the_one_before_ended) {
  class listener : public sse_scanner::listener {
   public:
    bool wants(std::string_view) override { return true; }
    void on_event(std::string_view, std::string_view) override {
      ends.push_back(scanner->event_end());
    }
    std::vector<std::uint64_t> ends;
    const sse_scanner* scanner = nullptr;
  };
  for (const std::string stream :
       {"data: 1\n\n: ping\nevent: a\ndata: 2\n\nid: 1\n\ndata: 3\n\n",
        "data: 1\r\r: ping\revent: a\rdata: 2\r\rid: 1\r\rdata: 3\r\r"}) {
    for (std::size_t bytes = 1; bytes <= stream.size(); ++bytes) {
      listener found;
      sse_scanner scanner(found);
      found.scanner = &scanner;
      for (std::size_t at = 0; at < stream.size(); at += bytes) {
        scanner.feed(std::string_view(stream).substr(at, bytes));
      }
      ASSERT_EQ(found.ends, (std::vector<std::uint64_t>{0, 16, 41})) << bytes;
    }
  }
}

// What comes up to an event's end, and no more of it, makes the same events.
TEST(sse_scanner, ends_events_at_the_same_byte_however_a_stream_is_cut) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 3000; ++round) {
    std::string stream;
    while (stream.size() < 60) {
      constexpr std::string_view parts[] = {"\n", "\r", "\r\n", "\n\n",  "data", "data: 1",
                                            ":",  " ",  ": c",  "event", "id"};
      stream += parts[random() % std::size(parts)];
    }
    const auto end = end_of(stream, stream.size());
    ASSERT_EQ(end_of(stream, 1), end) << testing::PrintToString(stream);
    ASSERT_EQ(end_of(stream, 1 + random() % 7), end) << testing::PrintToString(stream);
    const auto whole = std::string_view(stream).substr(0, end);
    ASSERT_EQ(scan(whole), scan(stream)) << testing::PrintToString(stream);
    ASSERT_EQ(end_of(whole, whole.size() + 1), end) << testing::PrintToString(stream);
    recorder found;
    sse_scanner scanner(found);
    scanner.feed(whole);
    ASSERT_TRUE(scanner.at_event_boundary()) << testing::PrintToString(stream);
  }
}

}  // namespace
}  // namespace baton::relay
