// The scanner finds the same events however a stream is cut, and those that a plain reading of the
// specification finds.
#include <string>

#include "relay/sse_scanner.hpp"
#include "tests/fuzz/input.hpp"

using baton::relay::sse_scanner;

namespace {

bool is_wanted(std::string_view name) {
  return !name.starts_with("no");
}

class recorder : public sse_scanner::listener {
 public:
  bool wants(std::string_view event_name) override {
    log += "?" + std::string(event_name) + "\n";
    return is_wanted(event_name);
  }
  void on_event(std::string_view event_name, std::string_view padded_data) override {
    for (std::size_t i = 0; i < baton::relay::json_padding_bytes; ++i) {
      sum += static_cast<unsigned char>(padded_data.data()[padded_data.size() + i]);
    }
    log += "!" + std::string(event_name) + "\n" + std::string(padded_data) + "\n";
  }

  std::string log;
  unsigned sum = 0;
};

// Line by line, after WHATWG HTML section 9.2.6.
class plain_reader {
 public:
  std::string read(std::string_view stream) {
    if (stream.starts_with("\xEF\xBB\xBF")) stream.remove_prefix(3);
    while (!stream.empty()) {
      const std::size_t end = stream.find_first_of("\r\n");
      if (end == stream.npos) break;
      take_line(stream.substr(0, end));
      stream.remove_prefix(end + (stream.substr(end).starts_with("\r\n") ? 2 : 1));
    }
    return log_;
  }

 private:
  void take_line(std::string_view line) {
    if (line.empty()) return dispatch();
    const std::size_t colon = std::min(line.find(':'), line.size());
    std::string_view value = line.substr(std::min(colon + 1, line.size()));
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (line.substr(0, colon) == "event") name_ = value.substr(0, sse_scanner::name_bytes_max);
    if (line.substr(0, colon) != "data") return;
    if (!has_data_) {
      wanted_ = is_wanted(name_);
      log_ += "?" + name_ + "\n";
    } else {
      data_ += '\n';
    }
    has_data_ = true;
    data_ += value;
  }

  void dispatch() {
    if (has_data_ && wanted_) log_ += "!" + name_ + "\n" + data_ + "\n";
    name_.clear();
    data_.clear();
    has_data_ = false;
  }

  std::string log_, name_, data_;
  bool has_data_ = false;
  bool wanted_ = false;
};

// All whole events stand before it, and nothing else does.
void require_right_end(std::string_view stream, std::uint64_t event_end, std::string_view log) {
  baton::fuzz::require(event_end <= stream.size(), "an event ends within the stream");
  recorder before_it;
  sse_scanner scanner(before_it);
  scanner.feed(stream.substr(0, event_end));
  baton::fuzz::require(scanner.event_end() == event_end, "an event ends at its end");
  baton::fuzz::require(scanner.at_event_boundary(), "nothing but whole events before it");
  baton::fuzz::require(log.starts_with(before_it.log), "the same events before it");
  baton::fuzz::require(log.substr(before_it.log.size()).find("\n!") == log.npos,
                       "no whole event behind it");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view stream = baton::fuzz::as_text(data, size);
  const auto steering = baton::fuzz::take_steering(stream);

  recorder at_once, in_pieces;
  sse_scanner whole(at_once), cut(in_pieces);
  whole.feed(stream);
  baton::fuzz::feed_in_pieces(stream, steering,
                              [&cut](std::string_view piece) { cut.feed(piece); });
  baton::fuzz::require(at_once.log == in_pieces.log, "the same events however the stream is cut");
  baton::fuzz::require(whole.at_event_boundary() == cut.at_event_boundary(), "the same boundary");
  baton::fuzz::require(whole.event_end() == cut.event_end(), "the same end of the last event");
  require_right_end(stream, whole.event_end(), at_once.log);

  const std::string expected = plain_reader().read(stream);
  baton::fuzz::require(at_once.log.starts_with(expected), "the events of the specification");
  // The plain reading waits for the end of a line that has already shown to be an event's first
  // data, so at most one more question was asked.
  const std::string_view more = std::string_view(at_once.log).substr(expected.size());
  baton::fuzz::require(more.empty() || (more.front() == '?' && more.find('\n') + 1 == more.size()),
                       "no event that the specification does not know");
  return 0;
}
