#include "tests/support/raw_answer.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace baton::test {

std::optional<std::string> raw_answer::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (text::iequals(key, name)) return value;
  }
  return std::nullopt;
}

std::size_t raw_answer::header_count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(headers.begin(), headers.end(),
                    [name](const auto& entry) { return text::iequals(entry.first, name); }));
}

std::vector<sse_event> parse_events(std::string_view body) {
  std::vector<sse_event> events;
  sse_event current;
  bool has_data = false;
  while (!body.empty()) {
    const auto end = body.find('\n');
    if (end == std::string_view::npos) break;
    std::string_view line = body.substr(0, end);
    body.remove_prefix(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) {
      if (has_data || !current.name.empty()) events.push_back(std::move(current));
      current = {};
      has_data = false;
      continue;
    }
    const auto colon = line.find(':');
    const std::string_view field = line.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "event") current.name = value;
    if (field == "data") {
      if (has_data) current.data += '\n';
      current.data += value;
      has_data = true;
    }
  }
  return events;
}

bool answer_reader::feed(std::string& bytes) {
  for (;;) {
    bool advanced = false;
    switch (stage_) {
      case stage::head: advanced = take_head(bytes); break;
      case stage::counted:
      case stage::to_end:
      case stage::chunk:
      case stage::chunk_end: advanced = take_body(bytes); break;
      case stage::chunk_size: advanced = take_chunk_size(bytes); break;
      case stage::trailer: advanced = take_trailer(bytes); break;
      case stage::done: return true;
    }
    if (!advanced) return stage_ == stage::done;
  }
}

void answer_reader::end(std::string_view how) {
  if (stage_ == stage::done) return;
  if (stage_ == stage::to_end && how == "fin") return succeed();
  fail("the connection ended (" + std::string(how) + ") before the answer was complete");
}

bool answer_reader::take_head(std::string& bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  answer_.head = bytes.substr(0, end + 4);
  bytes.erase(0, end + 4);
  answer_.headers.clear();
  std::string_view rest = answer_.head;
  rest.remove_suffix(2);
  const auto line_end = rest.find("\r\n");
  const std::string_view status_line = rest.substr(0, line_end);
  const auto status =
      text::parse_number<int>(status_line.substr(std::min<std::size_t>(9, status_line.size()), 3));
  if (!status_line.starts_with("HTTP/1.") || !status) {
    fail("not a status line: " + std::string(status_line));
    return true;
  }
  answer_.status = *status;
  answer_.reason = status_line.size() > 13 ? status_line.substr(13) : "";
  rest.remove_prefix(line_end + 2);
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(line.size() + 2);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) {
      fail("not a header line: " + std::string(line));
      return true;
    }
    answer_.headers.emplace_back(line.substr(0, colon), text::trim(line.substr(colon + 1)));
  }
  choose_framing();
  return true;
}

// RFC 9112 section 6.3.
void answer_reader::choose_framing() {
  if (answer_.status < 200 && answer_.status != 101) {
    answer_.interim.push_back(answer_.status);
    return;
  }
  if (answers_head_ || answer_.status == 204 || answer_.status == 304) return succeed();
  const auto encoding = answer_.header("transfer-encoding");
  const auto length = answer_.header("content-length");
  if (encoding && length) return fail("both transfer-encoding and content-length");
  if (answer_.header_count("content-length") > 1) return fail("two content-lengths");
  if (encoding) {
    if (!text::iequals(*encoding, "chunked")) return fail("transfer-encoding: " + *encoding);
    stage_ = stage::chunk_size;
    return;
  }
  if (!length) {
    stage_ = stage::to_end;
    return;
  }
  const auto bytes = text::parse_number<std::uint64_t>(*length);
  if (!bytes) return fail("content-length: " + *length);
  left_ = *bytes;
  left_ == 0 ? succeed() : void(stage_ = stage::counted);
}

bool answer_reader::take_body(std::string& bytes) {
  if (stage_ == stage::chunk_end) {
    if (bytes.size() < 2) return false;
    if (!bytes.starts_with("\r\n")) return fail("no CRLF after a chunk"), true;
    bytes.erase(0, 2);
    stage_ = stage::chunk_size;
    return true;
  }
  if (bytes.empty()) return false;
  const std::size_t part =
      stage_ == stage::to_end ? bytes.size() : std::min<std::uint64_t>(left_, bytes.size());
  answer_.body.append(bytes, 0, part);
  bytes.erase(0, part);
  if (stage_ == stage::to_end) return false;
  left_ -= part;
  if (left_ != 0) return false;
  stage_ == stage::counted ? succeed() : void(stage_ = stage::chunk_end);
  return true;
}

bool answer_reader::take_chunk_size(std::string& bytes) {
  const auto end = bytes.find("\r\n");
  if (end == std::string::npos) return false;
  const std::string line = bytes.substr(0, std::min(end, bytes.find(';')));
  bytes.erase(0, end + 2);
  const auto [rest, failure] = std::from_chars(line.data(), line.data() + line.size(), left_, 16);
  if (failure != std::errc{} || rest != line.data() + line.size()) {
    return fail("chunk size: " + line), true;
  }
  if (left_ != 0) answer_.chunk_bytes.push_back(left_);
  stage_ = left_ == 0 ? stage::trailer : stage::chunk;
  return true;
}

bool answer_reader::take_trailer(std::string& bytes) {
  const auto end = bytes.find("\r\n");
  if (end == std::string::npos) return false;
  bytes.erase(0, end + 2);
  if (end == 0) succeed();
  return true;
}

void answer_reader::fail(std::string problem) {
  answer_.problem = std::move(problem);
  stage_ = stage::done;
}

void answer_reader::succeed() {
  answer_.complete = true;
  stage_ = stage::done;
}

}  // namespace baton::test
