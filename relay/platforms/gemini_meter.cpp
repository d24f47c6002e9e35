#include "relay/platforms/gemini_meter.hpp"

#include <string_view>

#include "relay/platforms/document_meter.hpp"
#include "relay/platforms/gemini_answer.hpp"
#include "relay/platforms/json_array_meter.hpp"
#include "relay/platforms/last_member.hpp"
#include "relay/platforms/sse_meter.hpp"

namespace baton::relay {
namespace {

constexpr std::string_view usage_field = "usageMetadata";

// Takes in what the answers say, whatever they are the parts of.
template <class Meter>
class gemini_meter : public Meter {
 protected:
  gemini_answer take(std::string_view padded) {
    gemini_answer answer = read_gemini_answer(padded);
    told_.update(answer.usage);
    this->usage_ = told_.in_classes();
    if (!answer.model.empty()) this->model_ = answer.model;
    finished_ |= answer.finished;
    if (answer.has_error) {
      this->failed_ = true;
      this->error_type_ = answer.error_status;
    }
    return answer;
  }
  // An event of a stream. What comes behind an error is no content.
  void take_event(std::string_view padded) {
    const auto answer = take(padded);
    this->has_content_ |= answer.has_content && !this->failed_;
  }
  // Any event may have been the last.
  void take_long(std::string_view end) {
    this->skipped_ = true;
    take(last_member(end, usage_field).padded());
    this->has_content_ |= !this->failed_;
  }
  bool finished() const { return finished_; }

 private:
  gemini_usage told_;
  bool finished_ = false;
};

class gemini_json_meter final : public gemini_meter<document_meter> {
  void read(std::string_view padded_document) override {
    complete_ = take(padded_document).well_formed;
  }
  std::string_view usage_name() const override { return usage_field; }
};

class gemini_stream_meter final : public gemini_meter<sse_meter> {
  void on_json(std::string_view, std::string_view padded_data) override {
    take_event(padded_data);
    // Not with the connection's end alone: a stream without a finishReason was cut, however cleanly
    // it ends. Google's clients take it for invalid, too, and ask again.
    complete_ = finished();
  }
  void on_filler(std::string_view, std::string_view) override {}
  void on_long_json(std::string_view, std::string_view end) override { take_long(end); }
};

class gemini_array_meter final : public gemini_meter<json_array_meter> {
  void on_json(std::string_view padded_element) override { take_event(padded_element); }
  void on_long_json(std::string_view end) override { take_long(end); }
  void on_end() override { complete_ = finished() || !is_array(); }
};

}  // namespace

std::unique_ptr<answer_meter> make_gemini_meter(answer_format format) {
  if (format == answer_format::document) return std::make_unique<gemini_json_meter>();
  if (format == answer_format::json_array) return std::make_unique<gemini_array_meter>();
  return std::make_unique<gemini_stream_meter>();
}

}  // namespace baton::relay
