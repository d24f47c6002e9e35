// Read the tokens out of an answer of OpenAI's APIs as it passes. Each lives for one answer, on the
// worker that relays it.
//
// Counts are read leniently: see read_token_count(). A wrong count from an upstream must never stop
// an answer.
#pragma once

#include <string_view>

#include "relay/platforms/document_meter.hpp"
#include "relay/platforms/openai_answer.hpp"
#include "relay/platforms/sse_meter.hpp"

namespace baton::relay {

// Documents of Responses, Chat and embeddings.
class openai_json_meter final : public document_meter {
 public:
  // `kept`: the upstream keeps the answer under its id.
  explicit openai_json_meter(bool kept) : kept_(kept) {}

 private:
  void read(std::string_view padded_document) override;

  bool kept_;
};

// The stream of Responses: response.created, …, response.completed, and error at any place.
class responses_stream_meter final : public sse_meter {
  void on_json(std::string_view event_name, std::string_view padded_data) override;
  void on_filler(std::string_view event_name, std::string_view text) override;
  void on_long_json(std::string_view type, std::string_view end) override;
  void read(std::string_view type, std::string_view padded_data);
  void take(openai_answer event, std::string_view type);
  void note_content(std::string_view type);
};

// The stream of Chat: chunks, and [DONE] behind them.
class chat_stream_meter final : public sse_meter {
 public:
  // `withhold_usage`: Baton asked for the chunk that has nothing but the usage.
  explicit chat_stream_meter(bool withhold_usage) : withhold_usage_(withhold_usage) {}

 private:
  void on_json(std::string_view event_name, std::string_view padded_data) override;
  void on_filler(std::string_view event_name, std::string_view text) override;
  void on_long_json(std::string_view type, std::string_view end) override;

  bool withhold_usage_;
};

}  // namespace baton::relay
