// What the meters of JSON documents share: the document is collected, and read when it is complete.
// Derive for what it says.
#pragma once

#include <cstddef>
#include <string_view>

#include "relay/answer_meter.hpp"
#include "relay/collected_text.hpp"

namespace baton::relay {

class document_meter : public answer_meter {
 public:
  // Of a longer body only the usage is read, if it is in the last 16 KiB. It counts as skipped.
  static constexpr std::size_t body_bytes_max = 16 * 1024 * 1024;

  void feed(std::string_view bytes) final;
  void finish() final;
  std::uint64_t whole_bytes() const final { return 0; }

 protected:
  // `padded_document`: json_padding_bytes past its end may be read.
  virtual void read(std::string_view padded_document) = 0;
  // The member that the counts are in.
  virtual std::string_view usage_name() const { return "usage"; }

 private:
  collected_text body_{body_bytes_max};
};

}  // namespace baton::relay
