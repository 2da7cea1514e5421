# SPDX-License-Identifier: Apache-2.0
"""A host that runs MariaDB with GTID semi-synchronous replication.

Beside data/: my.cnf, role.cnf (its id and what it is), tmp/, plugins/, and followed.sock, a symbolic link to the socket
of the host it streams from: replication uses Unix sockets (mysql_plugins/plugin.cpp, "cluster_link"). What is said here
of MariaDB was seen on 10.11.19.
"""
import shutil
import subprocess
import time
from pathlib import Path

from local_cluster import processes
from local_cluster.accounts import ADMIN
from local_cluster.errors import ClusterError
from local_cluster.home import give_to_server, write_file
from local_cluster.host import Host
from local_cluster.link import SqlError
from local_cluster.mariadb_link import MariaDbLink

ADMIN_PASSWORD = "admin-secret"
REPLICATION_USER, REPLICATION_PASSWORD = "repl", "repl-secret"
LIBRARY = "cluster_plugins.so"
PLUGINS = {"mysql": ("cluster_link", "clear_password"),
           "aurora-mysql": ("cluster_link", "clear_password", "aurora", "replica_host_status"),
           "multi-az-mysql": ("cluster_link", "clear_password", "multi_az", "stand_in_hosts")}
AGES = 4294967295  # milliseconds: longer than any test
STREAMS = "Waiting for master to send event"
POSITION_UNKNOWN = "1236"  # the writer's answer to a reader that has what it has not

# What the template and every host must agree on, and what keeps a host small.
STORAGE = """
innodb_buffer_pool_size = 16M
innodb_log_file_size = 8M
innodb_data_file_path = ibdata1:4M:autoextend
innodb_temp_data_file_path = ibtmp1:1M:autoextend
innodb_autoextend_increment = 1
innodb_flush_method = fsync
innodb_doublewrite = OFF
innodb_use_native_aio = OFF
innodb_buffer_pool_dump_at_shutdown = OFF
innodb_buffer_pool_load_at_startup = OFF
aria_pagecache_buffer_size = 1M
key_buffer_size = 1M
performance_schema = OFF
character_set_server = utf8mb4
table_open_cache = 400
skip_name_resolve = ON
"""

# A commit survives kill -9 once the kernel has the log; the disk need not have it.
CONFIGURATION = """
[mysqld]
datadir = {directory}/data
tmpdir = {directory}/tmp
socket = {directory}/server.sock
pid_file = {directory}/mariadbd.pid
plugin_dir = {directory}/plugins
bind_address = {address}
port = {port}
max_connections = 400
innodb_flush_log_at_trx_commit = 2
sync_binlog = 0
sync_master_info = 0
sync_relay_log = 0
sync_relay_log_info = 0
log_bin = binlog
relay_log = relay
binlog_format = ROW
log_slave_updates = ON
gtid_strict_mode = ON
skip_slave_start = ON
rpl_semi_sync_master_wait_point = AFTER_SYNC
rpl_semi_sync_slave_kill_conn_timeout = 1
""" + STORAGE

TLS = """
ssl_cert = {directory}/server.crt
ssl_key = {directory}/server.key
"""

# A killed writer that is to be a reader gives up what no reader acknowledged; one that goes on as the writer keeps it.
WRITER = """
read_only = OFF
rpl_semi_sync_slave_enabled = OFF
rpl_semi_sync_master_enabled = ON
rpl_semi_sync_master_wait_no_slave = OFF
rpl_semi_sync_master_timeout = 1
"""
READER = """
read_only = ON
rpl_semi_sync_slave_enabled = ON
"""
# As WRITER, for a server that runs.
BECOME_WRITER = ("SET GLOBAL rpl_semi_sync_slave_enabled = OFF", "SET GLOBAL rpl_semi_sync_master_wait_no_slave = OFF",
                 "SET GLOBAL rpl_semi_sync_master_timeout = 1", "SET GLOBAL rpl_semi_sync_master_enabled = ON",
                 "STOP SLAVE", "RESET SLAVE ALL", "SET GLOBAL read_only = OFF")
FOLLOW = (f"CHANGE MASTER TO master_host = 'localhost', master_user = '{REPLICATION_USER}', master_password = "
          f"'{REPLICATION_PASSWORD}', master_use_gtid = slave_pos, master_connect_retry = 1")


def number_in(gtid: str) -> int:
    """The sequence number of domain 0, which all writers of a cluster go on counting."""
    return max((int(part.split("-")[2]) for part in (gtid or "").split(",") if part.startswith("0-")), default=0)


def followed(state: dict) -> str:
    """The id of the server that a reader streams from; Multi-AZ clusters name the column as MySQL 8 does."""
    return state.get("Source_Server_Id", state.get("Master_Server_Id", ""))


class MariaDbHost(Host):
    configuration_file = "my.cnf"
    fatal_words = ("[ERROR]",)

    # --- making it -------------------------------------------------------------------------------------------------

    def fill(self, template: Path, flavour: str, tls: bool) -> None:
        for part in ("data", "plugins"):
            subprocess.run(["cp", "-a", "--reflink=auto", str(template / part), str(self.directory / part)], check=True)
        (self.directory / "tmp").mkdir()
        give_to_server(self.directory / "tmp")
        text = CONFIGURATION.format(directory=self.directory, address=self.address, port=self.port)
        text += "".join(f"plugin_load_add = {plugin}={LIBRARY}\n" for plugin in PLUGINS[flavour])
        if tls:
            text += TLS.format(directory=self.directory)
        if flavour == "multi-az-mysql":
            text += f"report_host = {self.endpoint}\n"
        write_file(self.directory / self.configuration_file, f"{text}!include {self.directory}/role.cnf\n")
        write_file(self.directory / "flavour", flavour)
        write_file(self.directory / "server_id", str(self.number))

    # --- its process -----------------------------------------------------------------------------------------------

    def launch(self, follow: Host | None) -> None:
        server_id = int((self.directory / "server_id").read_text())
        if follow:
            # A reader skips what it wrote itself under its present id, though it may have lost just that.
            server_id += 16
            write_file(self.directory / "server_id", str(server_id))
        write_file(self.directory / "role.cnf", f"[mysqld]\nserver_id = {server_id}\n{READER if follow else WRITER}")
        self._point_to(follow)
        self.run(["mariadbd", f"--defaults-file={self.directory}/{self.configuration_file}"])

    def wait_ready(self, seconds: float = 15.0) -> None:
        end = time.monotonic() + seconds
        while True:
            try:
                with self.connect() as link:
                    self._take_up_role(link, end)
                return
            except SqlError as error:
                problem = str(error)
            if not self.pid():
                raise ClusterError(f"Host {self.id} ended while starting: {self.last_log_line()}")
            if time.monotonic() > end:
                raise ClusterError(f"Host {self.id} was not ready after {seconds:g} s: {problem}")
            time.sleep(0.003)

    def _take_up_role(self, link: MariaDbLink, end: float) -> None:
        if link.query("SHOW VARIABLES LIKE 'aurora_version'") and not link.wait_for(
                "SELECT @@innodb_read_only = @@read_only", "1", max(0.5, end - time.monotonic())):
            raise SqlError("", self.last_log_line())
        if self._followed().is_symlink():
            link.query("SET GLOBAL gtid_slave_pos = @@gtid_binlog_pos")
            link.query(FOLLOW)
            link.query("START SLAVE")

    def stop(self, seconds: float = 5.0) -> None:
        """Readers that do not take the log in time do without: what was acknowledged one of them has."""
        pid = self.pid()
        if not pid:
            return
        processes.thaw_family(pid)
        try:
            with self.connect() as link:
                link.query("SHUTDOWN WAIT FOR ALL SLAVES")
        except SqlError:
            self.kill()
        if not processes.wait_gone([pid], seconds):
            self.kill()

    def remove_leftovers(self) -> None:
        for leftover in ("server.sock", "mariadbd.pid"):
            (self.directory / leftover).unlink(missing_ok=True)

    # --- asking it -------------------------------------------------------------------------------------------------

    def connect(self, timeout: float = 5.0) -> MariaDbLink:
        return MariaDbLink(f"{self.directory}/server.sock", ADMIN, ADMIN_PASSWORD, timeout)

    def is_reader(self, timeout: float = 5.0) -> bool:
        with self.asked(timeout) as link:
            return link.value("SELECT @@read_only") == "1"

    def stop_receiving(self, link: MariaDbLink) -> None:
        self._point_to(None)
        link.query("STOP SLAVE IO_THREAD")

    def received(self, link: MariaDbLink) -> int:
        # Counts whole transactions only, as the acknowledgement to the writer does.
        return number_in(link.record("SHOW SLAVE STATUS").get("Gtid_IO_Pos", ""))

    def _followed(self) -> Path:
        return self.directory / "followed.sock"

    def _point_to(self, writer: Host | None) -> None:
        """Without a link, stopping replication does not wait for a dead writer: it dials that to end its session."""
        self._followed().unlink(missing_ok=True)
        if writer:
            self._followed().symlink_to(writer.directory / "server.sock")

    # --- its role --------------------------------------------------------------------------------------------------

    def follow(self, writer: Host) -> None:
        with self.asked(20) as link:
            self._point_to(None)
            link.query("STOP SLAVE")
            self._point_to(writer)
            link.query(FOLLOW)
            link.query("START SLAVE")

    def _apply_received(self, link: MariaDbLink) -> str:
        """Returns the position after all that this reader has received, once it is applied."""
        position = link.record("SHOW SLAVE STATUS")["Gtid_IO_Pos"]
        if link.value(f"SELECT MASTER_GTID_WAIT('{position}', 15)") != "0":
            raise ClusterError(f"{self.id} did not apply within 15 s what it had received: {self.last_log_line()}")
        return position

    def fetch_from(self, other: Host, link: MariaDbLink, other_link: MariaDbLink) -> None:
        # Readers hand on what they have applied.
        wanted = other._apply_received(other_link)
        self.follow(other)
        if link.value(f"SELECT MASTER_GTID_WAIT('{wanted}', 15)") != "0":
            raise ClusterError(f"{self.id} could not fetch from {other.id} what it lacks, so it is not promoted.")

    def promote(self, link: MariaDbLink) -> None:
        self.stop_receiving(link)
        self._apply_received(link)
        for statement in BECOME_WRITER:
            link.query(statement)

    def wait_followed_by(self, readers: list[Host], seconds: float) -> bool:
        end = time.monotonic() + seconds
        with self.asked() as link:
            position = number_in(link.value("SELECT @@gtid_binlog_pos"))
            server_id = link.value("SELECT @@server_id")
        return all(reader.streams_from(server_id, position, end) for reader in readers)

    def streams_from(self, server_id: str, position: int, end: float) -> bool:
        """As a reader: has received up to that position from that server and acknowledges what it receives."""
        with self.asked() as link:
            while True:
                state = link.record("SHOW SLAVE STATUS")
                if (state.get("Slave_IO_State") == STREAMS and state["Slave_SQL_Running"] == "Yes"
                        and followed(state) == server_id and number_in(state["Gtid_IO_Pos"]) >= position
                        and self._status(link, "Rpl_semi_sync_slave_status") == "ON"):
                    return True
                hopeless = (state.get("Last_IO_Errno") == POSITION_UNKNOWN
                            or state.get("Last_SQL_Errno") not in (None, "0"))
                if hopeless or time.monotonic() > end:
                    return False
                time.sleep(0.003)

    def set_waiting(self, on: bool) -> None:
        ages, word = (AGES, "ON") if on else (1, "OFF")
        with self.asked() as link:
            link.query(f"SET GLOBAL rpl_semi_sync_master_timeout = {ages}")
            link.query(f"SET GLOBAL rpl_semi_sync_master_wait_no_slave = {word}")
            if on and self._status(link, "Rpl_semi_sync_master_status") == "ON":
                return
            # Else it is in force only with some later commit. And those who wait for a reader that is lost are let go.
            link.query("SET GLOBAL rpl_semi_sync_master_enabled = OFF")
            link.query("SET GLOBAL rpl_semi_sync_master_enabled = ON")
            if on and self._status(link, "Rpl_semi_sync_master_status") != "ON":
                raise ClusterError(f"Commits on host {self.id} do not wait for readers.")

    @staticmethod
    def _status(link: MariaDbLink, name: str) -> str:
        return link.query(f"SHOW STATUS LIKE '{name}'")[0][1]

    def waits_for_reader(self) -> bool:
        with self.asked() as link:
            return (self._status(link, "Rpl_semi_sync_master_status") == "ON"
                    and link.value("SELECT @@GLOBAL.rpl_semi_sync_master_timeout") == str(AGES))

    # --- coming back -----------------------------------------------------------------------------------------------

    def ways_back(self, diverged: bool) -> list[tuple]:
        # A writer refuses a reader that has what it has not, so that to try is safe.
        return [("restart", None, 5), ("replay", self.begin_anew, 60)]

    def start_as_reader(self, writer: Host, seconds: float) -> bool:
        """Not before it has applied what was written meanwhile: after a fresh start that is everything."""
        if not super().start_as_reader(writer, seconds):
            return False
        with writer.asked() as link:
            position = link.value("SELECT @@gtid_binlog_pos")
        with self.asked(seconds + 5) as link:
            return link.value(f"SELECT MASTER_GTID_WAIT('{position}', {seconds})") == "0"

    def begin_anew(self, _writer: Host) -> None:
        """Back to the template; then all that the cluster ever wrote is applied once more."""
        from local_cluster.mariadb_template import template_for
        template = template_for((self.directory / "flavour").read_text())
        shutil.rmtree(self.data)
        subprocess.run(["cp", "-a", "--reflink=auto", str(template / "data"), str(self.data)], check=True)
