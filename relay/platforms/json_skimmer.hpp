// Runs over the beginning of a JSON text, for a few values near it: simdjson would index all of it
// first. Checks nothing: what is no JSON, or is cut off, gives values that mean nothing, but it
// ends, in time proportional to the text, and nothing outside the text is read.
//
// Nothing is unescaped.
#pragma once

#include <cstddef>
#include <string_view>

namespace baton::relay {

class json_skimmer {
 public:
  explicit json_skimmer(std::string_view text) : rest_(text) {}

  // The first character of the next token; 0 at the end.
  char next();
  // Takes the string that comes next, without its quotes; as far as it goes if it is cut off, and
  // nothing if there is no string.
  std::string_view string();
  // Takes the value that comes next, as it stands; as far as it goes if it is cut off.
  std::string_view value();
  void skip_value();
  // How many bytes of the text are ahead.
  std::size_t left() const { return rest_.size(); }
  // Nothing more is wanted.
  void stop() { rest_ = {}; }

  // Calls `visit()` where each element of the array that comes next begins, and passes over what it
  // leaves. Does nothing if no array comes next.
  template <class Visit>
  void each_element(Visit visit);
  // The same for an object: `visit(name)` where each value begins.
  template <class Visit>
  void each_member(Visit visit);

 private:
  bool take(char token);

  std::string_view rest_;
};

template <class Visit>
void json_skimmer::each_element(Visit visit) {
  if (!take('[')) return;
  while (next() != '\0' && next() != ']') {
    const char* const begin = rest_.data();
    visit();
    if (rest_.data() == begin) skip_value();
    if (!take(',')) break;
  }
  take(']');
}

template <class Visit>
void json_skimmer::each_member(Visit visit) {
  if (!take('{')) return;
  while (next() == '"') {
    const std::string_view name = string();
    if (!take(':')) break;
    next();
    const char* const begin = rest_.data();
    visit(name);
    if (rest_.data() == begin) skip_value();
    if (!take(',')) break;
  }
  take('}');
}

}  // namespace baton::relay
