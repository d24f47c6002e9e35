#include "relay/collected_text.hpp"

#include <algorithm>

#include "relay/api.hpp"

namespace baton::relay {
namespace {

constexpr std::size_t kept_bytes_max = 64 * 1024;

std::string_view last(std::string_view text, std::size_t bytes) {
  return text.substr(text.size() - std::min(bytes, text.size()));
}

}  // namespace

void collected_text::append(std::string_view part) {
  if (!too_long_ && part.size() <= bytes_max_ - text_.size()) {
    text_.append(part);
    return;
  }
  if (!too_long_) shorten(part);
  append_to_end(part);
}

// `part` is the first that does not fit.
void collected_text::shorten(std::string_view part) {
  too_long_ = true;
  end_ = last(text_, end_bytes);
  std::string beginning = text_.substr(0, beginning_bytes);
  beginning.append(part.substr(0, beginning_bytes - beginning.size()));
  text_ = std::move(beginning);
}

// What has become too old is dropped rarely, so that each byte is moved about once.
void collected_text::append_to_end(std::string_view part) {
  part = last(part, end_bytes);
  if (end_.size() + part.size() > 2 * end_bytes) {
    end_.erase(0, end_.size() + part.size() - end_bytes);
  }
  end_.append(part);
}

std::string_view collected_text::padded() {
  const std::size_t bytes = text_.size();
  text_.append(json_padding_bytes, '\0');
  return std::string_view(text_).substr(0, bytes);
}

std::string_view collected_text::end() const {
  return last(end_, end_bytes);
}

void collected_text::clear() {
  text_.clear();
  if (text_.capacity() > kept_bytes_max) std::string().swap(text_);
  if (too_long_) std::string().swap(end_);
  too_long_ = false;
}

}  // namespace baton::relay
