// gzip for answers, also piece by piece for a stream whose events must arrive at once.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace baton::mock {

// Lives for one answer. Throws std::bad_alloc if zlib cannot start.
class gzip_encoder {
 public:
  gzip_encoder();

  std::string flush(std::string_view data);   // everything so far can be decoded
  std::string finish(std::string_view data);  // the last piece

 private:
  struct closer {
    void operator()(z_stream_s* stream) const;
  };

  std::string deflate_with(std::string_view data, int mode);

  std::unique_ptr<z_stream_s, closer> stream_;
};

// The whole of a gzip text; what can be decoded of it if it is cut or damaged.
std::string gunzip(std::string_view data);

}  // namespace baton::mock
