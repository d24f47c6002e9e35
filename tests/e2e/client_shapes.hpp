// The ways in which clients speak through Baton to each platform, as tests see them: what is sent,
// how a stream is put together, what an error looks like. Tests that are the same for all run once
// for each.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {

struct client_shape {
  enum class framing { sse, json_array, aws_frames };

  std::string name;         // of the tests
  std::string platform;     // of the account
  std::string model;        // that the client asks for
  std::string path;         // {m} stands for the model
  std::string stream_path;  // the same for a stream
  std::string label;        // of the route in metrics
  std::string stream_label;
  std::string body;          // {m} and {t} stand for the model and the text
  std::string stream_field;  // what the body has besides for a stream
  framing events = framing::sse;
  std::function<void(relay::account&)> prepare = {};  // what its account has besides a key

  std::string target(bool stream, std::string_view asked = {}) const;
  std::string message(bool stream, std::string_view text, std::string_view asked = {}) const;
  // The events of a stream's body, their data; an exception frame as {"exception":…}. A test fails
  // where the body is not framed as it should be.
  std::vector<std::string> events_of(const std::string& body) const;
  static bool is_error(const std::string& event);
};

const std::vector<client_shape>& client_shapes();

void PrintTo(const client_shape& shape, std::ostream* out);
std::string client_shape_name(const testing::TestParamInfo<client_shape>& shape);

// Two accounts of the shape's platform, "first" and "second", the first one being tried first.
class shaped_fixture : public relay_fixture, public testing::WithParamInterface<client_shape> {
 protected:
  static const client_shape& shape() { return GetParam(); }

  relay::account add_shaped_account(const std::string& name, const mock::behaviour& script = {},
                                    const std::function<void(relay::account&)>& change = {});
  void start_with(const mock::behaviour& first);

  // A message that begins a conversation of its own.
  raw_answer send(bool stream, std::string_view key_text = {}) const;
  raw_answer send_text(bool stream, std::string_view text) const;
  std::string request(bool stream) const;
  bool outcome_becomes(bool stream, std::string_view outcome, double requests) const;

  // A whole answer of the second account's, at the second try.
  void expect_second(bool stream);
  void expect_whole(bool stream, const raw_answer& answer);
};

}  // namespace baton::e2e
