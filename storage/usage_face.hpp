// The forms in which the same usage is kept, from all its detail to one sum, and which of them
// answers a question with the fewest rows.
#pragma once

#include <array>

#include "storage/usage_query.hpp"
#include "storage/usage_series.hpp"

namespace baton::storage {

// The numbers are part of what is stored: never to be changed.
enum class usage_face : int {
  detail = 0,       // by key, account, platform and model
  models = 10,      // by account, platform and model
  keys = 20,        // by key
  sum = 30,         // one row a period
  key_models = 40,  // by key and model
};

// What a face tells apart; account stands for the platform too.
struct face_parts {
  bool key = false;
  bool account = false;
  bool model = false;
};
face_parts parts_of(usage_face face);

inline constexpr std::array usage_faces{usage_face::detail, usage_face::models, usage_face::keys,
                                        usage_face::sum, usage_face::key_models};

// What a row of usage is marked with: its face and the length of its period, which is not
// period::all. Stored.
int usage_kind(usage_face face, period length);

// What `row` is counted under in this face; the parts it does not tell apart are empty.
series_name series_of(usage_face face, const usage_row& row);

// The smallest that tells apart what `query` filters and groups by.
usage_face face_for(const usage_query& query);

}  // namespace baton::storage
