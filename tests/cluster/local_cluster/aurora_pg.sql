-- SPDX-License-Identifier: Apache-2.0
-- What Aurora PostgreSQL adds to pg_catalog and its drivers ask for; see told_pg.sql.
SET allow_system_table_mods = on;

CREATE FUNCTION pg_catalog.aurora_db_instance_identifier() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT pg_catalog.stand_in_facts() ->> 'self' $$;

CREATE FUNCTION pg_catalog.aurora_version() RETURNS text LANGUAGE sql STABLE AS $$ SELECT '15.15.0'::text $$;

-- Since 13.9 last_update_timestamp is NULL in the row of the instance that answers.
CREATE FUNCTION pg_catalog.aurora_replica_status(
  OUT server_id text, OUT session_id text, OUT durable_lsn bigint, OUT highest_lsn_rcvd bigint,
  OUT current_read_lsn bigint, OUT cur_replay_latency_in_usec bigint, OUT active_txns bigint, OUT is_current boolean,
  OUT last_transport_error integer, OUT last_error_timestamp timestamptz, OUT last_update_timestamp timestamptz,
  OUT feedback_xmin bigint, OUT feedback_epoch bigint, OUT replica_lag_in_msec bigint,
  OUT log_stream_speed_in_kib_per_second double precision, OUT log_buffer_sequence_number bigint,
  OUT oldest_read_view_trx_id bigint, OUT oldest_read_view_lsn bigint, OUT pending_read_ios bigint,
  OUT read_ios bigint, OUT iops integer, OUT cpu double precision)
  RETURNS SETOF record LANGUAGE sql VOLATILE ROWS 5 AS $$
  SELECT i ->> 'server_id', i ->> 'session_id', lsn, CASE WHEN NOT writer THEN lsn END,
    CASE WHEN NOT writer THEN lsn END, CASE WHEN NOT writer THEN lag * 1000 END, 0::bigint, true, 0,
    to_timestamp(0),
    CASE
      WHEN i ? 'seen_at' AND i ->> 'seen_at' IS NOT NULL THEN to_timestamp((i ->> 'seen_at')::float8)
      WHEN i ? 'age_s' THEN clock_timestamp() - (i ->> 'age_s')::float8 * interval '1 second'
      WHEN i ->> 'server_id' = facts ->> 'self' THEN NULL
      ELSE date_trunc('second', clock_timestamp()) END,
    CASE WHEN NOT writer THEN 0::bigint END, CASE WHEN NOT writer THEN 0::bigint END,
    CASE WHEN NOT writer THEN lag END, CASE WHEN writer THEN 0 ELSE 14.5 END::float8, 0::bigint, 0::bigint, lsn,
    0::bigint, 0::bigint, 0, (i ->> 'cpu')::float8
  FROM pg_catalog.stand_in_facts() AS facts,
    pg_catalog.jsonb_array_elements(facts -> 'instances') AS i,
    LATERAL (SELECT i ->> 'session_id' = 'MASTER_SESSION_ID' AS writer,
      coalesce((i ->> 'lag_ms')::bigint, 0) AS lag, 412345678::bigint AS lsn) AS derived $$;
