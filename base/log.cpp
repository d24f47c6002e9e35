#include "base/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/sink.h>

#include <atomic>
#include <memory>
#include <mutex>

#include "base/log_sink.hpp"

namespace baton::log {
namespace {

// Takes lines that append_line() has finished; spdlog's own patterns cannot spell our fields.
class line_sink final : public spdlog::sinks::sink {
 public:
  explicit line_sink(const options& settings) : writer_(settings.descriptor, settings.style) {}

  void log(const spdlog::details::log_msg& message) override {
    writer_.write({message.payload.data(), message.payload.size()});
  }
  void flush() override {}
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

 private:
  descriptor_writer writer_;
};

spdlog::level::level_enum spdlog_level(level importance) {
  static_assert(static_cast<int>(level::trace) == SPDLOG_LEVEL_TRACE &&
                static_cast<int>(level::error) == SPDLOG_LEVEL_ERROR);
  return static_cast<spdlog::level::level_enum>(importance);
}

std::shared_ptr<spdlog::logger> make_logger(const options& settings) {
  auto logger = std::make_shared<spdlog::logger>("baton", std::make_shared<line_sink>(settings));
  logger->set_level(spdlog_level(settings.threshold));
  return logger;
}

struct log_state {
  std::mutex mutex;
  std::shared_ptr<spdlog::logger> logger = make_logger({level::warn, format::text, 2});
  std::atomic<level> threshold = level::warn;
  std::atomic<format> style = format::text;
};

// Never destroyed: threads may log until the very end of the process.
log_state& state() {
  static auto* const instance = new log_state;
  return *instance;
}

std::shared_ptr<spdlog::logger> current_logger() {
  const std::lock_guard lock(state().mutex);
  return state().logger;
}

void send(level importance, std::string_view lines) {
  current_logger()->log(spdlog_level(importance),
                        spdlog::string_view_t(lines.data(), lines.size()));
}

}  // namespace

void configure(const options& settings) {
  auto logger = make_logger(settings);
  const std::lock_guard lock(state().mutex);
  state().logger = std::move(logger);
  state().threshold = settings.threshold;
  state().style = settings.style;
}

bool enabled(level importance) {
  return importance >= state().threshold;
}

bool json() {
  return state().style == format::json;
}

void write(level importance, std::string_view message, fields details) {
  if (!enabled(importance)) return;
  std::string line;
  append_line(line, state().style, wall_now(), importance, message, details);
  send(importance, line);
}

void write_lines(std::string_view lines) {
  // Whoever formatted them has asked enabled() already.
  if (!lines.empty()) send(level::error, lines);
}

}  // namespace baton::log
