#include "relay/platforms/anthropic_session_branch.hpp"

#include <functional>

#include "relay/platforms/json_skimmer.hpp"

namespace baton::relay {
namespace {

constexpr std::size_t skimmed_bytes_max = 64 * 1024;
constexpr std::size_t edge_bytes = 256;  // of the beginning and of the end of a text

class text_hash {
 public:
  void add(std::string_view text) {
    if (text.empty()) return;
    mix(text.size());
    mix(std::hash<std::string_view>{}(text.substr(0, edge_bytes)));
    if (text.size() <= edge_bytes) return;
    mix(std::hash<std::string_view>{}(text.substr(text.size() - edge_bytes)));
  }
  std::uint64_t value() const { return value_; }  // 0: nothing was added

 private:
  // The constant is 2^64 over the golden ratio.
  void mix(std::uint64_t part) {
    value_ = ((value_ << 23 | value_ >> 41) ^ part) * 0x9e3779b97f4a7c15;
    if (value_ == 0) value_ = 1;
  }

  std::uint64_t value_ = 0;
};

void skim_content(json_skimmer& json, text_hash& texts) {
  if (json.next() == '"') return texts.add(json.string());
  json.each_element([&] {
    json.each_member([&](std::string_view name) {
      if (name == "text" && json.next() == '"') texts.add(json.string());
    });
  });
}

}  // namespace

std::uint64_t anthropic_session_branch(std::string_view messages) {
  json_skimmer json(messages.substr(0, skimmed_bytes_max));
  std::uint64_t branch = 0;
  bool found = false;
  json.each_element([&] {
    if (found) return json.stop();
    text_hash texts;
    json.each_member([&](std::string_view name) {
      if (name == "role") found = json.string() == "user";
      if (name == "content") skim_content(json, texts);
    });
    if (found) branch = texts.value();
  });
  return branch;
}

}  // namespace baton::relay
