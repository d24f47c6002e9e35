// Amazon's event stream framing, for writing: a length, headers, a payload, each with its CRC-32
// (https://docs.aws.amazon.com/transcribe/latest/dg/streaming-format.html).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace baton::mock {

using frame_headers = std::vector<std::pair<std::string_view, std::string_view>>;

std::string make_frame(const frame_headers& headers, std::string_view payload);

}  // namespace baton::mock
