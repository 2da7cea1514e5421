# SPDX-License-Identifier: Apache-2.0
"""A host that runs PostgreSQL.

Beside data/: postgresql.conf, role.conf (who to follow, whom to wait for) and pg_hba.conf. Configuration lives outside
data/, because pg_rewind copies data/ of another host.
"""
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from local_cluster import processes
from local_cluster.accounts import ADMIN, CLEARTEXT_USER
from local_cluster.errors import ClusterError
from local_cluster.home import give_to_server, write_file
from local_cluster.host import Host, run_program
from local_cluster.postgres_link import PostgresLink

BINARIES = Path(os.environ.get("PG_BINDIR", "/usr/lib/postgresql/15/bin"))
RECEIVED = "SELECT greatest(coalesce(pg_last_wal_receive_lsn(), '0/0'), pg_last_wal_replay_lsn())"

CONFIGURATION = """
listen_addresses = '{address}'
port = {port}
unix_socket_directories = '{directory}'
hba_file = '{directory}/pg_hba.conf'
ident_file = '{directory}/pg_ident.conf'
include = '{directory}/role.conf'
fsync = off
synchronous_commit = on
wal_log_hints = on
wal_keep_size = 128MB
min_wal_size = 2MB
wal_retrieve_retry_interval = 25ms
hot_standby = on
max_connections = 400
max_wal_senders = 20
shared_buffers = 16MB
dynamic_shared_memory_type = mmap
autovacuum_naptime = 5min
log_line_prefix = '%m [%p] '
password_encryption = 'scram-sha-256'
"""

TLS = """
ssl = on
ssl_cert_file = '{directory}/server.crt'
ssl_key_file = '{directory}/server.key'
"""

# rds.extensions of the flavours that have it: what rds_superuser may create, and by which drivers know the service.
EXTENSIONS = {flavour: f"address_standardizer, amcheck, {own}, aws_commons, aws_s3, btree_gin, citext, hstore, "
                       f"pg_stat_statements, pgcrypto, postgis, uuid-ossp"
              for flavour, own in (("aurora-pg", "aurora_stat_utils"), ("multi-az-pg", "rds_tools"),
                                   ("rds-pg", "rds_tools"))}

ACCESS = """
local all         {admin}         peer map=admin
local replication {admin}         peer map=admin
local all         all             scram-sha-256
host  all         {admin}         127.0.0.0/8 reject
host  all         {cleartext}     127.0.0.0/8 password
host  all         all             127.0.0.0/8 scram-sha-256
"""


class PostgresHost(Host):
    configuration_file = "postgresql.conf"
    fatal_words = ("FATAL", "PANIC")

    # --- making it -------------------------------------------------------------------------------------------------

    def fill(self, template: Path, flavour: str, tls: bool) -> None:
        subprocess.run(["cp", "-a", "--reflink=auto", str(template), str(self.data)], check=True)
        text = CONFIGURATION.format(address=self.address, port=self.port, directory=self.directory)
        if tls:
            text += TLS.format(directory=self.directory)
        if flavour in EXTENSIONS:
            text += f"rds.extensions = '{EXTENSIONS[flavour]}'\n"
        write_file(self.directory / "postgresql.conf", text)
        write_file(self.directory / "pg_hba.conf", ACCESS.format(admin=ADMIN, cleartext=CLEARTEXT_USER))
        who = {"root", "postgres", subprocess.run(["id", "-un"], capture_output=True, text=True).stdout.strip()}
        write_file(self.directory / "pg_ident.conf", "".join(f"admin {name} {ADMIN}\n" for name in sorted(who) if name))

    def write_role(self, follow: Host | None = None, wait_for_reader: bool = False) -> None:
        """`follow` names the host to stream from; readers keep the empty list, so promotion never hangs on it."""
        text = f"synchronous_standby_names = '{'ANY 1 (*)' if wait_for_reader else ''}'\n"
        if follow:
            text += (f"primary_conninfo = 'host={follow.directory} port={follow.port} user={ADMIN} "
                     f"application_name={self.id}'\n")
        write_file(self.directory / "role.conf", text)

    def mark_as_reader(self, on: bool) -> None:
        signal_file = self.data / "standby.signal"
        if on:
            signal_file.touch()
            give_to_server(signal_file)
        else:
            signal_file.unlink(missing_ok=True)

    # --- its process -----------------------------------------------------------------------------------------------

    def launch(self, follow: Host | None) -> None:
        self.mark_as_reader(follow is not None)
        self.write_role(follow)
        self.run([str(BINARIES / "postgres"), "-D", str(self.data), "-c",
                  f"config_file={self.directory}/{self.configuration_file}"])

    def wait_ready(self, seconds: float = 15.0) -> None:
        """Until it accepts connections (line 8 of postmaster.pid)."""
        end = time.monotonic() + seconds
        while True:
            try:
                lines = (self.data / "postmaster.pid").read_text().splitlines()
            except OSError:
                lines = []
            if len(lines) >= 8 and lines[7].strip() == "ready":
                return
            if not self.pid():
                raise ClusterError(f"Host {self.id} ended while starting: {self.last_log_line()}")
            if time.monotonic() > end:
                raise ClusterError(f"Host {self.id} was not ready after {seconds:g} s: {self.last_log_line()}")
            time.sleep(0.002)

    def reload(self) -> None:
        pid = self.pid()
        if pid:
            processes.signal_one(pid, signal.SIGHUP)

    def stop(self, seconds: float = 20.0) -> None:
        """Fast shutdown: clients get 57P01, readers get all of the log."""
        pid = self.pid()
        if not pid:
            return
        processes.thaw_family(pid)
        processes.signal_one(pid, signal.SIGINT)
        if not processes.wait_gone([pid], seconds):
            self.kill()

    def remove_leftovers(self) -> None:
        # A killed postmaster may stay as a zombie; its files would make the next start refuse.
        lock = self.data / "postmaster.pid"
        try:
            fields = lock.read_text().splitlines()[6].split()
            processes.remove_shared_memory(int(fields[1]))
        except (OSError, IndexError, ValueError):
            pass
        for leftover in (lock, self.directory / f".s.PGSQL.{self.port}.lock", self.directory / f".s.PGSQL.{self.port}"):
            leftover.unlink(missing_ok=True)

    # --- asking it -------------------------------------------------------------------------------------------------

    def connect(self, timeout: float = 5.0) -> PostgresLink:
        return PostgresLink(f"{self.directory}/.s.PGSQL.{self.port}", ADMIN, "postgres", timeout)

    def is_reader(self, timeout: float = 5.0) -> bool:
        with self.asked(timeout) as link:
            return link.value("SELECT pg_is_in_recovery()") == "t"

    def stop_receiving(self, link: PostgresLink) -> None:
        self.write_role(None)
        self.reload()
        if not link.wait_for("SELECT count(*) FROM pg_stat_wal_receiver", "0", 10):
            raise ClusterError(f"{self.id} went on receiving for 10 s.")

    def received(self, link: PostgresLink) -> int:
        high, low = link.value(RECEIVED).split("/")
        return int(high, 16) << 32 | int(low, 16)

    # --- its role --------------------------------------------------------------------------------------------------

    def fetch_from(self, other: Host, link: PostgresLink, other_link: PostgresLink) -> None:
        wanted = other_link.value(RECEIVED)
        self.follow(other)
        if not link.wait_for(f"SELECT ({RECEIVED}) >= '{wanted}'::pg_lsn", "t", 10):
            raise ClusterError(f"{self.id} could not fetch from {other.id} what it lacks, so it is not promoted.")

    def promote(self, link: PostgresLink) -> None:
        self.write_role(None)
        link.query("SELECT pg_promote(false)")
        if not link.wait_for("SELECT pg_is_in_recovery()", "f", 15, 0.0005):
            raise ClusterError(f"{self.id} was not promoted within 15 s.")
        self.mark_as_reader(False)

    def follow(self, writer: Host) -> None:
        self.write_role(writer)
        self.reload()

    def wait_followed_by(self, readers: list[Host], seconds: float) -> bool:
        sql = "SELECT application_name FROM pg_stat_replication WHERE state = 'streaming'"
        wanted = {reader.id for reader in readers}
        end = time.monotonic() + seconds
        with self.asked() as link:
            while not wanted <= {row[0] for row in link.query(sql)}:
                if time.monotonic() > end:
                    return False
                time.sleep(0.003)
        return True

    def set_waiting(self, on: bool) -> None:
        self.write_role(None, on)
        self.reload()
        with self.asked() as link:
            wanted = "ANY 1 (*)" if on else ""
            if not link.wait_for("SELECT current_setting('synchronous_standby_names')", wanted, 5):
                raise ClusterError(f"Host {self.id} did not take up synchronous_standby_names = '{wanted}'.")

    def waits_for_reader(self) -> bool:
        with self.asked() as link:
            return link.value("SELECT current_setting('synchronous_standby_names')") != ""

    # --- coming back -----------------------------------------------------------------------------------------------

    def ways_back(self, diverged: bool) -> list[tuple]:
        as_it_is = [] if diverged else [("restart", None, 1.5)]
        return [*as_it_is, ("pg_rewind", self.rewind, 5), ("copy", self.copy_from, 10)]

    def rewind(self, writer: Host) -> None:
        """Make a stopped or killed ex-writer a copy of `writer` again, keeping what they share."""
        with writer.asked(timeout=20) as link:
            link.query("CHECKPOINT")
        self.mark_as_reader(False)
        self.write_role(writer)
        run_program([BINARIES / "pg_rewind", "-D", self.data, f"--config-file={self.directory}/postgresql.conf",
                     "--no-sync",
                     f"--source-server=host={writer.directory} port={writer.port} user={ADMIN} dbname=postgres"],
                    f"pg_rewind of {self.id}")

    def copy_from(self, writer: Host) -> None:
        """Replace the data directory by a fresh copy of `writer`'s."""
        shutil.rmtree(self.data)
        run_program([BINARIES / "pg_basebackup", "-D", self.data, "-h", writer.directory, "-p", writer.port,
                     "-U", ADMIN, "-X", "stream", "-c", "fast", "--no-sync"], f"pg_basebackup of {self.id}")
