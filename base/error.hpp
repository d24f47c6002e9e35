// The one error type of Baton and the result that carries it.
#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limit_kind.hpp"

namespace baton {

// What went wrong. relay::error_status() maps each code to an HTTP status; each API words it in its
// own shape (relay/platforms/).
enum class error_code : std::uint8_t {
  malformed_request,  // not HTTP as we accept it, or a body that is not what the API takes
  invalid_argument,   // a field with a value that cannot be used; the text names it
  unauthenticated,    // no key, or one that is unknown, disabled, expired or deleted
  permission_denied,  // the key may not use this service or model
  not_found,
  conflict,  // exists already, or was changed by somebody else
  method_not_allowed,
  request_timeout,  // the client was too slow with its head or body
  body_too_large,
  uri_too_long,
  head_too_large,
  expectation_failed,
  upgrade_required,
  not_implemented,       // known, but not built yet
  client_not_allowed,    // the key may not be used by this program
  rate_limited,          // a limit of the key: later there is room again
  quota_exceeded,        // a limit of what the key may cost is used up
  no_account,            // nothing in the pool may or can serve this request now
  overloaded,            // Baton itself is out of budget, or shutting down
  upstream_unreachable,  // name, connect, TLS or proxy failure: nothing was sent
  upstream_timeout,
  upstream_broken,   // the answer was cut or is not HTTP
  upstream_refused,  // the upstream answered with an error status
  cancelled,         // the client left, or we are stopping
  storage_failed,
  internal,
};

// Whose doing it is: blame decides what a failure may cool down.
enum class error_source : std::uint8_t { downstream, upstream, internal };

// What may be tried next, while nothing of the answer has reached the client.
enum class retry_hint : std::uint8_t { never, other_account, same_account };

// What an error says to programs beside its text.
struct error_details {
  std::string name;  // more exact than the code, in clients' words; empty: there is none
  std::vector<std::pair<std::string, std::string>> members;  // of the body: name, JSON value
};

struct error {
  error_code code = error_code::internal;
  error_source source = error_source::internal;
  retry_hint retry = retry_hint::never;
  std::string text;                                   // for people; never holds a secret
  std::optional<std::chrono::seconds> retry_after{};  // when trying again makes sense, if known
  std::optional<limit_kind> limit{};                  // which one refuses
  std::shared_ptr<const error_details> details{};     // null: none
};

// `result<T>` holds a T or an error; `if (!r) return r.error();` passes it on.
template <class T>
using result = boost::system::result<T, error>;

std::string_view to_string(error_code code);

inline error downstream_error(error_code code, std::string text) {
  return {code, error_source::downstream, retry_hint::never, std::move(text)};
}
inline error upstream_error(error_code code, std::string text,
                            retry_hint retry = retry_hint::other_account) {
  return {code, error_source::upstream, retry, std::move(text)};
}
inline error internal_error(error_code code, std::string text) {
  return {code, error_source::internal, retry_hint::never, std::move(text)};
}

// Found by boost::system::result when value() is called on an error: a programming mistake on any
// path but start-up, so it throws std::runtime_error with the text.
[[noreturn]] void throw_exception_from_error(const error& failure, const boost::source_location&);

}  // namespace baton
