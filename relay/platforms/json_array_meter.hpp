// What the meters of streams that are one JSON array share: every element is checked to be a JSON
// object and handed on as an event of the stream. Derive for what they say.
#pragma once

#include <string_view>

#include "relay/answer_meter.hpp"
#include "relay/platforms/json_array_scanner.hpp"

namespace baton::relay {

class json_array_meter : public answer_meter, private json_array_scanner::listener {
 public:
  void feed(std::string_view bytes) final;
  // An unfinished element does not count.
  void finish() final {}
  std::uint64_t whole_bytes() const final { return scanner_.element_end(); }

 protected:
  // The next element. `padded_element`: json_padding_bytes past its end may be read.
  virtual void on_json(std::string_view padded_element) = 0;
  // One that is too long to be read: its last 16 KiB.
  virtual void on_long_json(std::string_view end) = 0;
  // The stream has ended as it should: with the array's bracket, or with the object that came in
  // the array's place.
  void on_end() override = 0;
  bool is_array() const { return scanner_.is_array(); }

 private:
  void on_element(std::string_view padded) final;
  void on_long_element(std::string_view end) final;

  json_array_scanner scanner_{*this};
};

}  // namespace baton::relay
