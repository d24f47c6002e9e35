// The JSON documents and events an Anthropic-compatible upstream answers with, as text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/support/mock_behaviour.hpp"

namespace baton::mock {

// Stands in a text for an id of 24 characters that is filled in when the answer is sent.
inline constexpr std::string_view id_marker = "@@@@@@@@@@@@@@@@@@@@@@@@";
// Stands for the send time, right-aligned: JSON allows spaces before a number.
inline constexpr std::string_view clock_marker = "###################";

std::string message_json(const behaviour& script, std::string_view model);
std::string count_json(const behaviour& script);
std::string models_json();
// `type` empty: the one Anthropic uses with this status. `message` empty: a usual one.
std::string error_json(int status, std::string_view type, std::string_view message);
std::string_view reason_phrase(int status);

// Events, each complete with its blank line.
std::string message_start_event(const behaviour& script, std::string_view model);
std::string block_start_event();
std::string ping_event();
std::string delta_event(std::string_view text, bool timestamp);
std::string block_stop_event();
std::string message_delta_event(const behaviour& script);
std::string message_stop_event();
std::string error_event(std::string_view type);
std::string malformed_event(malformation kind);

// The n-th word of what the mock says, with the space behind it; `bytes` not 0: so long a text.
std::string answer_word(std::uint32_t n, std::uint32_t bytes);
inline constexpr std::uint32_t answer_word_count = 12;

}  // namespace baton::mock
