#include "app/config_loader.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/settings.hpp"
#include "base/crypto.hpp"

namespace baton::app {
namespace {

using namespace std::chrono_literals;

class config_loader : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("baton-config-" + crypto::random_hex(8));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string file(std::string_view content, std::string_view name = "test.toml") {
    const auto path = folder_ / name;
    std::ofstream(path) << content;
    return path.string();
  }
  loaded_config load(const config_sources& sources) {
    auto loaded = load_config(sources);
    EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().text);
    return loaded ? *std::move(loaded) : loaded_config{};
  }
  static std::string failure(const config_sources& sources) {
    const auto loaded = load_config(sources);
    return loaded ? "loaded" : loaded.error().text;
  }
  static config_sources with_environment(environment variables) {
    return {{}, std::move(variables), {}};
  }
  static std::string origin_of(const loaded_config& loaded, std::string_view name) {
    const auto row = static_cast<std::size_t>(find_setting(name) - settings().data());
    return loaded.origins.at(row);
  }

  std::filesystem::path folder_;
};

TEST_F(config_loader, without_sources_everything_is_default) {
  const auto loaded = load({});
  EXPECT_EQ(loaded.values.server.port, 3000);
  EXPECT_EQ(loaded.values.server.host, "127.0.0.1");
  EXPECT_EQ(loaded.values.timeouts.total, 3600s);
  EXPECT_EQ(loaded.values.limits.body_bytes_max, 32u << 20);
  for (const auto& origin : loaded.origins) EXPECT_EQ(origin, "default");
  EXPECT_TRUE(loaded.warnings.empty());
}

TEST_F(config_loader, reads_every_kind_of_value_from_the_file) {
  const auto path = file(
      "[server]\nport = 8080\nhost = \"::1\"\ndrain_seconds = 1.5\n"
      "[limits]\nbody_bytes_max = \"64MiB\"\nhead_bytes_max = 8192\n"
      "[timeouts]\nconnect = \"250ms\"\n[metrics]\nper_key = true\n[log]\nlevel = \"debug\"\n");
  const auto loaded = load({path, {}, {}});
  EXPECT_EQ(loaded.values.server.port, 8080);
  EXPECT_EQ(loaded.values.server.host, "::1");
  EXPECT_EQ(loaded.values.server.drain, 1500ms);
  EXPECT_EQ(loaded.values.limits.body_bytes_max, 64u << 20);
  EXPECT_EQ(loaded.values.limits.head_bytes_max, 8192u);
  EXPECT_EQ(loaded.values.timeouts.connect, 250ms);
  EXPECT_TRUE(loaded.values.metrics.per_key);
  EXPECT_EQ(loaded.values.log.level, log_level::debug);
  EXPECT_EQ(origin_of(loaded, "server.port"), path + ":2");
}

TEST_F(config_loader, later_sources_win) {
  config_sources sources{file("[server]\nport = 1\n"), {}, {}};
  EXPECT_EQ(load(sources).values.server.port, 1);
  const std::vector<std::string> rising = {"PORT", "CRS_PORT", "BATON_PORT", "BATON_SERVER_PORT"};
  for (std::size_t i = 0; i < rising.size(); ++i) {
    sources.environment[rising[i]] = std::to_string(i + 2);
    const auto loaded = load(sources);
    EXPECT_EQ(loaded.values.server.port, i + 2);
    EXPECT_EQ(origin_of(loaded, "server.port"), rising[i]);
  }
  sources.flags.push_back({"--port", "server.port", "99"});
  EXPECT_EQ(load(sources).values.server.port, 99);
  EXPECT_EQ(origin_of(load(sources), "server.port"), "--port");
}

TEST_F(config_loader, understands_the_variables_of_v1) {
  const auto loaded = load(with_environment({{"HOST", "0.0.0.0"},
                                             {"ENCRYPTION_KEY", "0123456789abcdef0123456789abcdef"},
                                             {"CRS_ADMIN_USERNAME", "root"},
                                             {"ADMIN_PASSWORD", "hunter2"},
                                             {"JWT_SECRET", "fedcba9876543210fedcba9876543210"},
                                             {"ADMIN_SESSION_TIMEOUT", "3600000"},
                                             {"API_KEY_PREFIX", "sk_"},
                                             {"LOG_LEVEL", "verbose"},
                                             {"REQUEST_TIMEOUT", "120500"},
                                             {"REQUEST_MAX_SIZE_MB", "100"},
                                             {"STICKY_SESSION_TTL_HOURS", "1.5"},
                                             {"STICKY_SESSION_RENEWAL_THRESHOLD_MINUTES", "45"},
                                             {"TIMEZONE_OFFSET", "-5"},
                                             {"TRUST_PROXY", "nonsense for us"}}));
  const auto& values = loaded.values;
  EXPECT_EQ(values.server.host, "0.0.0.0");
  EXPECT_EQ(values.storage.encryption_key, "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(values.admin.username, "root");
  EXPECT_EQ(values.admin.password, "hunter2");
  EXPECT_EQ(values.admin.jwt_secret, "fedcba9876543210fedcba9876543210");
  EXPECT_EQ(values.admin.session, 1h);
  EXPECT_EQ(values.keys.prefix, "sk_");
  EXPECT_EQ(values.log.level, log_level::debug);
  EXPECT_EQ(values.timeouts.total, 120'500ms);
  EXPECT_EQ(values.timeouts.json_head, 120'500ms);
  EXPECT_EQ(values.limits.body_bytes_max, 100u << 20);
  EXPECT_EQ(values.sessions.ttl, 90min);
  EXPECT_EQ(values.sessions.renew_below, 45min);
  EXPECT_EQ(values.time.utc_offset_hours, -5);
  EXPECT_TRUE(loaded.warnings.empty());
}

TEST_F(config_loader, an_empty_variable_counts_as_not_set) {
  const auto loaded = load(with_environment({{"PORT", ""}, {"BATON_HOST", "  "}, {"HOST", "::"}}));
  EXPECT_EQ(loaded.values.server.port, 3000);
  EXPECT_EQ(loaded.values.server.host, "::");
}

TEST_F(config_loader, what_kubernetes_announces_for_a_service_is_not_meant_for_it) {
  const auto loaded = load(with_environment({{"BATON_PORT", "tcp://10.0.0.1:3000"},
                                             {"BATON_PORT_3000_TCP_ADDR", "10.0.0.1"},
                                             {"BATON_SERVICE_HOST", "10.0.0.1"}}));
  EXPECT_EQ(loaded.values.server.port, 3000);
  EXPECT_TRUE(loaded.warnings.empty());
}

TEST_F(config_loader, a_value_that_cannot_be_used_is_told_in_one_line) {
  EXPECT_EQ(failure(with_environment({{"PORT", "70000"}})),
            "PORT: \"70000\" cannot be used; allowed: a whole number from 0 to 65535");
  EXPECT_EQ(failure({{}, {}, {{"--host", "server.host", "example.com"}}}),
            "--host: \"example.com\" cannot be used; allowed: an IP address or localhost");
  EXPECT_EQ(failure(with_environment({{"REQUEST_TIMEOUT", "10s"}})),
            "REQUEST_TIMEOUT: \"10s\" cannot be used; allowed: a whole number of milliseconds from "
            "1 to 86400000");
  EXPECT_EQ(failure(with_environment({{"CRS_REQUEST_MAX_SIZE_MB", "0"}})),
            "CRS_REQUEST_MAX_SIZE_MB: \"0\" cannot be used; allowed: a whole number of megabytes "
            "from 1 to 4096");
  EXPECT_EQ(
      failure(with_environment({{"STICKY_SESSION_TTL_HOURS", "a day"}})),
      "STICKY_SESSION_TTL_HOURS: \"a day\" cannot be used; allowed: hours, more than 0 and up "
      "to 8760");
  EXPECT_EQ(failure(with_environment({{"ADMIN_SESSION_TIMEOUT", "59999"}})),
            "ADMIN_SESSION_TIMEOUT: \"59999\" cannot be used; allowed: a whole number of "
            "milliseconds from 60000 to 2592000000");
  EXPECT_EQ(failure(with_environment({{"TIMEZONE_OFFSET", "15"}})),
            "TIMEZONE_OFFSET: \"15\" cannot be used; allowed: a whole number from -12 to 14");
  EXPECT_EQ(
      failure(with_environment({{"BATON_LOG_LEVEL", "loud\n"}})),
      "BATON_LOG_LEVEL: \"loud\\n\" cannot be used; allowed: one of trace, debug, info, warn, "
      "error");
}

TEST_F(config_loader, a_bad_value_in_the_file_is_told_with_its_line) {
  const auto text_port = file("[server]\n\nport = \"many\"\n");
  EXPECT_EQ(failure({text_port, {}, {}}),
            text_port +
                ":3: server.port: \"many\" cannot be used; allowed: a whole number from 0 "
                "to 65535");
  const auto number_host = file("[server]\nhost = 127\n");
  EXPECT_EQ(failure({number_host, {}, {}}),
            number_host +
                ":2: server.host: \"127\" cannot be used; allowed: an IP address or "
                "localhost, in quotes");
  const auto negative = file("[timeouts]\nconnect = -1\n");
  EXPECT_NE(failure({negative, {}, {}}).find(":2: timeouts.connect: \"-1\" cannot be used"),
            std::string::npos);
  const auto list = file("[server]\nport = [1, 2]\n");
  EXPECT_NE(failure({list, {}, {}}).find(":2: server.port: \"[ 1, 2 ]\" cannot be used"),
            std::string::npos);
}

TEST_F(config_loader, an_unknown_name_is_refused_with_a_near_one) {
  const auto wrong_key = file("[server]\nprot = 1\n");
  EXPECT_EQ(failure({wrong_key, {}, {}}),
            wrong_key + ":2: there is no setting server.prot; did you mean server.port?");
  const auto wrong_section = file("[sever]\nport = 1\n");
  EXPECT_EQ(failure({wrong_section, {}, {}}),
            wrong_section + ":2: there is no setting sever.port; did you mean server.port?");
  const auto no_section = file("port = 1\n");
  EXPECT_EQ(failure({no_section, {}, {}}),
            no_section + ":1: there is no setting port; did you mean server.port?");
  const auto strange = file("[colour]\nof_the_sky = 1\n");
  EXPECT_EQ(failure({strange, {}, {}}), strange + ":2: there is no setting colour.of_the_sky");
}

TEST_F(config_loader, a_file_that_is_no_toml_or_missing_is_told_in_one_line) {
  const auto broken = failure({file("[server\nport = 1\n"), {}, {}});
  EXPECT_NE(broken.find("test.toml:1: "), std::string::npos) << broken;
  EXPECT_EQ(broken.find('\n'), std::string::npos);
  const auto missing = failure({(folder_ / "none.toml").string(), {}, {}});
  EXPECT_NE(missing.find("none.toml: "), std::string::npos) << missing;
}

TEST_F(config_loader, the_data_folders_own_file_is_read_when_none_is_named) {
  const auto path = file("[server]\nport = 4444\n", "baton.toml");
  auto sources = with_environment({{"BATON_DATA_DIR", folder_.string()}});
  EXPECT_EQ(load(sources).values.server.port, 4444);
  sources.flags.push_back({"--data-dir", "storage.data_dir", "/nowhere"});
  EXPECT_EQ(load(sources).values.server.port, 3000);
  sources.flags.clear();
  sources.environment["BATON_CONFIG"] = file("[server]\nport = 5555\n", "other.toml");
  EXPECT_EQ(load(sources).values.server.port, 5555);
}

TEST_F(config_loader, the_data_folders_own_file_cannot_move_the_folder) {
  file("[storage]\ndata_dir = \"/elsewhere\"\n", "baton.toml");
  EXPECT_NE(failure(with_environment({{"BATON_DATA_DIR", folder_.string()}}))
                .find(":2: storage.data_dir cannot be set"),
            std::string::npos);
}

TEST_F(config_loader, a_secret_is_never_part_of_a_message) {
  const std::string secret = "top\tsecret";
  EXPECT_EQ(
      failure(with_environment({{"ENCRYPTION_KEY", secret}})),
      "ENCRYPTION_KEY: this secret value cannot be used; allowed: 1 to 1024 characters on one "
      "line");
  EXPECT_EQ(failure({file("[admin]\npassword = 12345\n"), {}, {}}).find("12345"),
            std::string::npos);
  const auto flag = failure({{}, {}, {{"--set", "admin.password", "letmein"}}});
  EXPECT_EQ(flag.find("letmein"), std::string::npos);
  EXPECT_NE(flag.find("BATON_ADMIN_PASSWORD"), std::string::npos) << flag;
}

TEST_F(config_loader, a_secret_that_everybody_knows_or_can_guess_signs_no_logins) {
  for (const auto* weak : {"short", "0123456789abcdef0123456789abcde", "your-jwt-secret-here",
                           "CHANGE-THIS-JWT-SECRET-IN-PRODUCTION"}) {
    EXPECT_EQ(failure(with_environment({{"JWT_SECRET", weak}})),
              "JWT_SECRET: this secret value cannot be used; allowed: 32 to 1024 characters on one "
              "line, and not v1's placeholder");
  }
}

TEST_F(config_loader, warns_of_what_it_does_not_do) {
  const auto redis = load(with_environment({{"REDIS_HOST", "db"}, {"REDIS_PORT", "6379"}}));
  ASSERT_EQ(redis.warnings.size(), 1u);
  EXPECT_EQ(redis.warnings[0],
            "REDIS_HOST is set, but this version stores in SQLite and uses no Redis");
  const auto misspelt = load(with_environment({{"BATON_SERVER_PROT", "1"}}));
  ASSERT_EQ(misspelt.warnings.size(), 1u);
  EXPECT_EQ(misspelt.warnings[0],
            "BATON_SERVER_PROT is no setting of Baton; did you mean BATON_SERVER_PORT?");
}

TEST_F(config_loader, takes_v1s_placeholder_as_the_key_but_warns) {
  const auto loaded =
      load(with_environment({{"ENCRYPTION_KEY", "CHANGE-THIS-32-CHARACTER-KEY-NOW"}}));
  EXPECT_EQ(loaded.values.storage.encryption_key, "CHANGE-THIS-32-CHARACTER-KEY-NOW");
  ASSERT_EQ(loaded.warnings.size(), 1u);
  EXPECT_EQ(loaded.warnings[0].find("CHANGE-THIS"), std::string::npos);
}

TEST_F(config_loader, reads_how_requests_are_relayed) {
  const auto path = file(
      "[failover]\nattempts_max = 3\nhold_back = 0\n[circuit]\nopen = \"2m\"\n"
      "[sessions]\nttl = \"30d\"\nfrom_content = false\n[queue]\nwait = \"1.5s\"\n"
      "[streams]\nkeep_alive = 15\n[time]\nutc_offset_hours = -3\n[timeouts]\nfirst_event = 5\n"
      "[pricing]\nfile = \"prices.json\"\n");
  const auto values = load({path, {}, {}}).values;
  EXPECT_EQ(values.failover.attempts_max, 3u);
  EXPECT_EQ(values.failover.hold_back, 0s);
  EXPECT_EQ(values.circuit.open, 120s);
  EXPECT_EQ(values.sessions.ttl, 30 * 24h);
  EXPECT_FALSE(values.sessions.from_content);
  EXPECT_EQ(values.queue.wait, 1500ms);
  EXPECT_EQ(values.streams.keep_alive, 15s);
  EXPECT_EQ(values.time.utc_offset_hours, -3);
  EXPECT_EQ(values.timeouts.first_event, 5s);
  EXPECT_EQ(values.pricing.file, "prices.json");
}

TEST_F(config_loader, refuses_a_circuit_that_opens_longer_than_at_most) {
  EXPECT_EQ(failure(with_environment({{"BATON_CIRCUIT_OPEN", "700"}})),
            "circuit.open_max cannot be below circuit.open");
}

TEST_F(config_loader, refuses_a_body_budget_below_one_body) {
  EXPECT_NE(failure(with_environment({{"BATON_LIMITS_BUFFERED_BODY_BYTES_MAX", "1MiB"}}))
                .find("limits.buffered_body_bytes_max cannot be below"),
            std::string::npos);
}

}  // namespace
}  // namespace baton::app
