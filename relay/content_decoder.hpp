// Undoes an upstream's content-encoding that was not asked for (RFC 9110 section 8.4.1): Baton asks
// for identity, and so must the client get it, whatever it accepts.
#pragma once

#include <memory>
#include <string_view>

#include "relay/answer_decoder.hpp"

namespace baton::relay {

// For gzip and deflate. Null for any other coding: such an answer passes as it is.
//
// What 16 KiB decode to has 16 MiB at most, by the nature of the format.
std::unique_ptr<answer_decoder> make_content_decoder(std::string_view content_encoding);

// Both, one after the other; `second` may be null.
std::unique_ptr<answer_decoder> chain(std::unique_ptr<answer_decoder> first,
                                      std::unique_ptr<answer_decoder> second);

}  // namespace baton::relay
