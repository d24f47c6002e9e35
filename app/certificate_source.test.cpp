#include "app/certificate_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "actors/metric_labels.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/test_certificates.hpp"

namespace baton::app {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// As far from the last change of a file as the clock of the file system is fine.
wall_time later() {
  return wall_now() + 1h;
}

class certificates : public ::testing::Test {
 protected:
  certificates() { put(mock::make_test_certificates()); }

  void put(const mock::test_certificates& made) {
    write(certificate_, made.certificate);
    write(key_, made.private_key);
  }
  static void write(const std::string& path, std::string_view content) {
    std::ofstream(path, std::ios::binary) << content;
  }
  certificate_source source() const { return {"admin", certificate_, key_}; }
  static bool loads_another(certificate_source& files) {
    const auto loaded = files.load(later());
    EXPECT_TRUE(loaded);
    return loaded && *loaded;
  }
  std::string failure() const {
    const auto loaded = source().load(later());
    return loaded ? "loaded" : loaded.error().text;
  }

  test_support::temp_dir folder_;
  const std::string certificate_ = (folder_ / "cert.pem").string();
  const std::string key_ = (folder_ / "key.pem").string();
};

TEST_F(certificates, are_read_and_shown) {
  auto files = source();
  EXPECT_EQ(files.shown(), nullptr);
  ASSERT_TRUE(loads_another(files));
  EXPECT_GT(files.expires_at(), wall_now());
  EXPECT_FALSE(files.has_changed());
  EXPECT_FALSE(loads_another(files)) << "it is the same";
}

TEST_F(certificates, that_cannot_be_used_name_their_setting) {
  write(key_, "nonsense");
  EXPECT_THAT(failure(), HasSubstr("admin.tls_cert_file: " + certificate_ + " and " + key_ +
                                   ": the private key cannot be used: "));
  std::filesystem::remove(key_);
  EXPECT_EQ(failure(), "admin.tls_key_file: " + key_ + " cannot be read");
  write(certificate_, std::string((1 << 20) + 1, 'x'));
  EXPECT_EQ(failure(), "admin.tls_cert_file: " + certificate_ + " is larger than 1 MiB");
  std::filesystem::remove(certificate_);
  EXPECT_EQ(failure(), "admin.tls_cert_file: " + certificate_ + " cannot be read");
}

TEST_F(certificates, never_show_their_key_in_an_error) {
  const auto secret = "-----BEGIN PRIVATE KEY-----\nSECRETSECRET\n-----END PRIVATE KEY-----\n";
  write(key_, secret);
  EXPECT_EQ(failure().find("SECRET"), std::string::npos);
}

TEST_F(certificates, stay_in_force_until_the_next_can_be_used) {
  auto files = source();
  ASSERT_TRUE(files.load(later()));
  const auto first = files.shown()->current();
  const auto next = mock::make_test_certificates();
  write(certificate_, next.certificate);
  EXPECT_TRUE(files.has_changed());
  EXPECT_FALSE(files.load(later())) << "half of it is written";
  EXPECT_EQ(files.shown()->current(), first);
  write(key_, next.private_key);
  EXPECT_TRUE(files.has_changed());
  EXPECT_TRUE(loads_another(files));
  EXPECT_NE(files.shown()->current(), first);
}

class certificate_watching : public certificates {
 protected:
  certificate_watching() {
    auto files = source();
    EXPECT_TRUE(files.load(later()));
    watch_ = std::make_unique<certificate_watch>(std::move(files), metrics_);
  }
  bool shows(const std::string& line) const {
    return metrics_.text().find('\n' + line + '\n') != std::string::npos;
  }
  bool has_failed(int times) const {
    return shows(
        "baton_certificate_reloads_total{result=\"failed\",setting=\"admin.tls_cert_file\"} " +
        std::to_string(times));
  }
  bool has_loaded(int times) const {
    return shows(
        "baton_certificate_reloads_total{result=\"loaded\",setting=\"admin.tls_cert_file\"} " +
        std::to_string(times));
  }

  metrics::relay_metrics metrics_{1, actors::relay_label_values()};
  std::unique_ptr<certificate_watch> watch_;
};

TEST_F(certificate_watching, tells_from_the_start_when_the_certificate_ends) {
  EXPECT_THAT(metrics_.text(), HasSubstr("baton_certificate_expiry_timestamp_seconds{setting="
                                         "\"admin.tls_cert_file\"} "));
}

TEST_F(certificate_watching, counts_changes_and_orders_only) {
  watch_->look(later(), false);
  EXPECT_FALSE(has_loaded(1));
  watch_->look(later(), true);
  EXPECT_TRUE(has_loaded(1));
  put(mock::make_test_certificates());
  watch_->look(later(), false);
  EXPECT_TRUE(has_loaded(2));
  watch_->look(later(), false);
  EXPECT_TRUE(has_loaded(2));
}

TEST_F(certificate_watching, tells_each_reason_once) {
  std::filesystem::remove(key_);
  for (int i = 0; i < 3; ++i) watch_->look(later(), false);
  EXPECT_TRUE(has_failed(1));
  watch_->look(later(), true);
  EXPECT_TRUE(has_failed(2)) << "unless somebody asks";
  put(mock::make_test_certificates());
  watch_->look(later(), false);
  EXPECT_TRUE(has_loaded(1));
}

}  // namespace
}  // namespace baton::app
