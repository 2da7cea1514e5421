-- SPDX-License-Identifier: Apache-2.0
-- What an RDS Multi-AZ DB cluster with PostgreSQL has after CREATE EXTENSION rds_tools; see told_pg.sql. Every function is
-- there once only: drivers look them up by name without arguments.
CREATE SCHEMA rds_tools;

CREATE FUNCTION rds_tools.stand_in_hosts(OUT name text, OUT id text, OUT endpoint text, OUT port integer,
  OUT is_writer boolean) RETURNS SETOF record LANGUAGE sql STABLE AS $$
  SELECT i ->> 'server_id', i ->> 'resource_id', i ->> 'endpoint', (i ->> 'port')::integer,
    i ->> 'session_id' = 'MASTER_SESSION_ID'
  FROM pg_catalog.jsonb_array_elements(pg_catalog.stand_in_facts() -> 'instances') AS i $$;

CREATE FUNCTION rds_tools.dbi_resource_id() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT pg_catalog.stand_in_facts() ->> 'resource_id' $$;

CREATE FUNCTION rds_tools.show_topology(caller text DEFAULT NULL, OUT id text, OUT endpoint text, OUT port integer)
  RETURNS SETOF record LANGUAGE sql STABLE AS $$
  SELECT h.id, h.endpoint, h.port FROM rds_tools.stand_in_hosts() AS h $$;

-- The writer's id, on the writer too; of several told writers the last one.
CREATE FUNCTION rds_tools.multi_az_db_cluster_source_dbi_resource_id() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT (pg_catalog.array_agg(h.id))[pg_catalog.count(*)] FROM rds_tools.stand_in_hosts() AS h WHERE h.is_writer $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA rds_tools FROM PUBLIC;
GRANT USAGE ON SCHEMA rds_tools TO app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA rds_tools TO app;
