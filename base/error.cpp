#include "base/error.hpp"

#include <stdexcept>

namespace baton {

std::string_view to_string(error_code code) {
  switch (code) {
    case error_code::malformed_request: return "malformed_request";
    case error_code::invalid_argument: return "invalid_argument";
    case error_code::unauthenticated: return "unauthenticated";
    case error_code::permission_denied: return "permission_denied";
    case error_code::not_found: return "not_found";
    case error_code::conflict: return "conflict";
    case error_code::method_not_allowed: return "method_not_allowed";
    case error_code::request_timeout: return "request_timeout";
    case error_code::body_too_large: return "body_too_large";
    case error_code::uri_too_long: return "uri_too_long";
    case error_code::head_too_large: return "head_too_large";
    case error_code::expectation_failed: return "expectation_failed";
    case error_code::upgrade_required: return "upgrade_required";
    case error_code::not_implemented: return "not_implemented";
    case error_code::client_not_allowed: return "client_not_allowed";
    case error_code::rate_limited: return "rate_limited";
    case error_code::quota_exceeded: return "quota_exceeded";
    case error_code::no_account: return "no_account";
    case error_code::overloaded: return "overloaded";
    case error_code::upstream_unreachable: return "upstream_unreachable";
    case error_code::upstream_timeout: return "upstream_timeout";
    case error_code::upstream_broken: return "upstream_broken";
    case error_code::upstream_refused: return "upstream_refused";
    case error_code::cancelled: return "cancelled";
    case error_code::storage_failed: return "storage_failed";
    case error_code::internal: return "internal";
  }
  return "internal";
}

void throw_exception_from_error(const error& failure, const boost::source_location&) {
  throw std::runtime_error(failure.text);
}

}  // namespace baton
