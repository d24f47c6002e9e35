// The credentials the mock upstream knows: what each is scripted to do, and what it was used for.
//
// Shared by the event loops and by the test's thread; every member function may be called from any
// thread. Records live as long as the book.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tests/support/mock_answer.hpp"
#include "tests/support/mock_behaviour.hpp"
#include "tests/support/mock_statistics.hpp"

namespace baton::mock {

// How an answer ended.
enum class outcome : std::uint8_t { completed, cut, aborted };

class credential_record {
 public:
  credential_record(std::string credential, behaviour script, behaviour normal);

  const std::string& credential() const { return credential_; }

  void behave(behaviour script);
  // What the next request gets, for what matters before it is here in full.
  struct reception {
    bool early = false;  // answered without its body
    std::uint32_t read_bytes_per_s = 0;
  };
  reception receives() const;

  // A request has come; what to answer.
  std::shared_ptr<const answer_plan> begin(std::string_view head, std::string_view body,
                                           answer_form form);
  // Its answer is over. Once for each begin().
  void end(outcome how);

  // The answers the credential has made that can be asked for later, at most the last 1000.
  void remember(const stamp& values, std::string model);
  // The model of such an answer; nothing if it is not known.
  std::optional<std::string> remembered_model(std::string_view response_id) const;
  void forget(std::string_view response_id);

  credential_statistics snapshot() const;
  void clear();

 private:
  static constexpr std::size_t answers_max = 1000;

  struct kept_answer {
    std::array<char, 24> id;
    std::string model;
  };
  using kept_answers = std::deque<kept_answer>;

  bool scripted() const;
  kept_answers::const_iterator find(std::string_view response_id) const;

  const std::string credential_;
  const behaviour normal_;
  mutable std::mutex mutex_;  // guards all below
  behaviour script_;
  std::uint64_t requests_ = 0;               // since script_ was given
  std::shared_ptr<const answer_plan> plan_;  // of the last request
  bool plan_is_scripted_ = false;
  kept_answers answers_;  // oldest first
  credential_statistics counts_;
};

class credential_book {
 public:
  // More credentials than this share one record.
  static constexpr std::size_t records_max = 10'000;

  explicit credential_book(behaviour normal) : normal_(std::move(normal)) {}

  credential_record& find(std::string_view credential);
  void behave(std::string_view credential, behaviour script);

  void note_last(const credential_record& record) { last_ = &record; }
  void note_malformed() { ++malformed_; }

  // Fills in what the book knows.
  void add_to(statistics& values) const;
  void clear();

 private:
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  behaviour behaviour_of(std::string_view credential) const;

  const behaviour normal_;
  mutable std::mutex mutex_;  // guards the map
  std::unordered_map<std::string, std::unique_ptr<credential_record>, text_hash, std::equal_to<>>
      records_;
  std::atomic<const credential_record*> last_ = nullptr;
  std::atomic<std::uint64_t> malformed_ = 0;
};

}  // namespace baton::mock
