// Walks over the top level of a request's body and finds the few fields that the relay reads. The
// inside of values that nobody asks for is skipped along simdjson's index: brackets are counted,
// numbers and words in there are not looked at.
//
// Derive for an API: name its fields, read the strict ones. Lives while one body is inspected.
#pragma once

#include <simdjson.h>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/error.hpp"
#include "relay/request_facts.hpp"

namespace baton::relay {

struct known_field {
  std::string_view name;
  // The upstream decides by the same bytes, so that nothing may be read in two ways: the field is
  // refused when it is there twice, when its name is written with escapes, and when it differs in
  // case only (some parsers take that for the same). A field that is not strict is pointed out
  // only.
  bool strict = false;
};

error malformed_field(std::string_view field, std::string_view what);
error malformed_json(simdjson::error_code reason);

class body_inspection {
 public:
  static constexpr std::size_t fields_max = 16;
  // Longer than any model's name or Bedrock ARN; it goes into error texts and account lists.
  static constexpr std::size_t model_bytes_max = 256;
  // Above every real limit, and small enough to be added up without care.
  static constexpr std::uint64_t count_max = std::uint64_t{1} << 40;

  body_inspection(const body_inspection&) = delete;
  body_inspection& operator=(const body_inspection&) = delete;

  // Errors: malformed_request, the text begins with the field.
  result<void> run();

  // null counts as not given, as it does for most upstreams.
  static result<void> read_flag(std::string_view field, simdjson::ondemand::value value,
                                bool& flag);

 protected:
  // `fields`: static, fields_max at most. `padded_body`: json_padding_bytes past its end may be
  // read.
  body_inspection(std::string_view padded_body, std::span<const known_field> fields)
      : body_(padded_body), fields_(fields) {}
  ~body_inspection() = default;

  // The value of a strict field; `field` is its place in the table.
  virtual result<void> read(std::size_t field, simdjson::ondemand::value value) = 0;

  // After run().
  bool has(std::size_t field) const { return found_[field].times != 0; }
  // The value as it stands in the body; empty if the field is not there, or is there twice.
  std::string_view text(std::size_t field) const;
  body_member member(std::size_t field) const;

  // For read().
  std::string_view body() const { return body_; }
  std::size_t offset_of(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - body_.data());
  }
  // A name of at most model_bytes_max, without escapes. invalid_argument where it has some.
  result<void> read_model(std::string_view field, simdjson::ondemand::value value,
                          request_facts& facts) const;
  // A number that is not negative, also one with a point or an exponent, and count_max for what is
  // larger; null as above.
  static result<void> read_count(std::string_view field, simdjson::ondemand::value value,
                                 std::uint64_t& count);
  // An array with something in it.
  result<void> check_array(std::string_view field, std::string_view element,
                           simdjson::ondemand::value value) const;
  // Whether a value that is not read can be stepped over; run() asks that of those at the top
  // level.
  result<void> check_unread(simdjson::ondemand::value value) const;

 private:
  struct finding {
    std::size_t begin = 0;  // of the name, at its quote
    std::size_t value_begin = 0;
    std::size_t end = 0;
    unsigned times = 0;
  };

  result<void> take(simdjson::ondemand::field& entry);
  result<void> take_escaped(simdjson::ondemand::field& entry);
  // The place of the field that is called so, in any case; none: fields_.size().
  std::size_t field_named(std::string_view name) const;
  void begin_member(std::size_t field, std::string_view name, simdjson::ondemand::value& value);
  // `next`: where the next member, or the object's closing bracket, begins.
  void end_member(const char* next);
  // From behind an opening quote up to the first quote or backslash. Ends within the body, because
  // simdjson has found the closing quote of every string.
  std::string_view up_to_quote_or_escape(const char* begin) const;

  std::string_view body_;
  std::span<const known_field> fields_;
  std::array<finding, fields_max> found_{};
  finding* open_ = nullptr;  // begun, its end is not known yet
};

}  // namespace baton::relay
