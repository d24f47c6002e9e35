#include "relay/content_decoder.hpp"

#include <zlib.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "base/text.hpp"

namespace baton::relay {
namespace {

// The format is told by its first bytes (zlib.h, inflateInit2).
class inflating_decoder final : public answer_decoder {
 public:
  inflating_decoder() {
    constexpr int any_window_and_format = 15 + 32;
    if (inflateInit2(&stream_, any_window_and_format) != Z_OK) {
      throw std::runtime_error("zlib has no memory");
    }
  }
  ~inflating_decoder() override { inflateEnd(&stream_); }
  inflating_decoder(const inflating_decoder&) = delete;
  inflating_decoder& operator=(const inflating_decoder&) = delete;

  bool decode(std::string_view bytes, std::string& into) override {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    while (good_ && (stream_.avail_in > 0 || more_to_come_)) inflate_some(into);
    return good_;
  }

 private:
  void inflate_some(std::string& into) {
    std::array<char, 16 * 1024> piece;
    stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream_.avail_out = piece.size();
    const int outcome = inflate(&stream_, Z_SYNC_FLUSH);
    into.append(piece.data(), piece.size() - stream_.avail_out);
    more_to_come_ = outcome == Z_OK && stream_.avail_out == 0;
    // Several gzip members make one content (RFC 1952 section 2.2).
    if (outcome == Z_STREAM_END) {
      good_ = inflateReset(&stream_) == Z_OK;
    } else {
      good_ = outcome == Z_OK || outcome == Z_BUF_ERROR;
    }
  }

  z_stream stream_{};
  bool good_ = true;
  bool more_to_come_ = false;  // the last piece was full
};

class chained_decoder final : public answer_decoder {
 public:
  chained_decoder(std::unique_ptr<answer_decoder> first, std::unique_ptr<answer_decoder> second)
      : first_(std::move(first)), second_(std::move(second)) {}

  bool decode(std::string_view bytes, std::string& into) override {
    between_.clear();
    const bool good = first_->decode(bytes, between_);
    return second_->decode(between_, into) && good;
  }

 private:
  std::unique_ptr<answer_decoder> first_, second_;
  std::string between_;
};

}  // namespace

std::unique_ptr<answer_decoder> make_content_decoder(std::string_view content_encoding) {
  for (const std::string_view known : {"gzip", "x-gzip", "deflate"}) {
    if (text::iequals(content_encoding, known)) return std::make_unique<inflating_decoder>();
  }
  return nullptr;
}

std::unique_ptr<answer_decoder> chain(std::unique_ptr<answer_decoder> first,
                                      std::unique_ptr<answer_decoder> second) {
  if (!second) return first;
  return std::make_unique<chained_decoder>(std::move(first), std::move(second));
}

}  // namespace baton::relay
