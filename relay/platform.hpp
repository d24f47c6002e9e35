// A kind of upstream (claude-console; claude-official, bedrock, openai-responses … follow), without
// I/O: which APIs it can answer, how a request to it is addressed and authenticated. Adding one is
// adding a file under relay/platforms/ and a line in its registry.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "relay/account.hpp"
#include "relay/api.hpp"
#include "relay/endpoint.hpp"
#include "relay/route.hpp"

namespace baton::relay {

class platform;

// An account made ready for use: checked, its URL parsed, its credential's header lines built.
// Immutable and shared by all workers; a changed account is a new one.
struct ready_account {
  account config;
  const relay::platform* platform = nullptr;
  endpoint target;
  std::string credential_lines;  // secret: header lines, each with its CRLF
};

using ready_account_ptr = std::shared_ptr<const ready_account>;

// A request as it will leave for the upstream.
struct outgoing_request {
  const ready_account& account;
  const relay::route& route;
  std::string_view query;  // without "?", without Baton's own `key` parameter
  std::string_view model;  // as sent upstream
  bool stream = false;
};

class platform {
 public:
  virtual ~platform() = default;

  virtual std::string_view id() const = 0;  // "claude-console"
  virtual bool answers(const api& client_api) const = 0;

  // Checks what an operator put in and makes it ready. Errors: invalid_argument naming the field
  // and what is allowed.
  virtual result<ready_account> prepare(account config) const = 0;

  // Appends the request target (path and query).
  virtual void append_target(std::string& head, const outgoing_request& request) const = 0;

  // Appends the header lines that authenticate the request, each with its CRLF.
  virtual void append_credential(std::string& head, const outgoing_request& request) const = 0;
};

// All platforms, for listing; and one by its id, or null.
const std::vector<const platform*>& platforms();
const platform* find_platform(std::string_view id);

// prepare() of the account's own platform; invalid_argument if there is no such platform.
result<ready_account> prepare_account(account config);

// The clients' APIs.
const api& anthropic_api();

}  // namespace baton::relay
