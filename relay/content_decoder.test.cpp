#include "relay/content_decoder.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace baton::relay {
namespace {

constexpr int gzip_format = 15 + 16, zlib_format = 15;

std::string deflated(std::string_view text, int format) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, format, 8, Z_DEFAULT_STRATEGY),
            Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

std::string some_text() {
  std::string text;
  for (int n = 0; n < 20'000; ++n) text += "data: " + std::to_string(n * 7919) + "\n\n";
  return text;
}

TEST(content_decoder, undoes_gzip_and_deflate_however_they_are_cut) {
  const auto text = some_text();
  for (const auto& [coding, format] :
       {std::pair("gzip", gzip_format), std::pair("X-GZIP", gzip_format),
        std::pair("deflate", zlib_format)}) {
    const auto body = deflated(text, format);
    for (const std::size_t step :
         {std::size_t{1}, std::size_t{7}, std::size_t{1000}, body.size()}) {
      const auto decoder = make_content_decoder(coding);
      ASSERT_TRUE(decoder);
      std::string decoded;
      for (std::size_t at = 0; at < body.size(); at += step) {
        ASSERT_TRUE(decoder->decode(std::string_view(body).substr(at, step), decoded));
      }
      EXPECT_TRUE(decoded == text) << coding << " in steps of " << step;
    }
  }
}

TEST(content_decoder, takes_several_members_for_one_content) {
  const auto decoder = make_content_decoder("gzip");
  std::string decoded;
  EXPECT_TRUE(decoder->decode(deflated("a", gzip_format) + deflated("b", gzip_format), decoded));
  EXPECT_EQ(decoded, "ab");
}

TEST(content_decoder, stops_at_what_is_none) {
  auto body = deflated(some_text(), gzip_format);
  body[body.size() / 2] = static_cast<char>(~body[body.size() / 2]);
  const auto decoder = make_content_decoder("gzip");
  std::string decoded;
  EXPECT_FALSE(decoder->decode(body, decoded));
  const auto before = decoded;
  EXPECT_FALSE(decoder->decode(body, decoded));
  EXPECT_EQ(decoded, before);
  EXPECT_FALSE(make_content_decoder("gzip")->decode("<html>", decoded));
}

TEST(content_decoder, knows_no_other_coding) {
  for (const auto* coding : {"", "br", "zstd", "identity", "gzip, br"}) {
    EXPECT_EQ(make_content_decoder(coding), nullptr) << coding;
  }
}

TEST(content_decoder, hands_on_to_the_next_one) {
  const auto twice = deflated(deflated("text", zlib_format), gzip_format);
  const auto both = chain(make_content_decoder("gzip"), make_content_decoder("deflate"));
  std::string decoded;
  for (const char byte : twice) EXPECT_TRUE(both->decode({&byte, 1}, decoded));
  EXPECT_EQ(decoded, "text");
  EXPECT_TRUE(chain(make_content_decoder("gzip"), nullptr));
}

}  // namespace
}  // namespace baton::relay
