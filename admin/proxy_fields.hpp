// An account's proxy as JSON: {type, host, port, username, password}, or null.
#pragma once

#include <string>

#include "admin/field.hpp"
#include "relay/account.hpp"

namespace baton::admin {

// What of a proxy is not sent stays as it is, its password too; without a user name there is none.
field<relay::account> proxy_field();

}  // namespace baton::admin
