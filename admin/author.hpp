// Who changes something, and how a change is written down together with what it changes.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "storage/store.hpp"

namespace baton::admin {

struct author {
  std::string actor;    // "admin", "cli:root"
  std::string address;  // an IP; empty for the command line
  wall_time now{};
};

// What an entry of the audit log is about.
struct subject {
  std::string_view type;  // "key"
  std::string_view id;
  std::string_view name;
};

storage::audit_entry audit_entry(const author& by, std::string_view action, const subject& about,
                                 const nlohmann::ordered_json& changes);

// Runs `write` and writes the entry, both or neither. Errors: those of `write`, or the store's.
template <class Write>
result<void> write_down(storage::store& store, const storage::audit_entry& entry, Write write) {
  return store.together([&]() -> result<void> {
    if (const result<void> done = write(); !done) return done;
    return store.add_audit(entry);
  });
}

}  // namespace baton::admin
