#include "app/server.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <caf/actor_system.hpp>
#include <caf/logger.hpp>
#include <caf/scoped_actor.hpp>
#include <iterator>
#include <sstream>
#include <vector>

#include "actors/directory_actor.hpp"
#include "actors/key_limits_actor.hpp"
#include "actors/metric_labels.hpp"
#include "actors/price_watch.hpp"
#include "actors/runtime/coordinator.hpp"
#include "actors/runtime/run_on.hpp"
#include "actors/scheduler_actor.hpp"
#include "actors/storage_actor.hpp"
#include "actors/usage_aggregator_actor.hpp"
#include "actors/waiting_room_actor.hpp"
#include "app/admin_office.hpp"
#include "app/price_source.hpp"
#include "app/server_listeners.hpp"
#include "app/server_settings.hpp"
#include "base/log.hpp"
#include "net/worker_context.hpp"
#include "storage/admin_password.hpp"
#include "storage/first_start.hpp"
#include "storage/sqlite_store.hpp"

namespace baton::app {
namespace {

using runtime::run_on;
using runtime::spawn_on;
using runtime::worker;

constexpr std::chrono::seconds load_time_max{30};
// After the drain: for connections that were cut to be gone, and for the last usage to be stored.
constexpr std::chrono::seconds cut_time_max{5};
constexpr std::chrono::seconds kill_time_max{1};
constexpr std::chrono::seconds flush_time_max{10};

caf::actor_system_config& on_workers(caf::actor_system_config& config, std::size_t workers) {
  runtime::use_workers(config, workers);
  return config;
}

// CAF leaves a reference to the system with each thread that used it, and the system's destructor
// waits until all are gone: a thread that lives on gives its own back.
struct caf_visit {
  ~caf_visit() { caf::logger::set_current_actor_system(nullptr); }
};

// Two descriptors a request, so the soft limit of 1024 is soon reached.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// What is kept on the disk.
struct opened_data {
  std::unique_ptr<storage::store> store;
  storage::ledger_writer writer;
  std::filesystem::path records;  // of the ledger
  std::uint64_t counted = 0;      // records of the ledger
};

result<opened_data> open_data(const std::filesystem::path& folder,
                              std::unique_ptr<storage::store> store, bool strict) {
  const auto counted = store->ledger_position();
  if (!counted) return counted.error();
  const auto records = storage::ledger_folder(folder);
  auto writer =
      storage::ledger_writer::open(records, {.sync_waits = strict, .last_number = *counted});
  if (!writer) return writer.error();
  return opened_data{std::move(store), *std::move(writer), records, *counted};
}

}  // namespace

struct server::parts {
  parts(const config& given, const std::string& encryption_key, std::size_t workers,
        std::unique_ptr<price_source> source, relay::price_table_ptr known_prices)
      : settings(given),
        relay_settings(relay_settings_of(settings, encryption_key, workers)),
        prices_from(std::move(source)),
        first_prices(std::move(known_prices)),
        metrics(workers, actors::relay_label_values(), settings.metrics.per_key),
        system(on_workers(actor_config, workers)),
        contexts(workers),
        peers(workers),
        listeners(system) {}
  ~parts() { tear_down(); }

  std::size_t workers() const { return contexts.size(); }
  worker& at(std::size_t index) { return runtime::worker_at(system, index); }

  void spawn_actors(opened_data data);
  void spawn_watch(std::vector<certificate_source> certificates);
  result<void> open_administration(const storage::secrets& secrets, const crypto::key_256& key);
  void introduce_schedulers();
  void spawn_directory();
  result<void> load();
  bool flush_usage();
  void tear_down();

  const config settings;
  const net::relay_settings relay_settings;
  std::unique_ptr<price_source> prices_from;  // until the watch has it
  relay::price_table_ptr first_prices;
  metrics::relay_metrics metrics;
  std::optional<std::string> new_admin_password;
  caf::actor_system_config actor_config;
  caf::actor_system system;
  std::vector<std::unique_ptr<net::worker_context>> contexts;
  std::vector<actors::connection_peers> peers;
  std::unique_ptr<actors::account_surroundings> around_accounts;
  caf::actor storage;
  caf::actor ledger;
  caf::actor waiting_room;
  caf::actor file_watch;
  caf::actor directory;
  caf::actor admin;
  std::vector<caf::actor> schedulers;
  std::vector<caf::actor> aggregators;
  std::vector<caf::actor> limits;
  server_listeners listeners;
};

void server::parts::spawn_actors(opened_data data) {
  storage = actors::spawn_storage(
      system, std::move(data.store), storage::ledger_reader(data.records),
      {.keep_hours = settings.usage.keep_hours, .keep_days = settings.usage.keep_days}, metrics);
  const auto records = ledger_settings_of(settings);
  for (std::size_t index = 0; index < workers(); ++index) {
    auto& home = at(index);
    // On the worker's own thread: its loop's timers and sockets know no other.
    run_on(home, [&] {
      contexts[index] = std::make_unique<net::worker_context>(home, index, relay_settings, metrics);
      contexts[index]->view.prices = first_prices;
      contexts[index]->deadlines.start();
    });
    auto& context = *contexts[index];
    schedulers.push_back(spawn_on<actors::scheduler_actor>(home, std::ref(context.view),
                                                           session_settings_of(settings)));
    if (index == 0) {
      ledger = actors::spawn_ledger(system, std::move(data.writer),
                                    storage::ledger_reader(data.records), data.counted, storage,
                                    schedulers.front(), records, std::ref(metrics));
    }
    aggregators.push_back(
        spawn_on<actors::usage_aggregator_actor>(home, ledger, records.strict, std::ref(metrics)));
  }
  for (std::size_t index = 0; index < workers(); ++index) {
    limits.push_back(spawn_on<actors::key_limits_actor>(
        at(index), std::ref(metrics),
        actors::key_usage_source{aggregators, storage,
                                 std::chrono::hours(settings.time.utc_offset_hours)}));
  }
  introduce_schedulers();
  if (settings.queue.wait.count() > 0) {
    waiting_room =
        spawn_on<actors::waiting_room_actor>(at(0), queue_settings_of(settings), std::ref(metrics));
  }
  spawn_directory();
  for (std::size_t index = 0; index < workers(); ++index) {
    peers[index] = {.scheduler = schedulers[index],
                    .aggregator = aggregators[index],
                    .limits = limits,
                    .aggregators = aggregators,
                    .schedulers = schedulers,
                    .directory = directory,
                    .storage = storage,
                    .ledger = ledger,
                    .waiting_room = waiting_room,
                    .wait_max = settings.queue.wait,
                    .metrics = &metrics};
  }
}

void server::parts::spawn_watch(std::vector<certificate_source> certificates) {
  actors::watch_list watched;
  watched.push_back(
      std::make_unique<actors::price_watch>(std::move(prices_from), schedulers, metrics));
  for (auto& each : certificates) {
    watched.push_back(std::make_unique<certificate_watch>(std::move(each), metrics));
  }
  file_watch = actors::spawn_file_watch(system, std::move(watched));
}

result<void> server::parts::open_administration(const storage::secrets& secrets,
                                                const crypto::key_256& key) {
  auto office = open_admin_office(settings, secrets, key, [watch = file_watch] {
    caf::anon_send(watch, actors::reload_files{});
  });
  if (!office) return office.error();
  admin = actors::spawn_admin(system, *std::move(office));
  for (auto& each : peers) each.admin = admin;
  return {};
}

void server::parts::introduce_schedulers() {
  for (const auto& each : schedulers) {
    actors::meet_schedulers order;
    std::copy_if(schedulers.begin(), schedulers.end(), std::back_inserter(order.others),
                 [&](const caf::actor& other) { return other != each; });
    caf::anon_send(each, std::move(order));
  }
}

void server::parts::spawn_directory() {
  auto observers = schedulers;
  if (waiting_room) observers.push_back(waiting_room);
  around_accounts.reset(new actors::account_surroundings{
      .observers = std::move(observers),
      .waiting_room = waiting_room,
      .storage = storage,
      .metrics = metrics,
      .circuit = circuit_settings_of(settings),
      .lease_max = std::chrono::ceil<std::chrono::seconds>(settings.timeouts.total) +
                   std::chrono::minutes(1),
      .utc_offset = std::chrono::hours(settings.time.utc_offset_hours)});
  directory =
      spawn_on<actors::directory_actor>(at(0), storage, schedulers, std::cref(*around_accounts));
}

// Keys and accounts are in force before the first connection is accepted, and what an earlier run
// has left uncounted is counted, so that limits and quotas know of it.
result<void> server::parts::load() {
  result<void> outcome;
  caf::scoped_actor self{system};
  self->request(ledger, load_time_max, actors::flush_usage{})
      .receive(
          [](const actors::usage_flushed& reply) {
            if (reply.stored) return;
            log::warn("usage of an earlier run is still being counted",
                      {{"reason", reply.stored.error().text}});
          },
          [](caf::error&) { log::warn("usage of an earlier run is still being counted"); });
  self->request(directory, load_time_max, actors::await_directory{})
      .receive([](actors::directory_ready) {},
               [&](caf::error&) {
                 outcome = internal_error(error_code::storage_failed,
                                          "keys and accounts could not be loaded");
               });
  return outcome;
}

bool server::parts::flush_usage() {
  bool all_stored = true;
  caf::scoped_actor self{system};
  for (const auto& aggregator : aggregators) {
    self->request(aggregator, flush_time_max, actors::flush_usage{})
        .receive(
            [&](const actors::usage_flushed& reply) { all_stored &= reply.stored.has_value(); },
            [&](caf::error&) { all_stored = false; });
  }
  return all_stored;
}

// Actors first, whoever depends on others before those; then what their worker keeps for them, on
// the worker's own thread.
void server::parts::tear_down() {
  listeners.end();
  for (const auto* group : {&limits, &schedulers, &aggregators}) {
    for (const auto& each : *group) caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
  }
  if (admin) caf::anon_send_exit(admin, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(directory, caf::exit_reason::user_shutdown);
  if (file_watch) caf::anon_send_exit(file_watch, caf::exit_reason::user_shutdown);
  if (waiting_room) caf::anon_send_exit(waiting_room, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(ledger, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(storage, caf::exit_reason::user_shutdown);
  limits.clear();
  schedulers.clear();
  aggregators.clear();
  admin = nullptr;
  file_watch = nullptr;
  directory = nullptr;
  waiting_room = nullptr;
  ledger = nullptr;
  storage = nullptr;
  system.await_all_actors_done();
  peers.clear();
  around_accounts.reset();
  for (std::size_t index = 0; index < workers(); ++index) {
    if (contexts[index]) run_on(at(index), [&] { contexts[index].reset(); });
  }
}

server::server(std::unique_ptr<parts> running) : parts_(std::move(running)) {}
server::~server() = default;

std::uint16_t server::port() const {
  return parts_->listeners.relay_address().port();
}

std::uint16_t server::admin_port() const {
  return parts_->listeners.admin_address().port();
}

std::string server::admin_address() const {
  std::ostringstream spelled;
  spelled << parts_->listeners.admin_address();
  return spelled.str();
}

const std::optional<std::string>& server::new_admin_password() const {
  return parts_->new_admin_password;
}

result<std::unique_ptr<server>> server::start(const config& settings) {
  auto plan = plan_listening(settings);
  if (!plan) return plan.error();
  const std::filesystem::path folder = settings.storage.data_dir;
  const auto& given_key = settings.storage.encryption_key;
  const auto secrets = storage::prepare_data_folder(
      folder, given_key.empty() ? std::nullopt : std::optional(given_key));
  if (!secrets) return secrets.error();
  const auto key = storage::storage_key(*secrets);
  auto store = storage::open_sqlite_store(storage::database_file(folder), key);
  if (!store) return store.error();
  if (auto fits = storage::check_encryption_key(**store, key); !fits) return fits.error();
  const auto& admin = settings.admin;
  auto password =
      storage::ensure_admin(**store, admin.username,
                            admin.password.empty() ? std::nullopt : std::optional(admin.password));
  if (!password) return password.error();

  auto data = open_data(folder, *std::move(store), ledger_settings_of(settings).strict);
  if (!data) return data.error();
  auto source = std::make_unique<price_source>(settings.pricing.file);
  auto prices = source->load(wall_now());
  if (!prices) return prices.error();

  raise_descriptor_limit();
  const caf_visit visit;
  try {
    auto running =
        std::make_unique<parts>(settings, secrets->encryption_key, worker_count(settings),
                                std::move(source), *std::move(prices));
    running->new_admin_password = std::move(*password);
    running->spawn_actors(*std::move(data));
    if (auto loaded = running->load(); !loaded) return loaded.error();
    running->spawn_watch(std::move(plan->certificates));
    if (auto opened = running->open_administration(*secrets, key); !opened) return opened.error();
    running->listeners.start(plan->places, running->contexts, running->peers);
    return std::unique_ptr<server>(new server(std::move(running)));
  } catch (const std::exception& failure) {
    return internal_error(error_code::internal, failure.what());
  }
}

void server::reload_files() {
  const caf_visit visit;
  caf::anon_send(parts_->file_watch, actors::reload_files{});
}

bool server::stop(std::chrono::milliseconds drain) {
  const caf_visit visit;
  parts_->listeners.tell(actors::stop_accepting{});
  if (!parts_->listeners.await_connections(drain)) {
    log::warn("connections were still busy and are cut", {{"drain_ms", drain.count()}});
    parts_->listeners.tell(actors::cut_connections{});
    if (!parts_->listeners.await_connections(cut_time_max)) {
      parts_->listeners.tell(actors::kill_connections{});
      parts_->listeners.await_connections(kill_time_max);
    }
  }
  const bool stored = parts_->flush_usage();
  if (!stored) log::error("the last usage could not be stored");
  return stored;
}

}  // namespace baton::app
