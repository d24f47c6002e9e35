#include "net/answer_opening.hpp"

#include "net/client_stream.hpp"

namespace baton::net {
namespace {

// No stream opens with so much; a longer error is not worth waiting for.
constexpr std::size_t opening_bytes_max = 16 * 1024;
constexpr std::size_t error_bytes_max = 64 * 1024;
constexpr milliseconds error_body_time{2000};

}  // namespace

answer_opening::answer_opening(exchange& ex, channel& upstream, response_parser& parser,
                               relay::answer_decoder* decoder, relay::answer_meter* meter,
                               std::string& held)
    : ex_(ex), upstream_(upstream), parser_(parser), decoder_(decoder), meter_(meter), held_(held) {
  held_.clear();
}

void answer_opening::on_body(std::string_view piece) {
  const auto before = held_.size();
  if (decoder_ == nullptr) {
    held_.append(piece);
  } else {
    undecodable_ |= !decoder_->decode(piece, held_);
  }
  if (meter_ != nullptr) meter_->feed(std::string_view(held_).substr(before));
}

bool answer_opening::has_begun() const {
  return meter_ != nullptr ? meter_->has_begun() : !held_.empty();
}

// When what has been read must do.
steady_time answer_opening::release_time(until wanted) const {
  const auto now = ex_.guard.swept_at();
  if (wanted == until::whole) return now + error_body_time;
  if (wanted == until::content && has_begun()) return now + ex_.worker.settings.hold_back;
  return steady_time::max();
}

void answer_opening::finish() {
  complete_ = true;
  if (meter_ != nullptr) meter_->finish();
}

bool answer_opening::is_reached(until wanted) const {
  if (complete_ || undecodable_) return true;
  switch (wanted) {
    case until::first_bytes: return !held_.empty();
    case until::whole:
      return held_.size() >= error_bytes_max || ex_.guard.swept_at() >= release_at_;
    case until::content: break;
  }
  return meter_->has_content() || meter_->failed() || meter_->malformed() ||
         held_.size() >= opening_bytes_max || ex_.guard.swept_at() >= release_at_;
}

std::optional<io_status> answer_opening::advance(until wanted) {
  for (;;) {
    const auto progress = parser_.parse_body(upstream_.input(), *this);
    if (!progress) return io_status::failed;
    upstream_.consume(progress->consumed);
    if (progress->complete) finish();
    if (release_at_ == steady_time::max()) release_at_ = release_time(wanted);
    if (is_reached(wanted)) return io_status::ok;
    if (progress->consumed == 0 || upstream_.input().empty()) return std::nullopt;
  }
}

task<io_status> answer_opening::read(until wanted, milliseconds first, milliseconds further) {
  auto& guard = ex_.guard;
  const auto first_deadline = guard.moment_after(first);
  for (;;) {
    const auto deadline = has_begun() ? guard.moment_after(further) : first_deadline;
    const bool may_comment = wanted == until::content;
    const auto status = co_await await_input(ex_, upstream_, deadline, may_comment, release_at_);
    if (status == io_status::end && parser_.may_end_here()) {
      finish();
      co_return io_status::ok;
    }
    if (status != io_status::ok && status != io_status::woken) co_return status;
    if (const auto reached = advance(wanted)) co_return *reached;
  }
}

}  // namespace baton::net
