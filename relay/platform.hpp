// A kind of upstream, without I/O: which APIs it can answer, how a request to it is addressed,
// authenticated and worded, how its answers and errors are read. Adding one is adding a file under
// relay/platforms/ and a line in its registry.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "relay/account.hpp"
#include "relay/answer_decoder.hpp"
#include "relay/api.hpp"
#include "relay/endpoint.hpp"
#include "relay/route.hpp"

namespace baton::relay {

class aws_signer;
class platform;

// An account made ready for use: checked, its URL parsed, its credential's header lines built.
// Immutable and shared by all workers; a changed account is a new one.
struct ready_account {
  account config;
  const relay::platform* platform = nullptr;
  endpoint target;
  std::string credential_lines;              // secret: header lines, each with its CRLF
  std::shared_ptr<const aws_signer> signer;  // bedrock's, where requests are signed; else null
};

using ready_account_ptr = std::shared_ptr<const ready_account>;

// A request as it will leave for the upstream.
struct outgoing_request {
  const ready_account& account;
  const relay::route& route;
  const request_facts& facts;
  const header_source& headers;  // the client's
  std::string_view parameter;    // what stands for {} in the route's upstream path, escaped
  std::string_view query;        // without "?", without Baton's own `key` parameter
  std::string_view model;        // as sent upstream
  std::span<const std::string_view> body{};  // as sent, in pieces; for signatures
  wall_time now{};
};

// Changes to a body on its way out, in order and apart from one another. The texts are static, the
// account's, or in `storage`.
struct body_edits {
  struct edit {
    std::size_t offset = 0;
    std::size_t removed_bytes = 0;
    std::string_view text;
  };
  std::vector<edit> list;
  std::string storage;

  void clear() {
    list.clear();
    storage.clear();
  }
};

// An upstream's answer of status 400 or more.
struct error_answer {
  int status = 0;
  const header_source& headers;
  std::string_view body;  // as far as it was read
};

// What it says, in the terms of relay/verdict.hpp.
struct error_reading {
  int status = 0;                            // that tells what it amounts to
  std::optional<std::chrono::seconds> wait;  // that its body, or a header of its own, asks for
  bool not_here = false;  // the account does not know what the request names; another one may
  // Set: the client's API words errors otherwise, so one of its own is made of this text.
  std::optional<std::string> foreign_text;
};

// A request that shows whether an account works: one of a client's, to a route of Baton's.
struct trial_request {
  std::string path;
  std::string header_lines;          // beside those that every request has, each with its CRLF
  std::string body;                  // JSON
  std::optional<std::string> model;  // that it asks for; nothing: it needs none
};

class platform {
 public:
  virtual ~platform() = default;

  virtual std::string_view id() const = 0;  // "claude-console"
  virtual bool answers(const api& client_api) const = 0;

  // Whether the account can serve only those requests of the API that name a model: nothing else
  // says which one is meant.
  virtual bool needs_model(const account&, const api&) const { return false; }

  // Checks what an operator put in and makes it ready. Errors: invalid_argument naming the field
  // and what is allowed.
  virtual result<ready_account> prepare(account config) const = 0;

  // Appends the request target (path and query).
  virtual void append_target(std::string& head, const outgoing_request& request) const;

  // Appends the header lines that authenticate the request, each with its CRLF: those of the
  // account, unless the request itself is to be signed.
  virtual void append_credential(std::string& head, const outgoing_request& request) const;

  // Adds what the upstream needs otherwise than the client wrote it: the model's name and the wish
  // for usage, unless a platform needs more.
  virtual void edit_body(body_edits& edits, const outgoing_request& request) const;

  // For answers that are not what the client's API has; null: they pass as they are. `format` is
  // the upstream's, and becomes the client's.
  virtual std::unique_ptr<answer_decoder> make_decoder(const api& client_api,
                                                       answer_format& format) const;

  virtual error_reading read_error(const relay::route& route, const error_answer& answer) const;

  // A model that is cheap to ask, for an account that has no list of its own; empty: there is none.
  virtual std::string_view trial_model(const account& config) const = 0;
  // The smallest requests that an account can be tried with, each for where its upstream does not
  // have the path of the one before.
  virtual std::vector<trial_request> trials(std::string_view model) const = 0;
};

// All platforms, for listing; and one by its id, or null.
const std::vector<const platform*>& platforms();
const platform* find_platform(std::string_view id);

// prepare() of the account's own platform; invalid_argument if there is no such platform.
result<ready_account> prepare_account(account config);

// What to try the account with: with `model`, or if that is empty with one that it serves. Errors:
// invalid_argument naming `model`.
result<std::vector<trial_request>> trials_of(const ready_account& account, std::string_view model);

}  // namespace baton::relay
