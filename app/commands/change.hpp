// How commands change what is stored: beside a running server and other operators, and with their
// entry in the audit log.
#pragma once

#include <optional>
#include <utility>

#include "admin/author.hpp"
#include "base/error.hpp"
#include "storage/store.hpp"

namespace baton::app {

// The user of the system who runs the command ("cli:root"), now.
admin::author command_author();

// What `work` returns, a result<T>; the whole of it is one write transaction. What it reads is as
// nobody else changes it meanwhile, so that no edit is lost. It must not wait for input: nobody
// else can write until it is done.
template <class Work>
auto undisturbed(storage::store& store, Work work) -> decltype(work()) {
  std::optional<decltype(work())> outcome;
  const auto done = store.together([&]() -> result<void> {
    outcome.emplace(work());
    if (!*outcome) return outcome->error();
    return {};
  });
  if (!done) return done.error();
  return *std::move(outcome);
}

}  // namespace baton::app
