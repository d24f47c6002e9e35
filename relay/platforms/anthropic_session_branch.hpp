// Tells the conversations of one session apart.
#pragma once

#include <cstdint>
#include <string_view>

namespace baton::relay {

// A hash over the texts of the first message of the user, for use within the process. Over its
// texts and not its JSON, because Claude Code moves its cache_control marks from turn to turn, and
// writes a marked text as a block and an unmarked one as a string. Of a long text, size, beginning
// and end count: Claude Code begins all conversations of a session with the same long reminders.
// 0: there is no such text in the first 64 KiB.
//
// `messages`: a JSON value, which need not be valid. Runs along it without an index: some
// microseconds for a first message of 20 KB.
std::uint64_t anthropic_session_branch(std::string_view messages);

}  // namespace baton::relay
