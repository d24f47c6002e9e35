#include "app/certificate_source.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/timestamps.hpp"

namespace baton::app {
namespace {

constexpr std::size_t file_bytes_max = 1 << 20;

error unusable(const std::string& setting, const std::string& why) {
  return downstream_error(error_code::invalid_argument, setting + ": " + why);
}

// Notes the file's stamp, also of a file that cannot be used.
result<std::string> read_pem(const std::string& setting, const std::string& path, wall_time now,
                             std::optional<file_stamp>& stamp) {
  stamp.reset();
  auto found = read_file(path, file_bytes_max, now);
  if (!found) return unusable(setting, found.error().text);
  stamp = found->stamp;
  if (found->text.size() > file_bytes_max) return unusable(setting, path + " is larger than 1 MiB");
  return std::move(found->text);
}

}  // namespace

certificate_source::certificate_source(const std::string& section, std::string certificate_file,
                                       std::string key_file)
    : setting_(section + ".tls_cert_file"),
      key_setting_(section + ".tls_key_file"),
      certificate_file_(std::move(certificate_file)),
      key_file_(std::move(key_file)) {}

result<bool> certificate_source::load(wall_time now) {
  const auto certificate = read_pem(setting_, certificate_file_, now, certificate_stamp_);
  if (!certificate) return certificate.error();
  const auto key = read_pem(key_setting_, key_file_, now, key_stamp_);
  if (!key) return key.error();
  const auto digest = crypto::sha256({*certificate, *key});
  if (shown_ && digest == loaded_) return false;
  auto made = net::tls_server::make_identity(*certificate, *key);
  if (!made) {
    return unusable(setting_, certificate_file_ + " and " + key_file_ + ": " + made.error().text);
  }
  loaded_ = digest;
  if (shown_) {
    shown_->use(*std::move(made));
  } else {
    shown_ = std::make_shared<net::tls_server>(*std::move(made));
  }
  return true;
}

bool certificate_source::has_changed() const {
  return may_have_changed(certificate_file_, certificate_stamp_) ||
         may_have_changed(key_file_, key_stamp_);
}

certificate_watch::certificate_watch(certificate_source source, metrics::relay_metrics& metrics)
    : source_(std::move(source)), metrics_(metrics) {
  tell();
}

void certificate_watch::look(wall_time now, bool wanted) {
  if (!wanted && !source_.has_changed()) return;
  const auto loaded = source_.load(now);
  if (!loaded) {
    const bool is_news = std::exchange(failure_, loaded.error().text) != loaded.error().text;
    if (!wanted && !is_news) return;
    metrics_.add_certificate_reload(source_.setting(), false);
    log::error("a certificate could not be read, the one in force stays",
               {{"reason", loaded.error().text}});
    return;
  }
  const bool had_failed = !std::exchange(failure_, {}).empty();
  if (!*loaded && !had_failed && !wanted) return;
  metrics_.add_certificate_reload(source_.setting(), true);
  tell();
}

void certificate_watch::tell() const {
  const auto end = source_.expires_at();
  metrics_.certificate_expiry(source_.setting(), end.time_since_epoch() / std::chrono::seconds(1));
  const auto expires = spell_timestamp(end);
  const log::fields details = {{"setting", source_.setting()}, {"expires", expires}};
  if (end <= wall_now()) {
    log::warn("the certificate in force has expired", details);
  } else {
    log::info("the certificate is in force", details);
  }
}

}  // namespace baton::app
