// SPDX-License-Identifier: Apache-2.0
// The floor on bare libpq.
#include <libpq-fe.h>

#include "failover_floor/link.h"

namespace bench {
namespace {

class PostgresLink final : public FloorLink {
 public:
  explicit PostgresLink(const std::string& conninfo) : link_(PQconnectdb(conninfo.c_str())) {}
  ~PostgresLink() override { PQfinish(link_); }
  PostgresLink(const PostgresLink&) = delete;
  PostgresLink& operator=(const PostgresLink&) = delete;

  bool is_open() const override { return PQstatus(link_) == CONNECTION_OK; }
  bool accepts(const char* statement) override {
    if (!is_open()) return false;
    PGresult* result = PQexec(link_, statement);
    const bool accepted = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    return accepted;
  }
  std::string error() const override { return PQerrorMessage(link_); }

 private:
  PGconn* link_;
};

}  // namespace

std::unique_ptr<FloorLink> connect_postgres(const std::string& conninfo) {
  return std::make_unique<PostgresLink>(conninfo);
}

}  // namespace bench
