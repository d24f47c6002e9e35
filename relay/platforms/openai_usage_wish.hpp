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
  // `field`. That is also for a wish that is neither true nor false: some upstreams take a text or
  // a number for one of them, and which one decides whether the usage comes.
  result<void> read(std::string_view field, simdjson::ondemand::value value, std::string_view body);

  // Nothing: the client has asked already.
  std::optional<body_insertion> insertion(std::string_view body) const;

 private:
  result<void> read_member(std::string_view field, simdjson::ondemand::field& member,
                           std::string_view body);
  result<void> read_flag(std::string_view field, simdjson::ondemand::value& value,
                         std::string_view body);

  bool given_ = false;  // the body has its say: what is missing is in wish_
  std::optional<body_insertion> wish_;
};

}  // namespace baton::relay
