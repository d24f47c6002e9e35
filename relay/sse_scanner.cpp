#include "relay/sse_scanner.hpp"

#include <algorithm>
#include <cstring>

namespace baton::relay {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view data_field = "data:";
constexpr std::string_view event_field = "event:";

// `end` if there is none.
const char* find(const char* begin, const char* end, char wanted) {
  if (begin == end) return end;
  const void* found = std::memchr(begin, wanted, static_cast<std::size_t>(end - begin));
  return found == nullptr ? end : static_cast<const char*>(found);
}

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

void sse_scanner::feed(std::string_view bytes) {
  const char* const begin = bytes.data();
  const char* const end = begin + bytes.size();
  scan(begin, skip_byte_order_mark(bytes));
  fed_ += static_cast<std::uint64_t>(end - begin);
}

// `bytes` is what is left of those that begin at `begin`.
void sse_scanner::scan(const char* begin, std::string_view bytes) {
  if (bytes.empty()) return;
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  if (after_cr_ && *at == '\n') ++at;
  after_cr_ = false;

  // Each is looked for again only when it has been passed: a stream that ends its lines with one of
  // the two must not be searched to its end for the other one, line by line.
  const char* next_lf = find(at, end, '\n');
  const char* next_cr = find(at, end, '\r');
  while (at != end) {
    const char* const stop = std::min(next_lf, next_cr);
    take(between(at, stop));
    if (stop == end) return;
    at = stop + 1;
    line_end_ = fed_ + static_cast<std::uint64_t>(at - begin);
    if (end_line()) event_end_ = line_end_;
    if (*stop == '\r') {
      after_cr_ = at == end;
      if (at != end && *at == '\n') ++at;
    }
    if (next_lf < at) next_lf = find(at, end, '\n');
    if (next_cr < at) next_cr = find(at, end, '\r');
  }
}

std::string_view sse_scanner::skip_byte_order_mark(std::string_view bytes) {
  while (mark_bytes_ < byte_order_mark.size() && !bytes.empty()) {
    if (bytes.front() == byte_order_mark[mark_bytes_]) {
      ++mark_bytes_;
      bytes.remove_prefix(1);
      continue;
    }
    // A part of a mark that was none begins the first line, and no field begins like that.
    if (mark_bytes_ > 0) begin_line(line_kind::ignored);
    mark_bytes_ = byte_order_mark.size();
  }
  return bytes;
}

sse_scanner::line_kind sse_scanner::kind_of(std::string_view start) {
  if (start.front() == ':') return line_kind::comment;
  if (start.starts_with(data_field)) return line_kind::data;
  if (start.starts_with(event_field)) return line_kind::event;
  if (data_field.starts_with(start) || event_field.starts_with(start)) return line_kind::undecided;
  return line_kind::ignored;
}

void sse_scanner::take(std::string_view part) {
  if (part.empty()) return;
  if (kind_ != line_kind::undecided) return take_value(part);

  line_kind kind = line_kind::undecided;
  if (prefix_bytes_ == 0) {
    kind = kind_of(part);
    if (kind == line_kind::undecided) {
      prefix_bytes_ = static_cast<std::uint8_t>(part.copy(prefix_.data(), prefix_.size()));
      return;
    }
    if (kind == line_kind::data) part.remove_prefix(data_field.size());
    if (kind == line_kind::event) part.remove_prefix(event_field.size());
  } else {
    // Ends with prefix_ full at the latest: nothing of its length is undecided.
    while (kind == line_kind::undecided && !part.empty()) {
      prefix_[prefix_bytes_++] = part.front();
      part.remove_prefix(1);
      kind = kind_of({prefix_.data(), prefix_bytes_});
    }
    if (kind == line_kind::undecided) return;
  }
  begin_line(kind);
  take_value(part);
}

void sse_scanner::begin_line(line_kind kind) {
  kind_ = kind;
  if (kind == line_kind::comment) return;
  has_fields_ = true;
  if (kind == line_kind::event) {
    name_bytes_ = 0;
  } else if (kind == line_kind::data && !has_data_) {
    has_data_ = true;
    collecting_ = listener_.wants(name());
  } else if (kind == line_kind::data && collecting_) {
    data_.append("\n");
  }
}

void sse_scanner::take_value(std::string_view part) {
  const bool collected = (kind_ == line_kind::data && collecting_) || kind_ == line_kind::event;
  if (!collected || part.empty()) return;
  if (!value_begun_ && part.front() == ' ') part.remove_prefix(1);
  value_begun_ = true;
  if (kind_ == line_kind::data) return data_.append(part);
  const std::size_t room = name_.size() - name_bytes_;
  name_bytes_ += static_cast<std::uint8_t>(part.copy(name_.data() + name_bytes_, room));
}

// True: it was the empty line behind an event, or a comment between two.
bool sse_scanner::end_line() {
  if (kind_ == line_kind::undecided) {
    const std::string_view field(prefix_.data(), prefix_bytes_);
    if (field.empty()) {
      dispatch();
      return true;
    }
    // A field without a colon has an empty value.
    if (field == "data") {
      begin_line(line_kind::data);
    } else if (field == "event") {
      begin_line(line_kind::event);
    } else {
      begin_line(line_kind::ignored);
    }
  }
  const bool between_events = kind_ == line_kind::comment && !has_fields_;
  kind_ = line_kind::undecided;
  prefix_bytes_ = 0;
  value_begun_ = false;
  return between_events;
}

void sse_scanner::dispatch() {
  if (has_data_ && collecting_) {
    if (data_.too_long()) {
      listener_.on_long_event(name(), data_.beginning(), data_.end());
    } else {
      listener_.on_event(name(), data_.padded());
    }
  }
  data_.clear();
  name_bytes_ = 0;
  has_fields_ = false;
  has_data_ = false;
  collecting_ = false;
}

bool sse_scanner::at_event_boundary() const {
  const bool within_mark = mark_bytes_ > 0 && mark_bytes_ < byte_order_mark.size();
  return !has_fields_ && kind_ == line_kind::undecided && prefix_bytes_ == 0 && !within_mark;
}

}  // namespace baton::relay
