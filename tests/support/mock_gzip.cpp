#include "tests/support/mock_gzip.hpp"

#include <zlib.h>

#include <array>
#include <new>

namespace baton::mock {

namespace {

// A small window keeps 2,000 compressed streams affordable: 10 kB each.
constexpr int window_bits_gzip = 9 + 16;
constexpr int window_bits_any_gzip = 15 + 16;
constexpr int memory_level = 1;

Bytef* input_of(std::string_view data) {
  return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(data.data()));
}

}  // namespace

void gzip_encoder::closer::operator()(z_stream_s* stream) const {
  deflateEnd(stream);
  delete stream;
}

gzip_encoder::gzip_encoder() {
  auto stream = std::make_unique<z_stream>();
  if (deflateInit2(stream.get(), Z_BEST_SPEED, Z_DEFLATED, window_bits_gzip, memory_level,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  stream_.reset(stream.release());
}

std::string gzip_encoder::flush(std::string_view data) {
  return deflate_with(data, Z_SYNC_FLUSH);
}

std::string gzip_encoder::finish(std::string_view data) {
  return deflate_with(data, Z_FINISH);
}

std::string gzip_encoder::deflate_with(std::string_view data, int mode) {
  std::string out;
  std::array<Bytef, 4096> piece{};
  stream_->next_in = input_of(data);
  stream_->avail_in = static_cast<uInt>(data.size());
  do {
    stream_->next_out = piece.data();
    stream_->avail_out = piece.size();
    deflate(stream_.get(), mode);
    out.append(reinterpret_cast<const char*>(piece.data()), piece.size() - stream_->avail_out);
  } while (stream_->avail_out == 0);
  return out;
}

std::string gunzip(std::string_view data) {
  z_stream stream{};
  if (inflateInit2(&stream, window_bits_any_gzip) != Z_OK) throw std::bad_alloc();
  std::string out;
  std::array<Bytef, 4096> piece{};
  stream.next_in = input_of(data);
  stream.avail_in = static_cast<uInt>(data.size());
  int outcome = Z_OK;
  do {
    stream.next_out = piece.data();
    stream.avail_out = piece.size();
    outcome = inflate(&stream, Z_NO_FLUSH);
    out.append(reinterpret_cast<const char*>(piece.data()), piece.size() - stream.avail_out);
  } while (outcome == Z_OK && (stream.avail_in != 0 || stream.avail_out == 0));
  inflateEnd(&stream);
  return out;
}

}  // namespace baton::mock
