#!/usr/bin/env python3
"""A PMI-1 server: starts a program on several hosts by ssh and tells its ranks about each other.

    pmi1-server.py HOST[,HOST]... RANKS-PER-HOST CMD...

Nothing but the program is on the far hosts: each rank connects to PMI_PORT. With --fd first, all ranks run on this host,
each with a socket as PMI_FD. Proven with programs of MPICH 5.0 and Intel MPI 2021.18. Ends with the worst exit code.
"""

import os
import selectors
import shlex
import socket
import subprocess
import sys

# Of the environment, what programs need that are not installed where every login finds them.
PASSED_ON = ("LD_LIBRARY_PATH", "PATH", "I_MPI_ROOT")


class Job:
    """The ranks, and what they have told."""

    def __init__(self, hosts, per_host, command):
        self.hosts, self.per_host, self.command = hosts, per_host, command
        self.size = len(hosts) * per_host
        self.values = {"PMI_process_mapping": f"(vector,(0,{len(hosts)},{per_host}))"}
        self.processes = []
        self.in_barrier = []
        self.selector = selectors.DefaultSelector()

    def local_words(self, rank):
        return {"MPI_LOCALNRANKS": str(self.per_host), "MPI_LOCALRANKID": str(rank % self.per_host)}

    def start_by_ssh(self):
        listener = socket.create_server(("", 0))
        listener.setblocking(False)
        self.selector.register(listener, selectors.EVENT_READ)
        here = f"{socket.gethostname()}:{listener.getsockname()[1]}"
        passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        for rank in range(self.size):
            words = {"PMI_PORT": here, "PMI_ID": str(rank), **self.local_words(rank), **passed_on}
            # The far shell parses the line again.
            line = shlex.join(["exec", "env", *(f"{k}={v}" for k, v in words.items()), *self.command])
            line = f"cd {shlex.quote(os.getcwd())} && {line}"
            host = self.hosts[rank // self.per_host]
            self.processes.append(subprocess.Popen(["ssh", "-x", "-n", "-oBatchMode=yes", host, line]))

    def start_here(self):
        for rank in range(self.size):
            ours, its = socket.socketpair()
            self.selector.register(ours, selectors.EVENT_READ, b"")
            words = {"PMI_FD": str(its.fileno()), "PMI_RANK": str(rank), "PMI_SIZE": str(self.size)}
            words.update(self.local_words(rank))
            process = subprocess.Popen(self.command, env={**os.environ, **words}, pass_fds=[its.fileno()])
            self.processes.append(process)
            its.close()

    def serve(self):
        """Answers until all processes have ended; their worst exit code."""
        while any(process.poll() is None for process in self.processes):
            for key, _ in self.selector.select(0.1):
                if key.data is None:
                    self.selector.register(key.fileobj.accept()[0], selectors.EVENT_READ, b"")
                else:
                    self.read(key)
        # ssh ends with 255 where it was a signal; a process here with a negative number.
        return max(code if code >= 0 else 128 - code for code in (process.wait() for process in self.processes))

    def read(self, key):
        try:
            received = key.fileobj.recv(65536)
        except ConnectionError:
            received = b""
        if not received:
            self.selector.unregister(key.fileobj)
            return
        *lines, rest = (key.data + received).split(b"\n")
        self.selector.modify(key.fileobj, selectors.EVENT_READ, rest)
        for line in lines:
            for answer in self.answers(key.fileobj, line.decode()):
                key.fileobj.sendall(answer.encode() + b"\n")

    def answers(self, rank, line):
        """What a rank is told when it says a line."""
        words = dict(word.split("=", 1) for word in line.split(" ") if "=" in word)
        match words.get("cmd"):
            case "initack":
                return ["cmd=initack rc=0", f"cmd=set size={self.size}", f"cmd=set rank={words['pmiid']}", "cmd=set debug=0"]
            case "init":
                return ["cmd=response_to_init rc=0 pmi_version=1 pmi_subversion=1"]
            case "get_maxes":
                return ["cmd=maxes rc=0 kvsname_max=256 keylen_max=64 vallen_max=1024"]
            case "get_appnum":
                return ["cmd=appnum rc=0 appnum=0"]
            case "get_my_kvsname":
                return ["cmd=my_kvsname rc=0 kvsname=kvs_0"]
            case "get_universe_size":
                return [f"cmd=universe_size rc=0 size={self.size}"]
            case "put":
                # The value is the rest of the line: it may hold anything.
                self.values[words["key"]] = line.split(" value=", 1)[1]
                return ["cmd=put_result rc=0"]
            case "get" if words["key"] in self.values:
                return [f"cmd=get_result rc=0 value={self.values[words['key']]}"]
            case "get":
                return ["cmd=get_result rc=-1 msg=key_not_found value=unknown"]
            case "barrier_in":
                return self.barrier(rank)
            case "finalize":
                return ["cmd=finalize_ack rc=0"]
            case "abort":
                print(f"pmi1-server: a rank has aborted: {line}", file=sys.stderr)
                for process in self.processes:
                    process.kill()
                return []
            case _:
                print(f"pmi1-server: not served: {line}", file=sys.stderr)
                return []

    def barrier(self, rank):
        self.in_barrier.append(rank)
        if len(self.in_barrier) == self.size:
            for waiting in self.in_barrier:
                waiting.sendall(b"cmd=barrier_out rc=0\n")
            self.in_barrier.clear()
        return []


def main():
    words = sys.argv[1:]
    by_descriptor = words[:1] == ["--fd"]
    if by_descriptor:
        words = words[1:]
    if len(words) < 3:
        sys.exit(__doc__)
    job = Job(words[0].split(","), int(words[1]), words[2:])
    if by_descriptor:
        job.start_here()
    else:
        job.start_by_ssh()
    sys.exit(job.serve())


main()
