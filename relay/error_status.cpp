// What an error of Baton's own looks like in HTTP, whatever the API.
#include "relay/api.hpp"

namespace baton::relay {

int error_status(error_code code) {
  switch (code) {
    case error_code::malformed_request:
    case error_code::invalid_argument: return 400;
    case error_code::unauthenticated: return 401;
    case error_code::quota_exceeded: return 402;
    case error_code::permission_denied:
    case error_code::client_not_allowed: return 403;
    case error_code::not_found: return 404;
    case error_code::method_not_allowed: return 405;
    case error_code::request_timeout: return 408;
    case error_code::conflict: return 409;
    case error_code::body_too_large: return 413;
    case error_code::uri_too_long: return 414;
    case error_code::expectation_failed: return 417;
    case error_code::upgrade_required: return 426;
    case error_code::not_implemented: return 501;
    case error_code::rate_limited: return 429;
    case error_code::head_too_large: return 431;
    case error_code::internal: return 500;
    case error_code::upstream_unreachable:
    case error_code::upstream_broken:
    case error_code::upstream_refused: return 502;
    case error_code::no_account:
    case error_code::overloaded:
    case error_code::cancelled:
    case error_code::storage_failed: return 503;
    case error_code::upstream_timeout: return 504;
  }
  return 500;
}

error_code error_code_of(int status) {
  switch (status) {
    case 401: return error_code::unauthenticated;
    case 403: return error_code::permission_denied;
    case 404: return error_code::not_found;
    case 405: return error_code::method_not_allowed;
    case 408: return error_code::request_timeout;
    case 413: return error_code::body_too_large;
    case 429: return error_code::rate_limited;
    case 503:
    case 529: return error_code::overloaded;
    case 504: return error_code::upstream_timeout;
    default: return status < 500 ? error_code::malformed_request : error_code::upstream_broken;
  }
}

bool forbids_client_retry(error_code code) {
  switch (code) {
    case error_code::unauthenticated:
    case error_code::rate_limited:
    case error_code::no_account:
    case error_code::overloaded: return true;
    default: return false;
  }
}

}  // namespace baton::relay
