// SPDX-License-Identifier: Apache-2.0
// Internal queries (role, topology, probes) as an exchange: small results, whole, as text. Runs on
// application threads and in the background alike.
#include "core/client/pg_errors.h"
#include "core/client/pg_wire.h"

namespace core {

namespace {

class PgTextQuery final : public TextExchange {
 public:
  PgTextQuery(std::shared_ptr<PgClient> client, std::string sql)
      : client_(std::move(client)), sql_(std::move(sql)) {}
  ~PgTextQuery() override {
    // Half an answer on the wire would be taken for the next statement's.
    if (started_ && !finished_) client_->abort();
  }

  Want step() override;
  int descriptor() const override { return client_->descriptor(); }
  TextRows take_rows() override { return std::move(rows_); }
  std::vector<std::string> column_names() const override { return names_; }

 private:
  Want take_answers();
  void keep(const PGresult& answer);

  std::shared_ptr<PgClient> client_;
  std::string sql_;
  bool started_ = false;
  bool finished_ = false;
  TextRows rows_;
  std::vector<std::string> names_;
  std::optional<Error> failure_;
};

Want PgTextQuery::step() {
  if (finished_) return Want::done;
  if (!started_) {
    client_->make_ready(Limits{});
    client_->send_simple(sql_.c_str(), false);
    started_ = true;
  } else if (!client_->consume_input()) {
    finished_ = true;
    throw client_->lost(Reached::sent);
  }
  if (client_->wants_to_send()) return Want::write;
  return take_answers();
}

Want PgTextQuery::take_answers() {
  for (;;) {
    PgMessage message;
    switch (client_->take(message)) {
      case PgClient::Taken::busy:
        if (!client_->has_buffered_input()) return Want::read;
        if (!client_->consume_input()) return Want::read;
        continue;
      case PgClient::Taken::finished:
        finished_ = true;
        if (failure_) throw *failure_;
        return Want::done;
      case PgClient::Taken::message: keep(*message);
    }
  }
}

void PgTextQuery::keep(const PGresult& answer) {
  const ExecStatusType status = PQresultStatus(&answer);
  if (status == PGRES_FATAL_ERROR) {
    if (!failure_) failure_ = client_->failure_of(answer, StopCause::none);
    if (failure_->link_lost()) {
      finished_ = true;
      throw *failure_;
    }
  }
  if (status != PGRES_TUPLES_OK) return;
  rows_.clear();
  const int width = PQnfields(&answer);
  names_.clear();
  for (int column = 0; column < width; ++column) names_.emplace_back(PQfname(&answer, column));
  for (int row = 0; row < PQntuples(&answer); ++row) {
    auto& cells = rows_.emplace_back();
    for (int column = 0; column < width; ++column) {
      const bool null = PQgetisnull(&answer, row, column) != 0;
      const char* text = PQgetvalue(&answer, row, column);
      cells.push_back(null ? std::nullopt : std::optional<std::string>(text));
    }
  }
}

}  // namespace

std::unique_ptr<TextExchange> PgClient::start_text_query(std::string sql) {
  auto self = std::static_pointer_cast<PgClient>(shared_from_this());
  return std::make_unique<PgTextQuery>(std::move(self), std::move(sql));
}

}  // namespace core
