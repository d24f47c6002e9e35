// The messages of Baton's actors: an order is imperative and has a reply, a fact has happened.
#pragma once

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "actors/account_slots.hpp"
#include "actors/session_port.hpp"
#include "actors/usage_batch.hpp"
#include "base/error.hpp"
#include "relay/account_pool.hpp"
#include "relay/key_directory.hpp"
#include "relay/key_limiter.hpp"
#include "relay/request_record.hpp"
#include "relay/session_key.hpp"
#include "relay/verdict.hpp"
#include "storage/ledger/ledger_query.hpp"
#include "storage/store.hpp"

namespace baton::actors {

// --- scheduler (one per worker) ---

struct choose_account {
  const relay::api* protocol = nullptr;
  std::string model;
  relay::api_key_ptr key;
  relay::session_facts session;
  std::vector<account_id> failed;      // tried by the request
  std::vector<account_id> found_full;  // asked by the request, and full
  bool trust_full = true;              // see relay::choice_request
  std::optional<account_id> only;      // the same
};
struct account_chosen {
  relay::choice choice;
  std::optional<account_id> only;  // no other account can serve the request
  caf::actor owner;                // to ask for a slot; null: there is nothing to ask
};

// Who is there, from the directory. Replaces what the scheduler knew.
struct accounts_changed {
  std::vector<relay::ready_account_ptr> accounts;
  std::unordered_map<account_id, caf::actor> owners;
};
// From an account's actor.
struct account_status_changed {
  account_id id;
  relay::account_status status;
};
// The keys as of now, from the directory; handed to the worker's sessions.
struct keys_changed {
  relay::key_directory_ptr keys;
};
// The prices in force from now on, from the price watch; handed to the worker's sessions.
struct prices_changed {
  relay::price_table_ptr prices;
};
// From a connection: an attempt failed through the account's fault. Passed on to its actor.
struct account_to_blame {
  account_id id;
  relay::verdict verdict;
  bool confirmed = false;  // the verdict was provisional, and reported before
  bool probe = false;      // the attempt was to show whether the account works again
};
// From a connection: the attempt that was to show whether the account works has shown it.
struct account_works {
  account_id id;
};
// From the ledger: what was counted for an account. Passed on to its actor.
struct account_used {
  account_id id;
  relay::usage_amount used;
  wall_time hour{};  // in which it was used
};
// From a connection: an account keeps an answer for later requests. Passed on to the other
// schedulers.
struct answer_kept {
  relay::session_key own;
  relay::session_key anyones;
  account_id account;
  std::optional<steady_time> since{};  // set by the scheduler that passes it on
};
struct list_models {
  relay::api_key_ptr key;
};
struct models_listed {
  relay::model_offer offer;
};
struct check_accounts {};
struct accounts_checked {
  bool any_usable = false;
};
// From a scheduler to the others: what it told its own table of sessions.
struct session_bound {
  relay::session_key session;
  account_id account;
  steady_time since;
  steady_time now;
};
struct session_dropped {
  relay::session_key session;
  account_id account;
  steady_time when;
};
// Once all are there: the schedulers of the other workers.
struct meet_schedulers {
  std::vector<caf::actor> others;
};

// --- account (one per account) ---

struct acquire_lease {
  caf::actor_addr owner;  // whoever holds the lease; when it dies, the slot returns
};
// The slot is given back when the last copy of `slot` goes, so a reply that nobody takes returns
// it.
struct lease_answered {
  result<std::shared_ptr<lease>> slot;
  bool probe = false;  // by this request the account's circuit is tried
};
struct release_lease {
  account_slots::number number = 0;
};
struct account_failed {
  relay::verdict verdict;
  std::uint32_t attempts = 0;  // made on the account by the worker since it last reported one
  bool confirmed = false;
  bool probe = false;
};
struct account_succeeded {};
struct usage_counted {
  relay::usage_amount used;
  wall_time hour{};
};
struct reconfigure_account {
  relay::ready_account_ptr account;
};
struct check_up {};  // to itself, once a second: slots of owners that died, ends of absences

// --- waiting room (one per process) ---

// A place in a queue, its number given by whoever takes it; unique in the process.
using place_number = std::uint64_t;

// From a connection: every account that could serve is full.
struct await_slot {
  place_number place = 0;
  choose_account wish;
  steady_time deadline{};
};
// The slot of an account; or nothing, when something has changed and it is worth choosing again.
struct slot_answered {
  result<std::shared_ptr<lease>> slot;
  relay::ready_account_ptr account;
};
struct leave_queue {
  place_number place = 0;
};
// From an account's actor that was full: a slot, for whoever's turn it is.
struct slot_offered {
  relay::ready_account_ptr account;
  std::shared_ptr<lease> slot;
  std::shared_ptr<account_slots::slot> taken;  // to be marked as declined if nobody wants it
};
struct offer_answered {};  // its answer: somebody has the slot, or it has been given back
struct queue_due {};       // to itself: deadlines

// --- key limits (one per worker; each key has one owner) ---

struct admit_request {
  relay::api_key_ptr key;
  relay::usage_estimate estimate;
  place_number place = 0;  // in the key's queue, if it must wait
  steady_time deadline{};  // for waiting
};
// As with leases: a reservation nobody takes is cancelled.
struct admission_answered {
  result<std::shared_ptr<reservation>> claim;
  bool waited = false;
};
struct settle_reservation {
  key_id key;
  relay::reservation_id id = 0;
  std::optional<relay::usage_amount> used;  // nothing: cancelled
};
struct show_window {
  key_id key;
};
struct window_shown {
  relay::window_use use;
};
struct forget_idle_keys {};  // to itself, every minute
// To itself: the store has had its time to answer this question about a key.
struct costs_overdue {
  key_id key;
  std::uint64_t question = 0;
};

// --- usage aggregator (one per worker) ---

struct request_ended {
  relay::request_record record;
};
// Before an answer's last bytes are sent, where they wait for its record.
struct write_record {
  relay::request_record record;
};
struct record_written {
  result<void> durable;
};
// Answered with usage_flushed when all that ended before is in the store's sums.
struct flush_usage {};
struct usage_flushed {
  result<void> stored;
};
struct flush_now {};    // to itself, behind flush_usage
struct flush_due {};    // to itself
struct retry_batch {};  // to itself

// --- ledger (takes flush_usage too) ---

struct append_to_ledger {
  std::shared_ptr<const usage_batch> batch;
};
struct ledger_appended {
  result<void> written;  // else nothing of it is, and it may be sent again
  result<void> synced;   // and on the disk, where durability asks for it
};
struct write_ledger {};  // to itself, behind the batches that have come
struct sync_ledger {};   // to itself, every second
struct count_again {};   // to itself, after the store has failed
struct tidy_ledger {};   // to itself: what is older than it is to be kept
struct watch_store {};   // to itself
// Whether the ledger is written and the store answers; never waits for either.
struct check_records {};
struct records_checked {
  result<void> healthy;
};

// --- storage ---

struct append_usage {
  std::shared_ptr<const std::vector<storage::usage_row>> rows;
  std::optional<std::uint64_t> ledger_number;  // see storage::store::add_usage()
};
struct usage_appended {
  result<void> stored;
};
struct query_usage {
  storage::usage_query query;
};
struct usage_found {
  result<std::vector<storage::usage_sum>> sums;
};
struct query_records {
  storage::record_query query;
};
struct records_found {
  result<storage::ledger_page> page;
};
struct tidy_store {};  // to itself
struct check_sums {};  // to itself: whether they agree with the ledger
// From a connection: it has seen the first use of a key that lives from it. Without an answer: who
// sees no effect in the directory says it again.
struct activate_key {
  key_id key;
  wall_time first_use{};
};
struct check_store {};
struct store_checked {
  result<void> healthy;
};
// Tells `receiver` (the directory) what is stored, now and after every change by another process.
struct subscribe_directory {
  caf::actor receiver;
};
struct directory_loaded {
  std::shared_ptr<const storage::directory> content;
};
struct poll_store {};  // to itself

// --- file watch ---

struct look_at_files {};  // to itself, every few seconds
struct reload_files {};   // now, whether or not something has changed

// --- directory ---

struct await_directory {};  // answered with directory_ready once the first content is in force
struct directory_ready {};

// --- listener (one per worker) and connection ---

struct stop_accepting {};     // connections end after their current answer
struct await_connections {};  // answered with connections_ended when none is left
struct connections_ended {};
struct cut_connections {};   // connections break off their answers and record them
struct kill_connections {};  // connections end where they are
struct finish_up {};
struct cut_short {};
struct session_finished {};  // from a session to its own connection

}  // namespace baton::actors

// Messages stay inside the process; none is ever serialised.
#define BATON_LOCAL_MESSAGE(name) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(baton::actors::name)
BATON_LOCAL_MESSAGE(choose_account)
BATON_LOCAL_MESSAGE(account_chosen)
BATON_LOCAL_MESSAGE(accounts_changed)
BATON_LOCAL_MESSAGE(account_status_changed)
BATON_LOCAL_MESSAGE(keys_changed)
BATON_LOCAL_MESSAGE(prices_changed)
BATON_LOCAL_MESSAGE(account_to_blame)
BATON_LOCAL_MESSAGE(account_works)
BATON_LOCAL_MESSAGE(account_used)
BATON_LOCAL_MESSAGE(answer_kept)
BATON_LOCAL_MESSAGE(list_models)
BATON_LOCAL_MESSAGE(models_listed)
BATON_LOCAL_MESSAGE(check_accounts)
BATON_LOCAL_MESSAGE(accounts_checked)
BATON_LOCAL_MESSAGE(session_bound)
BATON_LOCAL_MESSAGE(session_dropped)
BATON_LOCAL_MESSAGE(meet_schedulers)
BATON_LOCAL_MESSAGE(acquire_lease)
BATON_LOCAL_MESSAGE(lease_answered)
BATON_LOCAL_MESSAGE(release_lease)
BATON_LOCAL_MESSAGE(account_failed)
BATON_LOCAL_MESSAGE(account_succeeded)
BATON_LOCAL_MESSAGE(usage_counted)
BATON_LOCAL_MESSAGE(reconfigure_account)
BATON_LOCAL_MESSAGE(check_up)
BATON_LOCAL_MESSAGE(await_slot)
BATON_LOCAL_MESSAGE(slot_answered)
BATON_LOCAL_MESSAGE(leave_queue)
BATON_LOCAL_MESSAGE(slot_offered)
BATON_LOCAL_MESSAGE(offer_answered)
BATON_LOCAL_MESSAGE(queue_due)
BATON_LOCAL_MESSAGE(admit_request)
BATON_LOCAL_MESSAGE(admission_answered)
BATON_LOCAL_MESSAGE(settle_reservation)
BATON_LOCAL_MESSAGE(show_window)
BATON_LOCAL_MESSAGE(window_shown)
BATON_LOCAL_MESSAGE(forget_idle_keys)
BATON_LOCAL_MESSAGE(costs_overdue)
BATON_LOCAL_MESSAGE(request_ended)
BATON_LOCAL_MESSAGE(write_record)
BATON_LOCAL_MESSAGE(record_written)
BATON_LOCAL_MESSAGE(flush_usage)
BATON_LOCAL_MESSAGE(usage_flushed)
BATON_LOCAL_MESSAGE(flush_now)
BATON_LOCAL_MESSAGE(flush_due)
BATON_LOCAL_MESSAGE(retry_batch)
BATON_LOCAL_MESSAGE(append_to_ledger)
BATON_LOCAL_MESSAGE(ledger_appended)
BATON_LOCAL_MESSAGE(write_ledger)
BATON_LOCAL_MESSAGE(sync_ledger)
BATON_LOCAL_MESSAGE(count_again)
BATON_LOCAL_MESSAGE(tidy_ledger)
BATON_LOCAL_MESSAGE(watch_store)
BATON_LOCAL_MESSAGE(check_records)
BATON_LOCAL_MESSAGE(records_checked)
BATON_LOCAL_MESSAGE(append_usage)
BATON_LOCAL_MESSAGE(usage_appended)
BATON_LOCAL_MESSAGE(query_usage)
BATON_LOCAL_MESSAGE(usage_found)
BATON_LOCAL_MESSAGE(query_records)
BATON_LOCAL_MESSAGE(records_found)
BATON_LOCAL_MESSAGE(tidy_store)
BATON_LOCAL_MESSAGE(check_sums)
BATON_LOCAL_MESSAGE(activate_key)
BATON_LOCAL_MESSAGE(check_store)
BATON_LOCAL_MESSAGE(store_checked)
BATON_LOCAL_MESSAGE(subscribe_directory)
BATON_LOCAL_MESSAGE(directory_loaded)
BATON_LOCAL_MESSAGE(poll_store)
BATON_LOCAL_MESSAGE(look_at_files)
BATON_LOCAL_MESSAGE(reload_files)
BATON_LOCAL_MESSAGE(await_directory)
BATON_LOCAL_MESSAGE(directory_ready)
BATON_LOCAL_MESSAGE(stop_accepting)
BATON_LOCAL_MESSAGE(await_connections)
BATON_LOCAL_MESSAGE(connections_ended)
BATON_LOCAL_MESSAGE(cut_connections)
BATON_LOCAL_MESSAGE(kill_connections)
BATON_LOCAL_MESSAGE(finish_up)
BATON_LOCAL_MESSAGE(cut_short)
BATON_LOCAL_MESSAGE(session_finished)
#undef BATON_LOCAL_MESSAGE
