// SPDX-License-Identifier: Apache-2.0
// The table of dialects and what must hold for it.
#include "dialects/registry.h"

#include "dialects/aurora_mysql.h"
#include "dialects/aurora_postgres.h"
#include "dialects/mariadb.h"
#include "dialects/multi_az_mysql.h"
#include "dialects/multi_az_postgres.h"
#include "dialects/mysql.h"
#include "dialects/postgres.h"
#include "dialects/rds_mysql.h"
#include "dialects/rds_postgres.h"

namespace dialects {
namespace {

constexpr const core::Dialect* table[] = {&aurora_postgres, &multi_az_postgres, &rds_postgres,
                                          &postgres,        &aurora_mysql,      &multi_az_mysql,
                                          &rds_mysql,       &mariadb,           &mysql};

consteval bool is_listed(std::string_view name, core::Engine engine) {
  for (const core::Dialect* dialect : table)
    if (dialect->name == name && dialect->engine == engine) return true;
  return false;
}

// By index: with sanitizers on, gcc 12 does not compare addresses of objects in constant
// expressions.
consteval bool names_are_unique() {
  for (std::size_t one = 0; one < std::size(table); ++one)
    for (std::size_t other = 0; other < std::size(table); ++other) {
      if (one != other && table[one]->name == table[other]->name) return false;
      for (const std::string_view alias : table[one]->aliases)
        if (alias == table[other]->name) return false;
    }
  return true;
}

consteval bool ports_are_legal() {
  for (const core::Dialect* dialect : table)
    if (dialect->default_port == 0) return false;
  return true;
}

/// An upgrade is a dialect of the table and the engine, and has something by which it is found.
consteval bool upgrades_exist() {
  for (const core::Dialect* dialect : table)
    for (const std::string_view name : dialect->upgrades) {
      if (!is_listed(name, dialect->engine)) return false;
      for (const core::Dialect* other : table)
        if (other->name == name && !other->is_recognisable()) return false;
    }
  return true;
}

/// A dialect that an endpoint's name suggests may turn out wrong: it is among its own candidates.
consteval bool guesses_are_checked() {
  for (const core::Dialect* dialect : table) {
    if (dialect->suggested_by == core::SuggestedBy::nothing || !dialect->is_recognisable())
      continue;
    bool lists_itself = false;
    for (const std::string_view name : dialect->upgrades) lists_itself |= name == dialect->name;
    if (!lists_itself) return false;
  }
  return true;
}

/// Who may not ask is told what to grant.
consteval bool grants_are_told() {
  for (const core::Dialect* dialect : table)
    if (dialect->lacks_grants.empty() != dialect->grants.empty()) return false;
  return true;
}

/// Every engine has one dialect for names that say nothing.
consteval bool engines_have_a_fallback() {
  for (const core::Engine engine : {core::Engine::postgres, core::Engine::mysql}) {
    int count = 0;
    for (const core::Dialect* dialect : table)
      if (dialect->engine == engine && dialect->suggested_by == core::SuggestedBy::any_name)
        ++count;
    if (count != 1) return false;
  }
  return true;
}

consteval bool texts_are_complete() {
  for (const core::Dialect* dialect : table) {
    if (dialect->name.empty() || dialect->display_name.empty()) return false;
    if (dialect->session.read_only.empty() || dialect->session.read_write.empty()) return false;
    for (const std::string_view level : dialect->session.isolation)
      if (level.empty()) return false;
  }
  return true;
}

static_assert(names_are_unique(), "two dialects share a name or an alias");
static_assert(ports_are_legal(), "a dialect has no default port");
static_assert(upgrades_exist(), "an upgrade names no dialect of its engine that can be recognised");
static_assert(guesses_are_checked(), "a dialect that is guessed by a name does not list itself");
static_assert(grants_are_told(), "lacks_grants and grants belong together");
static_assert(engines_have_a_fallback(), "an engine needs exactly one dialect for any name");
static_assert(texts_are_complete(), "a dialect lacks a text");

}  // namespace

std::span<const core::Dialect* const> all() { return table; }

}  // namespace dialects
