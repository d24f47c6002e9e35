// The fields that a message's Connection header names: they concern one hop only and must not be
// passed on (RFC 9110 section 7.6.1). Costs next to nothing where it names none, as is usual.
#pragma once

#include <string_view>

#include "net/http_head.hpp"

namespace baton::net {

class connection_options {
 public:
  // `fields` must outlive it.
  explicit connection_options(const header_fields& fields);

  bool name(std::string_view field_name) const { return names_fields_ && is_listed(field_name); }

 private:
  bool is_listed(std::string_view field_name) const;

  const header_fields& fields_;
  bool names_fields_ = false;  // something besides keep-alive and close
};

}  // namespace baton::net
