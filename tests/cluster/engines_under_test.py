# SPDX-License-Identifier: Apache-2.0
"""The engines as cluster_test.py needs them: a client program, what drivers ask, and what must be answered."""
import subprocess

from cluster import Cluster


class Client:
    """A client program on one cluster, through its own DNS."""

    def __init__(self, cluster: Cluster):
        self.facts = cluster.describe()
        self.prefix = cluster.exec_prefix()

    def program(self, host: str, words: dict, tls: bool) -> list[str]:
        """The command without statements; `words` are port, user, password, timeout."""
        raise NotImplementedError

    def statements(self, sql: tuple) -> list[str]:
        raise NotImplementedError

    def start(self, host: str, *sql: str, tls: bool = False, **given) -> subprocess.CompletedProcess:
        words = {"port": self.facts["port"], "user": self.facts["user"], "password": self.facts["password"],
                 "timeout": 3, **given}
        return subprocess.run([*self.prefix, *self.program(host, words, tls), *self.statements(sql)],
                              capture_output=True, text=True, timeout=30)

    def ask(self, host: str, *sql: str, **options) -> list[list[str]]:
        done = self.start(host, *sql, **options)
        if done.returncode:
            raise AssertionError(done.stderr)
        return [line.split(self.separator) for line in done.stdout.splitlines()]

    def address(self, host: str) -> str:
        done = subprocess.run([*self.prefix, "getent", "ahostsv4", host], capture_output=True, text=True)
        return done.stdout.split()[0] if done.stdout else ""

    def feeder(self, address: str) -> list[str]:
        """A command that runs the statements it reads and prints their rows, without the cluster's names."""
        words = {"port": self.facts["port"], "user": self.facts["user"], "password": self.facts["password"],
                 "timeout": 3}
        return self.program(address, words, False)


class PostgresClient(Client):
    separator = "|"

    def program(self, host: str, words: dict, tls: bool) -> list[str]:
        target = {"host": host, "port": words["port"], "user": words["user"], "password": words["password"],
                  "dbname": self.facts["database"], "connect_timeout": words["timeout"]}
        if tls:
            target |= {"sslmode": "verify-full", "sslrootcert": self.facts["tls"]["ca"]}
        return ["psql", "-XAtq", "-v", "VERBOSITY=verbose", " ".join(f"{k}='{v}'" for k, v in target.items())]

    def statements(self, sql: tuple) -> list[str]:
        return [part for text in sql for part in ("-c", text)]


class MariaDbClient(Client):
    separator = "\t"

    def program(self, host: str, words: dict, tls: bool) -> list[str]:
        secure = ["--ssl-verify-server-cert", f"--ssl-ca={self.facts['tls']['ca']}"] if tls else []
        return ["mariadb", "--no-defaults", "--batch", "--skip-column-names", "--unbuffered", "--skip-reconnect",
                f"--host={host}", f"--port={words['port']}", f"--user={words['user']}",
                f"--password={words['password']}", f"--connect-timeout={words['timeout']}", *secure,
                self.facts["database"]]

    def statements(self, sql: tuple) -> list[str]:
        return ["--execute", "; ".join(sql)]


class PostgreSql:
    flavour, plain, client = "aurora-pg", "pg", PostgresClient
    yes, no = "t", "f"
    who = "SELECT pg_catalog.aurora_db_instance_identifier(), pg_catalog.pg_is_in_recovery()"
    plain_role = "SELECT pg_catalog.pg_is_in_recovery()"
    writer_id = ("SELECT SERVER_ID FROM pg_catalog.aurora_replica_status() WHERE SESSION_ID OPERATOR(pg_catalog.=) "
                 "'MASTER_SESSION_ID' AND SERVER_ID OPERATOR(pg_catalog.=) "
                 "pg_catalog.aurora_db_instance_identifier()")
    topology = ("SELECT SERVER_ID, CASE WHEN SESSION_ID OPERATOR(pg_catalog.=) 'MASTER_SESSION_ID' THEN TRUE ELSE "
                "FALSE END, CPU, COALESCE(REPLICA_LAG_IN_MSEC, 0), LAST_UPDATE_TIMESTAMP FROM "
                "pg_catalog.aurora_replica_status() WHERE EXTRACT(EPOCH FROM(pg_catalog.NOW() OPERATOR(pg_catalog.-) "
                "LAST_UPDATE_TIMESTAMP)) OPERATOR(pg_catalog.<=) 300 OR SESSION_ID OPERATOR(pg_catalog.=) "
                "'MASTER_SESSION_ID' OR LAST_UPDATE_TIMESTAMP IS NULL")
    own_row_has_time = False
    answers = {
        "SELECT (setting LIKE '%rds_tools%') AS rds_tools, (setting LIKE '%aurora_stat_utils%') AS aurora_stat_utils "
        "FROM pg_catalog.pg_settings WHERE name OPERATOR(pg_catalog.=) 'rds.extensions'": [["f", "t"]],
        **{f"SELECT pg_catalog.to_regproc('{name}') IS NULL": [["t"]] for name in (
            "rds_tools.show_topology", "rds_tools.multi_az_db_cluster_source_dbi_resource_id",
            "pg_catalog.aurora_global_db_status", "pg_catalog.aurora_global_db_instance_status",
            "pg_catalog.aurora_limitless_router_endpoints", "pg_catalog.get_blue_green_fast_switchover_metadata")},
    }
    plain_answers = {"SELECT to_regproc('aurora_replica_status') IS NULL": [["t"]],
                     "SELECT count(*) FROM pg_settings WHERE name = 'rds.extensions'": [["0"]]}
    multi_az = "multi-az-pg"
    az_hosts = "SELECT id, endpoint, port FROM rds_tools.show_topology('aurodbc-0')"
    az_self = ("SELECT id, SUBSTRING(endpoint FROM 0 FOR POSITION('.' IN endpoint)) FROM rds_tools.show_topology() "
               "WHERE id OPERATOR(pg_catalog.=) rds_tools.dbi_resource_id()")
    az_followed = (
        "SELECT multi_az_db_cluster_source_dbi_resource_id FROM "
        "rds_tools.multi_az_db_cluster_source_dbi_resource_id() WHERE multi_az_db_cluster_source_dbi_resource_id "
        "OPERATOR(pg_catalog.!=) (SELECT dbi_resource_id FROM rds_tools.dbi_resource_id())")
    az_reads_only = "SELECT pg_catalog.pg_is_in_recovery()"
    az_answers = {
        "SELECT (setting LIKE '%rds_tools%') AS rds_tools, (setting LIKE '%aurora_stat_utils%') AS aurora_stat_utils "
        "FROM pg_catalog.pg_settings WHERE name OPERATOR(pg_catalog.=) 'rds.extensions'": [["t", "f"]],
        "SELECT to_regproc('aurora_replica_status') IS NULL, 'rds_tools.show_topology'::regproc::text":
            [["t", "rds_tools.show_topology"]]}
    waiting_commits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    encrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    read_only_error = "ERROR:  25006:"
    wrong_password = "password authentication failed"
    no_answer = "timeout expired"
    refused = "refused"
    big_table = "CREATE TABLE bulk AS SELECT repeat('x', 1000) AS t, n FROM generate_series(1, 20000) n"

    @staticmethod
    def followed(answer: str) -> str:
        """The id in an answer to `az_followed`; "" where nobody is followed."""
        return answer.strip()


class MySql:
    flavour, plain, client = "aurora-mysql", "mysql", MariaDbClient
    yes, no = "1", "0"
    who = "SELECT @@aurora_server_id, @@innodb_read_only"
    plain_role = "SELECT @@read_only"
    writer_id = ("SELECT SERVER_ID FROM information_schema.replica_host_status WHERE SESSION_ID = 'MASTER_SESSION_ID' "
                 "AND SERVER_ID = @@aurora_server_id")
    topology = ("SELECT SERVER_ID, CASE WHEN SESSION_ID = 'MASTER_SESSION_ID' THEN TRUE ELSE FALSE END, CPU, "
                "REPLICA_LAG_IN_MILLISECONDS, LAST_UPDATE_TIMESTAMP FROM information_schema.replica_host_status WHERE "
                "time_to_sec(timediff(now(), LAST_UPDATE_TIMESTAMP)) <= 300 OR SESSION_ID = 'MASTER_SESSION_ID'")
    own_row_has_time = True
    answers = {
        "SHOW VARIABLES LIKE 'aurora_version'": [["aurora_version", "3.08.2"]],
        "SELECT COUNT(DISTINCT id) FROM (SELECT @@aurora_server_id AS id UNION SELECT @@aurora_server_id) AS ids":
            [["1"]],
        "SELECT @@innodb_read_only = @@read_only": [["1"]],
        "SELECT column_name, column_type FROM information_schema.columns WHERE table_schema = 'information_schema' AND "
        "table_name = 'REPLICA_HOST_STATUS' ORDER BY column_name": [
            ["CPU", "double"], ["IS_CURRENT", "tinyint(1)"], ["LAST_UPDATE_TIMESTAMP", "datetime(6)"],
            ["REPLICA_LAG_IN_MILLISECONDS", "double"], ["SERVER_ID", "varchar(100)"], ["SESSION_ID", "varchar(100)"]],
        # Older drivers of Amazon.
        "SELECT COUNT(*) FROM (SELECT SERVER_ID, SESSION_ID, LAST_UPDATE_TIMESTAMP, REPLICA_LAG_IN_MILLISECONDS FROM "
        "information_schema.replica_host_status WHERE time_to_sec(timediff(now(), LAST_UPDATE_TIMESTAMP)) <= 300 "
        "ORDER BY LAST_UPDATE_TIMESTAMP DESC) AS told": [["3"]],
        # Times are in the session's time zone, as now() is.
        "SET time_zone = '+05:00'; SELECT COUNT(*) FROM information_schema.replica_host_status WHERE "
        "ABS(time_to_sec(timediff(now(), LAST_UPDATE_TIMESTAMP))) < 60": [["3"]],
        **{f"SELECT 1 AS tmp FROM information_schema.tables WHERE upper(table_schema) = '{schema}' AND "
           f"upper(table_name) = '{table}'": [] for schema, table in (
               ("INFORMATION_SCHEMA", "AURORA_GLOBAL_DB_STATUS"),
               ("INFORMATION_SCHEMA", "AURORA_GLOBAL_DB_INSTANCE_STATUS"), ("MYSQL", "RDS_TOPOLOGY"))},
    }
    plain_answers = {"SHOW VARIABLES LIKE 'aurora%'": [],
                     "SELECT 1 FROM information_schema.tables WHERE table_name = 'REPLICA_HOST_STATUS'": [],
                     "SELECT @@innodb_read_only": [["0"]]}
    multi_az = "multi-az-mysql"
    az_hosts = "SELECT id, endpoint, port FROM mysql.rds_topology"
    az_self = "SELECT id, SUBSTRING_INDEX(endpoint, '.', 1) FROM mysql.rds_topology WHERE id = @@server_id"
    az_followed = "SHOW REPLICA STATUS"
    az_reads_only = "SELECT @@read_only"
    az_answers = {
        "SHOW VARIABLES LIKE 'aurora_version'": [],
        "SELECT @@report_host <> ''": [["1"]],
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'mysql' AND table_name = 'rds_topology'":
            [["rds_topology"]]}
    waiting_commits = ("SELECT count(*) FROM information_schema.processlist WHERE state LIKE "
                       "'Waiting for semi-sync ACK%'")
    encrypted = "SELECT variable_value <> '' FROM information_schema.session_status WHERE variable_name = 'SSL_CIPHER'"
    read_only_error = "ERROR 1290 (HY000)"
    wrong_password = "Access denied"
    no_answer = "110"  # ETIMEDOUT, in error 2002 without a connection, in 2013 without a greeting
    refused = "(115)"  # so the program mariadb says of a connection that was refused
    big_table = "CREATE TABLE bulk AS SELECT repeat('x', 1000) AS t, seq AS n FROM seq_1_to_20000"

    @staticmethod
    def followed(answer: str) -> str:
        return answer.split("\t")[39] if answer else ""  # the column's place in MySQL 8 too


ENGINES = {"postgresql": PostgreSql, "mysql": MySql}
