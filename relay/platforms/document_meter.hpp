// What the meters of JSON documents share: the document is collected, and read when it is complete.
// Derive for what it says.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "relay/answer_meter.hpp"

namespace baton::relay {

class document_meter : public answer_meter {
 public:
  // A longer body is not metered.
  static constexpr std::size_t body_bytes_max = 16 * 1024 * 1024;

  void feed(std::string_view bytes) final;
  void finish() final;
  std::uint64_t whole_bytes() const final { return 0; }

 protected:
  // `padded_document`: json_padding_bytes past its end may be read.
  virtual void read(std::string_view padded_document) = 0;

 private:
  std::string body_;
  bool too_large_ = false;
};

}  // namespace baton::relay
