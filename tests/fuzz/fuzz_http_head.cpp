// However the bytes of a message arrive, the parsers make the same of them: what is taken for a
// message in one piece is the same message in pieces, and what is refused in one piece is never
// taken for one in pieces. (It may then be refused later, when its head is complete.)
#include <memory>
#include <string>

#include "net/http_head.hpp"
#include "tests/fuzz/input.hpp"

using namespace baton;

namespace {

constexpr std::uint32_t head_bytes_max = 4096;

struct text_sink : net::body_sink {
  void on_body(std::string_view piece) override { text.append(piece); }
  std::string text;
};

struct reading {
  enum class stage { head, body, complete, refused };
  stage at = stage::head;
  std::string head;
  std::string body;
  std::size_t message_bytes = 0;  // when complete
};

void describe(std::string& text, const net::header_fields& fields) {
  fuzz::require(fields.size() <= net::header_fields_max, "the fields are bounded");
  for (const auto& field : fields) {
    for (const char c : field.name) fuzz::require(c > 0x20 && c < 0x7f, "a name is a token");
    for (const char c : field.value) {
      fuzz::require(c != '\0' && c != '\r' && c != '\n', "a value cannot end its line");
    }
    text.append(field.name).append("=").append(field.value).append(";");
  }
}

std::string describe(const net::request_head& head) {
  fuzz::require(!head.chunked || !head.content_length, "a body is framed in one way");
  fuzz::require(!head.chunked || !head.http_1_0, "HTTP/1.0 has no chunks");
  std::string text;
  text.append(head.method).append(" ").append(head.path).append("?").append(head.query);
  text += head.http_1_0 ? " 1.0" : " 1.1";
  text += head.keep_alive ? " keep-alive" : "";
  text += head.chunked ? " chunked" : "";
  text += head.expects_continue ? " continue" : "";
  text += " " + std::to_string(head.content_length.value_or(0)) + " ";
  describe(text, head.fields);
  return text;
}

std::string describe(const net::response_head& head) {
  fuzz::require(head.status >= 100 && head.status <= 999, "a status has three digits");
  std::string text = std::to_string(head.status);
  text.append(" ").append(head.reason);
  text += head.keep_alive ? " keep-alive" : "";
  text += head.chunked ? " chunked" : "";
  text += " " + std::to_string(head.content_length.value_or(0)) + " ";
  describe(text, head.fields);
  return text;
}

bool parses_body(const net::request_head& head) {
  return head.chunked;  // the session counts a body with a length
}
bool parses_body(const net::response_head&) {
  return true;
}

// Reads as sessions do: the unconsumed bytes come again, with more behind them, in a new place.
template <class Parser, class Head>
class reader {
 public:
  void feed(std::string_view piece) {
    if (result_.at == reading::stage::complete || result_.at == reading::stage::refused) return;
    auto larger = std::make_unique<char[]>(size_ + piece.size());
    std::copy(buffer_.get(), buffer_.get() + size_, larger.get());
    std::copy(piece.begin(), piece.end(), larger.get() + size_);
    size_ += piece.size();
    // The old buffer goes only behind the call, in which views into it still count.
    const auto old = std::exchange(buffer_, std::move(larger));
    if (result_.at == reading::stage::head) read_head();
    if (result_.at == reading::stage::body) read_body();
  }
  const reading& result() {
    result_.body = sink_.text;
    return result_;
  }

 private:
  void read_head() {
    const auto progress = parser_.parse_head({buffer_.get(), size_});
    if (!progress) {
      fuzz::require(!progress.error().text.empty(), "an error says what is wrong");
      result_.at = reading::stage::refused;
    } else if (progress->complete) {
      fuzz::require(progress->consumed <= size_, "no more is consumed than there is");
      result_.head = describe(head_);
      result_.at = parses_body(head_) ? reading::stage::body : reading::stage::complete;
      consume(progress->consumed);
    }
  }

  void read_body() {
    for (;;) {
      const auto progress = parser_.parse_body({buffer_.get(), size_}, sink_);
      if (!progress) {
        result_.at = reading::stage::refused;
        return;
      }
      fuzz::require(progress->consumed <= size_, "no more is consumed than there is");
      consume(progress->consumed);
      if (progress->complete) result_.at = reading::stage::complete;
      if (progress->complete || progress->consumed == 0) return;
    }
  }

  void consume(std::size_t bytes) {
    auto rest = std::make_unique<char[]>(size_ - bytes);
    std::copy(buffer_.get() + bytes, buffer_.get() + size_, rest.get());
    size_ -= bytes;
    buffer_ = std::move(rest);
    result_.message_bytes += bytes;
  }

  Head head_;
  Parser parser_{head_, head_bytes_max};
  text_sink sink_;
  std::unique_ptr<char[]> buffer_;
  std::size_t size_ = 0;
  reading result_;
};

template <class Parser, class Head>
void compare(std::string_view text, std::uint8_t steering) {
  reader<Parser, Head> whole, cut;
  whole.feed(text);
  fuzz::feed_in_pieces(text, steering, [&cut](std::string_view piece) { cut.feed(piece); });
  const auto& at_once = whole.result();
  const auto& in_pieces = cut.result();
  using stage = reading::stage;
  if (at_once.at == stage::refused) {
    fuzz::require(in_pieces.at != stage::complete, "what is refused is never complete");
    return;
  }
  fuzz::require(at_once.at == in_pieces.at, "as far however it is cut");
  fuzz::require(at_once.head == in_pieces.head, "the same head however it is cut");
  if (at_once.at == stage::complete) {
    fuzz::require(at_once.body == in_pieces.body, "the same body however it is cut");
    fuzz::require(at_once.message_bytes == in_pieces.message_bytes, "the same end");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::as_text(data, size);
  const auto steering = fuzz::take_steering(text);
  compare<net::request_parser, net::request_head>(text, steering);
  compare<net::response_parser, net::response_head>(text, steering);
  return 0;
}
