// The audit log: what operators did, and who tried to log in. It is only ever appended to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace baton::storage {

struct audit_entry {
  std::int64_t id = 0;  // the store numbers them from 1; ignored when one is added
  wall_time at{};
  std::string actor;        // "admin", "cli:root"
  std::string address;      // an IP; empty for the command line
  std::string action;       // "key.create"
  std::string object_type;  // "key"; empty: about no object
  std::string object_id;
  std::string object_name;     // as it was then
  std::string outcome;         // "done", or the name of an error_code
  std::string changes = "{}";  // a JSON object: field -> [old, new]; whoever adds it masks secrets
};

// An empty filter lets everything pass.
struct audit_query {
  std::optional<wall_time> from, to;  // from <= at < to
  std::vector<std::string> actors, actions, object_types;
  std::string object_id;
  std::int64_t before_id = 0;  // only what comes after this entry in the answer; 0: from the newest
  std::size_t limit = 100;     // a page with much in it ends earlier
};

struct audit_page {
  std::vector<audit_entry> entries;  // newest first: by time, of one time by id
  bool more = false;                 // the next page is before the last entry's id
};

}  // namespace baton::storage
