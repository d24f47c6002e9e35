// Chat tells the usage of a stream only where the body asks for it. Finds the smallest change to a
// body that does.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "relay/request_facts.hpp"

namespace baton::relay {

class openai_usage_wish {
 public:
  // The value of the body's `stream_options`. Error: malformed_request, the text begins with
  // `field`.
  result<void> read(std::string_view field, simdjson::ondemand::value value, std::string_view body);

  // Nothing: the client has asked already, or in a way that is the upstream's to refuse.
  std::optional<body_insertion> insertion(std::string_view body) const;

 private:
  bool read_member(simdjson::ondemand::field& member, std::string_view body);

  bool given_ = false;  // the body has its say: what is missing is in wish_
  std::optional<body_insertion> wish_;
};

}  // namespace baton::relay
