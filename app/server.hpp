// The relay as one object: storage, actors, workers and listeners, wired together. Listening once
// it is made; stop() ends it in order, its destructor at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/config.hpp"
#include "base/error.hpp"

namespace baton::app {

class server {
 public:
  // Opens or makes what is stored, loads keys and accounts, and listens. Errors: one line for the
  // operator saying what is in the way.
  static result<std::unique_ptr<server>> start(const config& settings);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  std::uint16_t port() const;
  // Of the administration: the relay's own where it has none.
  std::uint16_t admin_port() const;
  std::string admin_address() const;  // with the port
  // The administrator's password if this start has made one, to be shown once.
  const std::optional<std::string>& new_admin_password() const;

  // Reads prices and certificates anew, whether or not they have changed; the log and the metrics
  // tell what came of it. From any one thread, until stop().
  void reload_files();

  // Stops accepting, gives running answers up to `drain` to end, cuts the rest, stores all usage.
  // May be called from any one thread, once. False: usage could not be stored.
  bool stop(std::chrono::milliseconds drain);

 private:
  struct parts;
  explicit server(std::unique_ptr<parts> running);

  std::unique_ptr<parts> parts_;
};

}  // namespace baton::app
