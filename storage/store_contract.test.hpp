// What every engine must do, whatever it stores in. A test takes a `place` from the factory of its
// engine and opens one or more stores on it, each as another process would.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "storage/store.hpp"

namespace baton::storage {

// Empty data of one engine; gone with the object.
class place {
 public:
  virtual ~place() = default;
  virtual std::unique_ptr<store> open() = 0;
};

struct engine {
  std::string name;
  std::function<std::unique_ptr<place>()> make_place;
};

inline void PrintTo(const engine& printed, std::ostream* out) {
  *out << printed.name;
}

class store_contract : public ::testing::TestWithParam<engine> {
 protected:
  std::unique_ptr<place> place_ = GetParam().make_place();
  std::unique_ptr<store> store_ = place_->open();
};

template <class T>
error_code code_of(const result<T>& outcome) {
  EXPECT_FALSE(outcome);
  return outcome ? error_code::internal : outcome.error().code;
}

inline wall_time at_ms(std::int64_t milliseconds) {
  return wall_time(std::chrono::milliseconds(milliseconds));
}

// With every field set to something that is not its default.
relay::account full_account(const std::string& id, const std::string& name);
relay::api_key full_key(const std::string& id, const std::string& name);
relay::account_group full_group(const std::string& id, const std::string& name);

// All fields, in one text that a failing test can show.
std::string described(const relay::account& account);
std::string described(const relay::api_key& key);
std::string described(const relay::account_group& group);

}  // namespace baton::storage
