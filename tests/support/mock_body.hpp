// Reads of a request's body what an answer depends on.
#pragma once

#include <simdjson.h>
#include <cstddef>
#include <string>
#include <string_view>

namespace baton::mock {

// Members at the top of the body, and a few below.
struct body_facts {
  std::string model;
  std::string tool;               // name of the first tool that has one
  std::string previous_response;  // previous_response_id
  bool has_model = false;
  bool has_stream = false;
  bool has_anthropic_version = false;
  bool stream = false;
  bool include_usage = false;  // in stream_options
  std::string problem;         // not empty: why no API takes this body
};

// One per thread: keeps its memory for the next body.
class body_reader {
 public:
  // `capacity` counts the bytes that may be read from the start of `body`.
  body_facts read(std::string_view body, std::size_t capacity);

 private:
  simdjson::ondemand::parser parser_;
};

}  // namespace baton::mock
