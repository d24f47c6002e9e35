#include "relay/platforms/json_skimmer.hpp"

#include <algorithm>

namespace baton::relay {
namespace {

// The place of the quote that ends a string which begins at 1, or npos.
std::size_t closing_quote(std::string_view text) {
  for (std::size_t quote = text.find('"', 1); quote != std::string_view::npos;
       quote = text.find('"', quote + 1)) {
    const std::size_t before = text.find_last_not_of('\\', quote - 1);
    if ((quote - before) % 2 == 1) return quote;
  }
  return std::string_view::npos;
}

}  // namespace

char json_skimmer::next() {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  return rest_.empty() ? '\0' : rest_.front();
}

bool json_skimmer::take(char token) {
  if (next() != token || rest_.empty()) return false;
  rest_.remove_prefix(1);
  return true;
}

std::string_view json_skimmer::string() {
  if (next() != '"') return {};
  const std::size_t end = closing_quote(rest_);
  const std::string_view text = rest_.substr(1, end == std::string_view::npos ? end : end - 1);
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
  return text;
}

std::string_view json_skimmer::value() {
  next();
  const std::string_view from_here = rest_;
  skip_value();
  return from_here.substr(0, from_here.size() - rest_.size());
}

// Brackets are counted, of whatever kind they are.
void json_skimmer::skip_value() {
  std::size_t depth = 0;
  do {
    switch (next()) {
      case '\0': return stop();
      case '"': string(); break;
      case '[':
      case '{':
        ++depth;
        rest_.remove_prefix(1);
        break;
      case ']':
      case '}':
        if (depth == 0) return;
        --depth;
        rest_.remove_prefix(1);
        break;
      case ',':
        if (depth == 0) return;
        [[fallthrough]];
      case ':': rest_.remove_prefix(1); break;
      default: rest_.remove_prefix(std::min(rest_.find_first_of(",:[]{}\" \t\r\n"), rest_.size()));
    }
  } while (depth != 0);
}

}  // namespace baton::relay
