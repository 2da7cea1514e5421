#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of the cluster itself: `cluster_test.py postgresql|mysql [tests]`, the same tests for each engine. Run it as
root, or all of it inside `unshare -n -m` (then packet faults are tested too), or without root inside
`unshare --user --map-current-user --keep-caps -n -m`.
"""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from cluster import Cluster, ClusterError  # noqa: E402
from engines_under_test import ENGINES, MySql  # noqa: E402
from local_cluster import mariadb_template, namespaces, processes  # noqa: E402
from local_cluster.home import base_directory  # noqa: E402
from local_cluster.packets import TABLE  # noqa: E402

ENTRY = Path(__file__).resolve().parent / "cluster"
OWN_NETWORK = namespaces.in_own_network()
engine = ENGINES.get(sys.argv[1] if len(sys.argv) > 1 else "")
times: dict[str, float] = {}


def command(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, str(ENTRY), *words], capture_output=True, text=True, timeout=60)


def step(result: dict, name: str) -> dict:
    return next(s for s in result["steps"] if s["step"] == name)


class SharedCluster(unittest.TestCase):
    """One cluster for a class; each test leaves it with three running hosts."""

    options: dict = {}

    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster.up(flavour=engine.flavour, **cls.options)
        cls.addClassCleanup(cls.cluster.down)
        cls.client = engine.client(cls.cluster)
        cls.facts = cls.cluster.describe()

    def endpoint(self, instance: str) -> str:
        return self.cluster.host(instance).endpoint


class Answers(SharedCluster):
    options = {"tls": True}

    def test_every_host_answers_as_aurora(self):
        for instance in self.facts["instances"]:
            writes = instance["role"] == "writer"
            rows = self.client.ask(instance["endpoint"], engine.who)
            self.assertEqual(rows, [[instance["id"], engine.no if writes else engine.yes]])
            self.assertEqual(self.client.ask(instance["endpoint"], engine.writer_id),
                             [[instance["id"]]] if writes else [])
            for question, answer in engine.answers.items():
                self.assertEqual(self.client.ask(instance["endpoint"], question), answer, question)

    def test_topology_names_one_writer_and_times(self):
        for instance in self.facts["instances"]:
            rows = self.client.ask(instance["endpoint"], engine.topology)
            self.assertEqual({row[0] for row in rows}, set(self.facts["instance_ids"]))
            self.assertEqual([row[0] for row in rows if row[1] == engine.yes], [self.facts["writer"]])
            self.assertEqual([row[0] for row in rows if row[4] == ""],
                             [] if engine.own_row_has_time else [instance["id"]])

    def test_endpoints_lead_to_writer_and_reader(self):
        self.assertEqual(self.client.ask(self.facts["cluster_endpoint"], engine.who),
                         [[self.facts["writer"], engine.no]])
        self.assertEqual(self.client.ask(self.facts["reader_endpoint"], engine.who)[0][1], engine.yes)

    def test_reader_refuses_writes(self):
        done = self.client.start(self.facts["reader_endpoint"], "CREATE TABLE no (i int)")
        self.assertIn(engine.read_only_error, done.stderr)

    def test_wrong_passwords_are_refused(self):
        for user in (self.facts["user"], self.facts["cleartext_user"], "nobody_known"):
            done = self.client.start(self.facts["cluster_endpoint"], "SELECT 1", user=user, password="wrong")
            self.assertIn(engine.wrong_password, done.stderr)
        good = self.client.ask(self.facts["cluster_endpoint"], "SELECT current_user", user=self.facts["cleartext_user"],
                               password=self.facts["cleartext_password"])
        self.assertEqual(good[0][0].split("@")[0], self.facts["cleartext_user"])

    def test_certificates_hold_the_names(self):
        for host in (self.facts["cluster_endpoint"], self.facts["reader_endpoint"], self.endpoint("reader")):
            self.assertEqual(self.client.ask(host, engine.encrypted, tls=True), [[engine.yes]])

    def test_names_are_asked_and_logged(self):
        self.assertEqual(self.client.address(self.facts["cluster_endpoint"]), self.cluster.host("writer").address)
        asked = self.cluster.dns_queries("cluster")
        self.assertIn(("A", self.cluster.host("writer").address), {(q["type"], q["address"]) for q in asked})
        self.assertEqual(self.client.address("unknown." + self.facts["domain"]), "")

    @unittest.skipUnless(namespaces.in_own_mounts(), "needs an own mount namespace")
    def test_names_in_this_process(self):
        self.cluster.mount_names()
        try:
            found = socket.getaddrinfo(self.facts["cluster_endpoint"], 1, type=socket.SOCK_STREAM)
            self.assertEqual(found[0][4][0], self.cluster.host("writer").address)
        finally:
            self.cluster.unmount_names()

    def test_dns_faults(self):
        name = self.facts["cluster_endpoint"]
        for fault, seconds in (("servfail", 0), ("nxdomain", 0), ("silent", 1.5)):
            self.cluster.dns("cluster", fault)
            begin = time.monotonic()
            self.assertEqual(self.client.address(name), "", fault)
            self.assertGreaterEqual(time.monotonic() - begin, seconds, fault)
        self.cluster.dns("cluster", "set", self.cluster.readers[0])
        self.assertEqual(self.client.address(name), self.cluster.host(self.cluster.readers[0]).address)
        self.cluster.dns("cluster")
        self.assertEqual(self.client.address(name), self.cluster.host("writer").address)

    def test_one_host_can_be_told_wrong(self):
        reader, other = self.cluster.readers
        self.cluster.set_topology(reader, [{"server_id": other, "writer": True, "cpu": 3.5},
                                           {"server_id": "old", "age_s": 400}])
        rows = self.client.ask(self.endpoint(reader), engine.topology)
        self.assertEqual([row[:3] for row in rows], [[other, engine.yes, "3.5"]])
        self.assertEqual(len(self.client.ask(self.endpoint(other), engine.topology)), 3)
        self.cluster.set_topology(reader, None)
        self.assertEqual(len(self.client.ask(self.endpoint(reader), engine.topology)), 3)
        with self.assertRaises(ClusterError):
            self.cluster.set_topology(reader, [{"server": "x"}])

    def test_a_host_can_tell_nothing_or_two_writers(self):
        reader, other = self.cluster.readers
        self.addCleanup(self.cluster.set_topology, reader, None)
        self.cluster.set_topology(reader, [])
        self.assertEqual(self.client.ask(self.endpoint(reader), engine.topology), [])
        self.cluster.set_topology(reader, [{"server_id": self.cluster.writer, "writer": True, "age_s": 30},
                                           {"server_id": other, "writer": True, "age_s": 1}, {"server_id": reader}])
        rows = self.client.ask(self.endpoint(reader), engine.topology)
        writers = {row[0]: row[4] for row in rows if row[1] == engine.yes}
        self.assertEqual(set(writers), {self.cluster.writer, other})
        self.assertLess(writers[self.cluster.writer], writers[other])

    def test_second_cluster_in_one_domain(self):
        with Cluster.up(hosts=1, flavour=engine.flavour, share_domain_of=self.facts["home"]) as second:
            facts = second.describe()
            self.assertEqual(facts["host_pattern"], self.facts["host_pattern"])
            self.assertEqual(facts["dns"], self.facts["dns"])
            # The first cluster's exec sees the second one's names: one name server for both.
            self.assertEqual(self.client.ask(facts["cluster_endpoint"], engine.who, port=facts["port"]),
                             [[facts["writer"], engine.no]])
        self.assertEqual(self.client.address(facts["cluster_endpoint"]), "")
        self.assertNotEqual(self.client.address(self.facts["cluster_endpoint"]), "")


class Moves(SharedCluster):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.ask(cls.facts["cluster_endpoint"], "CREATE TABLE kept (client int, n int)")

    def becomes(self, condition) -> float:
        """When `condition` came true. Late on a busy machine, but never early."""
        end = time.monotonic() + 20
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)
        return time.monotonic()

    def role_in_status(self, instance: str) -> str:
        told = next(i for i in self.cluster.status()["instances"] if i["id"] == instance)
        return {None: "unknown", True: "reader", False: "writer"}[told["in_recovery"]]

    def assert_moved(self, result: dict):
        self.assertEqual(self.cluster.writer, result["new_writer"])
        for instance in self.facts["instances"]:
            rows = self.client.ask(instance["endpoint"], engine.who)
            reads_only = engine.no if instance["id"] == result["new_writer"] else engine.yes
            self.assertEqual(rows, [[instance["id"], reads_only]])
            told = [row[0] for row in self.client.ask(instance["endpoint"], engine.topology) if row[1] == engine.yes]
            self.assertEqual(told, [result["new_writer"]])
        self.assertTrue(self.cluster.host("writer").waits_for_reader())
        for name in ("promoted", "rejoined"):
            times[f"{result['mode']}: fault to {name}"] = step(result, name)["after_fault_s"]

    def test_planned(self):
        result = self.cluster.failover("planned")
        self.assert_moved(result)
        self.assertEqual(step(result, "rejoined")["way"], "restart")

    def test_planned_to_a_chosen_reader(self):
        wanted = self.cluster.readers[-1]
        self.assertEqual(self.cluster.failover("planned", to=wanted)["new_writer"], wanted)
        with self.assertRaises(ClusterError):
            self.cluster.failover("planned", to=wanted)

    def test_crash_loses_no_acknowledged_commit(self):
        inserts = {c: "".join(f"INSERT INTO kept VALUES ({c}, {n}) RETURNING n;\n" for n in range(30000))
                   for c in range(3)}
        feeder = self.client.feeder(self.cluster.host("writer").address)
        acknowledged = {}

        def insert(c: int):
            done = subprocess.run(feeder, input=inserts[c], capture_output=True, text=True)
            acknowledged[c] = {int(line) for line in done.stdout.split()}

        threads = [threading.Thread(target=insert, args=(c,)) for c in inserts]
        for thread in threads:
            thread.start()
        self.becomes(lambda: self.client.ask(self.facts["cluster_endpoint"], "SELECT count(*) > 1000 FROM kept")
                     == [[engine.yes]])
        result = self.cluster.failover("crash")
        for thread in threads:
            thread.join(20)
        self.assert_moved(result)
        rows = self.client.ask(self.facts["cluster_endpoint"], "SELECT client, n FROM kept")
        there = {(int(c), int(n)) for c, n in rows}
        told = {(c, n) for c, numbers in acknowledged.items() for n in numbers}
        self.assertGreater(len(told), 100)
        self.assertLess(len(told), 90000)
        self.assertEqual(told - there, set())
        times["rows acknowledged before the crash"] = len(told)
        times["rows in doubt that were there"] = len(there - told)

    def insert_in_background(self, host: str, row: str) -> tuple[threading.Thread, list]:
        done = []
        thread = threading.Thread(
            target=lambda: done.append(self.client.start(host, f"INSERT INTO kept VALUES {row}").returncode))
        thread.start()
        return thread, done

    def test_commits_wait_for_a_reader(self):
        readers = [self.cluster.host(reader).pid() for reader in self.cluster.readers]
        for pid in readers:
            processes.freeze_family(pid)
        thread, done = self.insert_in_background(self.facts["cluster_endpoint"], "(4, 4)")
        self.becomes(lambda: self.client.ask(self.facts["cluster_endpoint"], engine.waiting_commits) == [["1"]])
        self.assertEqual(done, [])
        processes.thaw_family(readers[0])
        thread.join()
        self.assertEqual(done, [0])
        processes.thaw_family(readers[1])

    def test_a_former_writer_that_is_thawed_acknowledges_nothing(self):
        old = self.cluster.host(self.cluster.failover("freeze", rejoin_after=None)["old_writer"])
        self.cluster.thaw(old.id)
        thread, done = self.insert_in_background(old.endpoint, "(5, 5)")
        self.becomes(lambda: self.client.ask(old.endpoint, engine.waiting_commits) == [["1"]])
        self.cluster.start(old.id)
        thread.join()
        self.assertNotEqual(done, [0])
        for instance in self.facts["instances"]:
            rows = self.client.ask(instance["endpoint"], "SELECT count(*) FROM kept WHERE client = 5")
            self.assertEqual(rows, [["0"]])

    def test_chosen_reader_first_fetches_what_it_lacks(self):
        behind, ahead = self.cluster.readers
        self.cluster.freeze(behind)
        self.client.ask(self.facts["cluster_endpoint"], engine.big_table)
        self.cluster.crash("writer")
        self.cluster.thaw(behind)
        result = self.cluster.failover("crash", to=behind)
        self.assertEqual(step(result, "caught_up")["source"], ahead)
        self.assertEqual(self.client.ask(self.endpoint(behind), "SELECT count(*) FROM bulk"), [["20000"]])
        self.client.ask(self.facts["cluster_endpoint"], "DROP TABLE bulk")

    def test_dns_and_topology_are_late(self):
        result = self.cluster.failover("crash", topology_lag=1.5, dns_lag=2.5)
        new = self.cluster.host("writer")
        told_at = step(result, "told")["monotonic_ns"] / 1e9
        master = {"server_id": new.id, "session_id": "MASTER_SESSION_ID"}
        told_new = lambda: any(master.items() <= row.items() for row in self.cluster.topology(new.id)["told"])
        self.assertGreaterEqual(self.becomes(told_new) - told_at, 1.4)
        moved_at = self.becomes(lambda: self.client.address(self.facts["cluster_endpoint"]) == new.address)
        self.assertGreaterEqual(moved_at - told_at, 2.4)
        self.assertEqual(self.client.ask(new.endpoint, engine.writer_id), [[new.id]])
        # The rejoin dates its own entries as late again; the next test shall not see them.
        time.sleep(max(0.0, step(result, "rejoined")["monotonic_ns"] / 1e9 + 2.7 - time.monotonic()))

    def test_frozen_writer(self):
        result = self.cluster.failover("freeze")
        self.assert_moved(result)

    def test_frozen_host_is_silent_and_thaws(self):
        reader = self.cluster.readers[0]
        self.cluster.freeze(reader)
        done = self.client.start(self.endpoint(reader), "SELECT 1", timeout=2)
        self.assertIn(engine.no_answer, done.stderr)
        self.assertEqual(self.client.ask(self.facts["cluster_endpoint"], "INSERT INTO kept VALUES (9, 9)"), [])
        self.cluster.thaw(reader)
        self.assertEqual(self.client.ask(self.endpoint(reader), engine.who), [[reader, engine.yes]])

    def test_crashed_readers_do_not_stop_commits_and_start_again(self):
        for reader in self.cluster.readers:
            self.cluster.crash(reader)
        self.client.ask(self.facts["cluster_endpoint"], "INSERT INTO kept VALUES (8, 8)")
        self.assertIn(engine.refused, self.client.start(self.endpoint("reader"), "SELECT 1").stderr)
        with self.assertRaises(ClusterError):
            self.cluster.failover("crash")
        for reader in self.cluster.readers:
            self.cluster.start(reader)
            self.assertEqual(self.client.ask(self.endpoint(reader), engine.who), [[reader, engine.yes]])

    def test_a_host_goes_on_telling_what_was_true(self):
        reader = self.cluster.readers[0]
        before = self.client.ask(self.endpoint(reader), engine.topology)
        self.cluster.keep_topology(reader)
        result = self.cluster.failover("planned", to=self.cluster.readers[1])
        told = [row[0] for row in self.client.ask(self.endpoint(reader), engine.topology) if row[1] == engine.yes]
        self.assertEqual(told, [row[0] for row in before if row[1] == engine.yes])
        self.assertNotEqual(told, [result["new_writer"]])
        self.cluster.set_topology(reader, None)
        self.assert_moved(result)

    def test_a_host_is_added_and_removed(self):
        self.client.ask(self.facts["cluster_endpoint"], "INSERT INTO kept VALUES (10, 10)")
        added = self.cluster.add()["instance"]
        self.assertEqual(self.client.ask(self.endpoint(added), engine.who), [[added, engine.yes]])
        self.assertEqual(self.client.ask(self.endpoint(added), "SELECT count(*) FROM kept WHERE client = 10"), [["1"]])
        for instance in self.cluster.describe()["instances"]:
            told = {row[0] for row in self.client.ask(instance["endpoint"], engine.topology)}
            self.assertEqual(told, {*self.facts["instance_ids"], added})
        # It is a host as any other: it can be the writer, and go when it is not.
        self.cluster.failover("crash", to=added)
        with self.assertRaises(ClusterError):
            self.cluster.remove(added)
        self.cluster.failover("planned", to=self.facts["instance_ids"][0])
        endpoint = self.endpoint(added)
        self.cluster.remove(added)
        self.assertEqual(self.client.address(endpoint), "")
        for instance in self.facts["instances"]:
            told = {row[0] for row in self.client.ask(instance["endpoint"], engine.topology)}
            self.assertEqual(told, set(self.facts["instance_ids"]))
        with self.assertRaises(ClusterError):
            self.cluster.host(added)

    def test_all_hosts_go_down_and_come_back(self):
        writer = self.cluster.writer
        self.client.ask(self.facts["cluster_endpoint"], "INSERT INTO kept VALUES (11, 11)")
        self.cluster.do_to_all("crash")
        for instance in self.facts["instances"]:
            self.assertIn(engine.refused, self.client.start(instance["endpoint"], "SELECT 1").stderr)
        self.cluster.do_to_all("start")
        self.assertEqual(self.client.ask(self.facts["cluster_endpoint"], engine.who), [[writer, engine.no]])
        for instance in self.facts["instances"]:
            rows = self.client.ask(instance["endpoint"], "SELECT count(*) FROM kept WHERE client = 11")
            self.assertEqual(rows, [["1"]])

    def test_crashed_writer_restarts_in_place(self):
        writer = self.cluster.writer
        self.cluster.crash("writer")
        self.cluster.start("writer")
        self.assertEqual(self.client.ask(self.facts["cluster_endpoint"], engine.who), [[writer, engine.no]])

    def test_rejoin_later_or_never(self):
        result = self.cluster.failover("crash", rejoin_after=None)
        self.assertEqual(self.cluster.host(result["old_writer"]).condition(), "stopped")
        self.cluster.start(result["old_writer"])
        result = self.cluster.failover("crash", rejoin_after=0.3, wait=False)
        self.assertNotIn("rejoined", [s["step"] for s in result["steps"]])
        old = self.cluster.host(result["old_writer"])
        self.becomes(lambda: old.condition() == "running" and self.role_in_status(old.id) == "reader")
        with self.cluster.home.alone("this test"):
            self.assertEqual(self.cluster.host(result["old_writer"]).condition(), "running")

    @unittest.skipUnless(engine is MySql, "the way back of MariaDB")
    def test_a_reader_that_wrote_something_of_its_own_begins_anew(self):
        reader = self.cluster.host("reader")
        self.client.ask(self.facts["cluster_endpoint"], "INSERT INTO kept VALUES (7, 7)")
        reader.stop()
        reader.launch(None)
        reader.wait_ready()
        self.client.ask(reader.endpoint, "INSERT INTO kept VALUES (6, 6)")
        reader.kill()
        result = self.cluster.start(reader.id)
        self.assertEqual(step(result, "rejoined")["way"], "replay")
        count = "SELECT count(*) FROM kept WHERE client IN (6, 7)"
        self.assertEqual(self.client.ask(reader.endpoint, count), [["1"]])

    @unittest.skipUnless(OWN_NETWORK, "packet faults need an own network namespace")
    def test_blackholed_writer(self):
        self.cluster.blackhole("writer")
        done = self.client.start(self.facts["cluster_endpoint"], "SELECT 1", timeout=2)
        self.assertIn(engine.no_answer, done.stderr)
        self.cluster.heal("writer")
        self.assert_moved(self.cluster.failover("blackhole"))

    @unittest.skipUnless(OWN_NETWORK, "packet faults need an own network namespace")
    def test_refusing_host(self):
        self.cluster.refuse("reader")
        self.assertIn(engine.refused, self.client.start(self.endpoint("reader"), "SELECT 1").stderr)
        self.cluster.heal("reader")
        self.assertEqual(self.client.ask(self.endpoint("reader"), "SELECT 1"), [["1"]])

    @unittest.skipIf(OWN_NETWORK, "this is about the machine's own network")
    def test_packet_faults_are_refused_outside_a_namespace(self):
        with self.assertRaises(ClusterError):
            self.cluster.blackhole("writer")


class MultiAz(unittest.TestCase):
    """The flavour of RDS Multi-AZ DB clusters; what it shares with Aurora's is not tested again."""

    def assert_tells(self, client, facts: dict, writer: str):
        """Each host knows its own id and name; readers follow the writer, and the writer nobody."""
        ids = {row[1].partition(".")[0]: row[0] for row in client.ask(facts["cluster_endpoint"], engine.az_hosts)}
        self.assertEqual(set(ids), set(facts["instance_ids"]))
        for instance in facts["instances"]:
            writes = instance["id"] == writer
            self.assertEqual(client.ask(instance["endpoint"], engine.az_self), [[ids[instance["id"]], instance["id"]]])
            self.assertEqual(client.ask(instance["endpoint"], engine.az_reads_only),
                             [[engine.no if writes else engine.yes]])
            followed = engine.followed(client.start(instance["endpoint"], engine.az_followed).stdout)
            self.assertEqual(followed, "" if writes else ids[writer])
            told = sorted(client.ask(instance["endpoint"], engine.az_hosts))
            self.assertEqual(told, sorted([ids[i["id"]], i["endpoint"], str(i["port"])] for i in facts["instances"]))

    def test_it_tells_its_hosts_and_moves(self):
        with Cluster.up(flavour=engine.multi_az) as cluster:
            client, facts = engine.client(cluster), cluster.describe()
            self.assert_tells(client, facts, facts["writer"])
            for question, answer in engine.az_answers.items():
                self.assertEqual(client.ask(facts["cluster_endpoint"], question), answer, question)
            for mode in ("planned", "crash"):
                self.assert_tells(client, facts, cluster.failover(mode)["new_writer"])
            cluster.set_topology("reader", [{"server_id": "elsewhere"}])
            told = client.ask(cluster.host("reader").endpoint, engine.az_hosts)
            self.assertEqual([row[1] for row in told], [f"elsewhere.{facts['domain']}"])


class Life(unittest.TestCase):
    def test_down_leaves_nothing(self):
        before = {p for p in base_directory().glob("[!t]*/*")} | {p for p in base_directory().iterdir()}
        begin = time.monotonic()
        cluster = Cluster.up(flavour=engine.flavour)
        times["up (3 hosts, template baked)"] = time.monotonic() - begin
        home = str(cluster.home.path)
        domain = cluster.home.read()["domain_directory"]
        if OWN_NETWORK:
            cluster.blackhole("reader")
        cluster.freeze("reader")
        cluster.crash("writer")
        times["down"] = cluster.down()["down_s"]
        self.assertEqual(processes.find_programs(home), [])
        self.assertEqual(processes.find_programs(domain, ("python3",)), [])
        after = {p for p in base_directory().glob("[!t]*/*")} | {p for p in base_directory().iterdir()}
        self.assertEqual(after - before, set())
        if OWN_NETWORK:
            rules = subprocess.run(["nft", "list", "ruleset"], capture_output=True, text=True).stdout
            self.assertNotIn(TABLE, rules)

    def test_the_plain_flavour_knows_nothing_of_aurora(self):
        with Cluster.up(flavour=engine.plain, hosts=2) as cluster:
            client = engine.client(cluster)
            for endpoint in ("cluster_endpoint", "reader_endpoint"):
                self.assertEqual(client.ask(client.facts[endpoint], engine.plain_role),
                                 [[engine.no if endpoint == "cluster_endpoint" else engine.yes]])
                for question, answer in engine.plain_answers.items():
                    self.assertEqual(client.ask(client.facts[endpoint], question), answer, question)
            self.assertEqual(cluster.failover("planned")["new_writer"], cluster.writer)

    @unittest.skipUnless(engine is MySql, "about the plugins of MariaDB")
    def test_plugins_refuse_a_server_of_another_layout(self):
        self.addCleanup(setattr, mariadb_template, "SOURCES", mariadb_template.SOURCES)
        for declared, other, told in (
                ("table_in_table_list = 0x108", "table_in_table_list = 0x110", "TABLE_LIST::table"),
                ("fields_in_table = 0xa8", "fields_in_table = 0xb0", "TABLE::field"),
                ("store_in_field = 0x60", "store_in_field = 0x68", "Field::store")):
            with tempfile.TemporaryDirectory() as changed:
                shutil.copytree(ENTRY.parent / "local_cluster" / "mysql_plugins", changed, dirs_exist_ok=True)
                source = Path(changed) / "server_layout.cpp"
                self.assertIn(declared, source.read_text())
                source.write_text(source.read_text().replace(declared, other))
                mariadb_template.SOURCES = Path(changed)
                with self.assertRaisesRegex(ClusterError, f"do not fit this MariaDB .*: {told} is not "):
                    Cluster.up(flavour=engine.flavour)

    def test_a_domain_outlives_its_first_cluster(self):
        first = Cluster.up(hosts=1, flavour=engine.flavour)
        with Cluster.up(hosts=1, flavour=engine.flavour, share_domain_of=first.home.path) as second:
            first.down()
            client = engine.client(second)
            self.assertEqual(client.ask(client.facts["cluster_endpoint"], engine.who), [[second.writer, engine.no]])

    def test_a_home_that_cannot_be_used_is_refused_and_not_touched(self):
        with tempfile.TemporaryDirectory() as closed:
            wrong = command("up", "--home", f"{closed}/inner") if os.geteuid() == 0 else command("up", "--home", "/x/y")
            self.assertEqual((wrong.returncode, wrong.stdout), (1, ""))
            self.assertEqual(len(wrong.stderr.strip().splitlines()), 1, wrong.stderr)
            self.assertEqual(os.listdir(closed), [])

    def test_seed_repeats_names(self):
        seen = []
        for _ in range(2):
            with Cluster.up(seed=7, hosts=2, flavour=engine.flavour) as cluster:
                facts = cluster.describe()
                seen.append([facts["domain"], facts["writer"], facts["instance_ids"]])
        self.assertEqual(seen[0], seen[1])

    def test_gc_removes_what_a_killed_owner_left(self):
        script = (f"import sys, os; sys.path.insert(0, {str(ENTRY.parent)!r})\nfrom cluster import Cluster\n"
                  f"print(Cluster.up(hosts=2, flavour={engine.flavour!r}).home.path, flush=True)\n"
                  "os.kill(os.getpid(), 9)")
        home = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout.strip()
        self.assertTrue(processes.find_programs(home))
        with Cluster.up(hosts=1, flavour=engine.flavour) as alive:
            self.assertIn(home, Cluster.gc()["removed"])
            self.assertEqual(alive.host("writer").condition(), "running")
        self.assertEqual(processes.find_programs(home), [])
        self.assertFalse(Path(home).exists())

    def test_the_command(self):
        begin = time.monotonic()
        up = command("up", "--flavour", engine.flavour, "--hosts", "2", "--name", "shop", "--domain",
                     "abc123.eu-west-1.rds.amazonaws.com")
        times["cluster up (command)"] = time.monotonic() - begin
        self.assertEqual(up.returncode, 0, up.stderr)
        facts = json.loads(up.stdout)
        home = ("--home", facts["home"])
        try:
            self.assertEqual(facts["cluster_endpoint"], "shop.cluster-abc123.eu-west-1.rds.amazonaws.com")
            self.assertEqual({i["condition"] for i in json.loads(command("status", *home).stdout)["instances"]},
                             {"running"})
            shown = command("exec", *home, "--", "getent", "ahostsv4", facts["cluster_endpoint"])
            self.assertIn("127.", shown.stdout)
            self.assertEqual(command("exec", *home, "--", "sh", "-c", "exit 7").returncode, 7)
            moved = json.loads(command("failover", *home, "--mode", "crash", "--rejoin-after", "never").stdout)
            self.assertEqual(moved["steps"][0]["step"], "fault")
            wrong = command("crash", "nobody", *home)
            self.assertEqual((wrong.returncode, wrong.stdout), (1, ""))
            self.assertIn("There is no instance nobody", wrong.stderr)
        finally:
            self.assertEqual(command("down", *home).returncode, 0)
        self.assertEqual(command("status", *home).returncode, 1)


def setUpModule():
    # A base directory of our own: parallel runs see nothing of each other.
    root = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    base = tempfile.mkdtemp(prefix="cluster-test-", dir=root)
    os.chmod(base, 0o755)
    os.environ["CLUSTER_HOME"] = base
    unittest.addModuleCleanup(shutil.rmtree, base)


def tearDownModule():
    for name, value in times.items():
        print(f"{name}: {value:.3f}" if isinstance(value, float) else f"{name}: {value}", file=sys.stderr)


if __name__ == "__main__":
    if os.geteuid() != 0 and not OWN_NETWORK:
        sys.exit("Run this as root or inside `unshare --user --map-current-user --keep-caps -n -m`.")
    if len(sys.argv) < 2 or sys.argv[1] not in ENGINES:
        sys.exit(f"Say which engine: {', '.join(ENGINES)}.")
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
