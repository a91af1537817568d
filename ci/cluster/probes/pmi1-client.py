#!/usr/bin/env python3
"""A PMI-1 client without any library: what a program says to the launcher that has started it.

It finds the server at the descriptor PMI_FD, or at PMI_PORT (host:port), where it calls itself PMI_ID. It gives its card
away, waits for all, reads the cards of all, and prints what it has seen. Proven under `srun --mpi=pmi2` (Slurm 22.05) and
the mpiexec of MPICH 5.0 (also with -pmi-port) and of Intel MPI 2021.18.
"""

import os
import socket


def parse(line):
    """The words key=value of a line. Servers order them as they like, and leave out rc where it is 0."""
    words, last = {}, None
    for word in line.rstrip("\n").split(" "):
        key, equals, value = word.partition("=")
        if equals:
            words[key], last = value, key
        elif last:
            words[last] += " " + word  # A value may have spaces in it.
    return words


class Server:
    """The connection to it."""

    def __init__(self):
        if "PMI_FD" in os.environ:
            connection = socket.socket(fileno=int(os.environ["PMI_FD"]))
        else:
            host, port = os.environ["PMI_PORT"].rsplit(":", 1)
            connection = socket.create_connection((host, int(port)))
        self.stream = connection.makefile("rw", newline="\n")
        if "PMI_FD" in os.environ:
            self.rank, self.size = int(os.environ["PMI_RANK"]), int(os.environ["PMI_SIZE"])
        else:
            self.rank, self.size = self.ask_who_we_are()

    def ask_who_we_are(self):
        """On a port, rank and size come in lines `cmd=set` of their own."""
        self.call("initack", pmiid=os.environ["PMI_ID"])
        told = {}
        for _ in ("size", "rank", "debug"):
            told.update(parse(self.stream.readline()))
        return int(told["rank"]), int(told["size"])

    def ask(self, command, **words):
        """Says a line; the words of the answer, whatever it is."""
        line = " ".join(f"{key}={value}" for key, value in {"cmd": command, **words}.items())
        self.stream.write(line + "\n")
        self.stream.flush()
        return parse(self.stream.readline())

    def call(self, command, **words):
        """As `ask`; the answer must be that it is done."""
        answer = self.ask(command, **words)
        if not answer or answer.get("rc", "0") != "0":
            raise SystemExit(f"{command} {words} is answered with {answer}")
        return answer


def main():
    server = Server()
    version = server.call("init", pmi_version=1, pmi_subversion=1)
    limits = server.call("get_maxes")
    kvs = server.call("get_my_kvsname")["kvsname"]
    mapping = server.ask("get", kvsname=kvs, key="PMI_process_mapping").get("value")
    universe = server.call("get_universe_size").get("size")
    application = server.call("get_appnum").get("appnum")

    server.call("put", kvsname=kvs, key=f"card-{server.rank}", value=f"{socket.gethostname()}={server.rank}")
    server.call("barrier_in")
    cards = [server.call("get", kvsname=kvs, key=f"card-{rank}")["value"] for rank in range(server.size)]
    missing = server.ask("get", kvsname=kvs, key="no-such-key")
    # No rank leaves while others read.
    server.call("barrier_in")
    server.call("finalize")
    print(
        f"rank {server.rank} of {server.size}, cards {' '.join(cards)}, mapping {mapping}, universe {universe}, "
        f"application {application}, subversion {version['pmi_subversion']}, values up to {limits['vallen_max']}, "
        f"a missing key has rc {missing.get('rc')}"
    )


main()
