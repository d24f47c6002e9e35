// What is wrong with one field of what an operator has sent.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace baton::admin {

// invalid_argument with the text "priority: must be …" and the field as details->name. `field` is a
// path where it lies within others: "proxy.port", "tags[2]".
error field_error(std::string_view field, std::string_view what);

// The field that `failure` is about; empty: none.
std::string_view field_of(const error& failure);

// Of a check in relay/, whose text begins with the field's name: the same with the field as
// details->name too.
error with_named_field(error failure);

}  // namespace baton::admin
