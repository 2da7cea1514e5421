-- SPDX-License-Identifier: Apache-2.0
-- What every flavour but the plain one is built on; run once per database of the template, before the flavour's own file.
-- The facts come from ../facts.json beside the data directory, so a standby answers too and one host can be told wrong.
SET allow_system_table_mods = on;

CREATE FUNCTION pg_catalog.stand_in_facts() RETURNS jsonb LANGUAGE sql VOLATILE SECURITY DEFINER
  SET search_path = pg_catalog AS $$
  SELECT jsonb_build_object('self', f -> 'self', 'resource_id', f -> 'resource_id', 'instances', coalesce(f -> 'override', (
    SELECT t -> 'instances' FROM jsonb_array_elements(f -> 'told') t
    WHERE (t ->> 'from')::float8 <= extract(epoch FROM clock_timestamp())
    ORDER BY (t ->> 'from')::float8 DESC LIMIT 1)))
  FROM (SELECT pg_read_file('../facts.json')::jsonb AS f) file $$;

-- A custom setting of postgresql.conf answers SHOW but is hidden from pg_settings, which is what drivers read.
CREATE OR REPLACE VIEW pg_catalog.pg_settings AS
  SELECT * FROM pg_catalog.pg_show_all_settings()
  UNION ALL
  SELECT 'rds.extensions', s, NULL, 'Customized Options', 'List of extensions that rds_superuser may create', NULL,
    'postmaster', 'string', 'configuration file', NULL, NULL, NULL, s, s, NULL::text, NULL::integer, false
  FROM pg_catalog.current_setting('rds.extensions', true) AS s WHERE s IS NOT NULL;
