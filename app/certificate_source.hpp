// The certificate that a listener shows, from the operator's files, and the watch over these.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "actors/file_watch_actor.hpp"
#include "base/crypto.hpp"
#include "base/file_reading.hpp"
#include "metrics/relay_metrics.hpp"
#include "net/tls_server.hpp"

namespace baton::app {

class certificate_source {
 public:
  // `section`: of the settings that name the files, "server" or "admin".
  certificate_source(const std::string& section, std::string certificate_file,
                     std::string key_file);

  // Reads both files and puts the certificate in force for connections that begin from now on.
  // False: it is in force already. Errors: invalid_argument naming the setting; what was in force
  // stays.
  result<bool> load(wall_time now);
  bool has_changed() const;

  // Null before the first load() that succeeds.
  const std::shared_ptr<net::tls_server>& shown() const { return shown_; }
  wall_time expires_at() const { return net::tls_server::expiry_of(shown_->current()); }
  const std::string& setting() const { return setting_; }

 private:
  const std::string setting_;  // of the certificate
  const std::string key_setting_;
  const std::string certificate_file_;
  const std::string key_file_;
  std::optional<file_stamp> certificate_stamp_;  // as read last; none: read it again
  std::optional<file_stamp> key_stamp_;
  crypto::sha256_digest loaded_{};  // of what is in force
  std::shared_ptr<net::tls_server> shown_;
};

// Keeps a certificate current that was loaded once.
class certificate_watch final : public actors::watched_files {
 public:
  // `metrics` must outlive it.
  certificate_watch(certificate_source source, metrics::relay_metrics& metrics);

  void look(wall_time now, bool wanted) override;

 private:
  void tell() const;

  certificate_source source_;
  metrics::relay_metrics& metrics_;
  std::string failure_;  // of the last reading; empty: it could be used
};

}  // namespace baton::app
