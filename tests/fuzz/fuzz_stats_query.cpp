// Whatever the query of a statistics URL looks like: it is refused with a text that can be printed,
// or read into something within its bounds.
#include <algorithm>

#include "relay/stats_query.hpp"
#include "tests/fuzz/input.hpp"

using baton::fuzz::require;

namespace {

constexpr baton::wall_time now = std::chrono::sys_days{std::chrono::year(2026) / 11 / 24};

void check_names(const std::vector<std::string>& names) {
  require(names.size() <= 200, "a filter has a bounded number of names");
  for (const auto& name : names) {
    require(!name.empty() && name.size() <= 256, "a name has a bounded length");
    require(name.find('\0') == name.npos, "a name has no NUL");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = baton::relay::parse_stats_query(baton::fuzz::as_text(data, size), now);
  if (!parsed) {
    const auto& text = parsed.error().text;
    require(!text.empty() && text.size() < 512, "a refusal says why, briefly");
    require(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; }),
            "a refusal can be printed");
    return 0;
  }
  for (const auto* names :
       {&parsed->keys, &parsed->accounts, &parsed->models, &parsed->platforms, &parsed->tags}) {
    check_names(*names);
  }
  require(parsed->top <= 1000 && parsed->page >= 1 && parsed->page_size >= 1 &&
              parsed->page_size <= 1000,
          "numbers are within their bounds");
  require(!parsed->from || !parsed->to || *parsed->from < *parsed->to, "the range is not empty");
  return 0;
}
