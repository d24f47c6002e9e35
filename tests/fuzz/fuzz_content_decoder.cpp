// What an encoded body decodes to does not depend on how it is cut, nor does where it breaks off,
// and no more comes of it than the format allows.
#include <string>

#include "relay/content_decoder.hpp"
#include "tests/fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view body = baton::fuzz::as_text(data, size);
  const auto steering = baton::fuzz::take_steering(body);
  const auto whole = baton::relay::make_content_decoder("gzip");
  const auto cut = baton::relay::make_content_decoder("gzip");
  std::string decoded, in_pieces;
  const bool good = whole->decode(body, decoded);
  bool good_in_pieces = true;
  baton::fuzz::feed_in_pieces(body, steering, [&](std::string_view piece) {
    good_in_pieces = cut->decode(piece, in_pieces);
  });
  baton::fuzz::require(decoded == in_pieces, "the same text however it is cut");
  baton::fuzz::require(good == good_in_pieces, "the same fault however it is cut");
  // RFC 1951: 258 bytes come of two bits at best.
  constexpr std::size_t growth_max = 1032;
  baton::fuzz::require(decoded.size() <= body.size() * growth_max, "growth is bounded");
  return 0;
}
