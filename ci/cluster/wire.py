"""A bad cable for a host of the cluster, for kernels without netem. `cluster wire` runs it in the switch's namespace.

wire.py NUMBER [FAULT=VALUE]...     the cable of the host hNUMBER, until TERM

    delay=MS    one way, for every frame     jitter=MS     up to this much more; the order stays
    loss=%      frames that are dropped      reorder=%     frames that go ahead of those that wait
    dup=%       frames that go twice         corrupt=%     frames with one bit turned over
    rate=MBIT   how fast the cable is        seed=N        of all chances (1)

The host's port leaves the switch for a bridge of its own, xbN; this process carries frames between taps at both bridges.
Taps, unlike pairs of interfaces, get frames as they go over a real cable: none longer than the MTU, checksums in place.
"""

import fcntl
import heapq
import os
import random
import select
import signal
import struct
import subprocess
import sys
import time

FAULTS = {"delay": 0, "jitter": 0, "loss": 0, "dup": 0, "reorder": 0, "corrupt": 0, "rate": 0, "seed": 1}

# <linux/if_tun.h>
TUNSETIFF = 0x400454CA
IFF_TAP_NO_PI = 0x0002 | 0x1000

ETHERNET_HEADER = 14
FRAMES_AT_ONCE = 64


def read_faults(words):
    """The faults that are asked for; ends with a sentence if they make no sense."""
    faults = dict(FAULTS)
    for word in words:
        name, _, value = word.partition("=")
        if name not in faults:
            sys.exit(f"{word}: a fault is one of {', '.join(FAULTS)}, as in delay=10")
        try:
            faults[name] = float(value)
        except ValueError:
            sys.exit(f"{word}: {value!r} is not a number")
        if not 0 <= faults[name] < float("inf"):
            sys.exit(f"{word}: a number of 0 or more is wanted")
        if name in ("loss", "dup", "reorder", "corrupt") and faults[name] > 100:
            sys.exit(f"{word}: more than 100 percent")
    return faults


def ip(words, check=True):
    subprocess.run(["ip", *words.split()], check=check, capture_output=not check)


def tap(name):
    """A new interface whose frames this process reads and writes."""
    file = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(file, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP_NO_PI))
    return file


class Wire:
    """Frames on their way from one tap to the other."""

    def __init__(self, taps, faults):
        self.other = {taps[0]: taps[1], taps[1]: taps[0]}
        self.faults = faults
        self.random = random.Random(faults["seed"])
        self.waiting = []  # a heap of (when it is due, number, to which tap, frame)
        self.number = 0  # of frames; it keeps the order of those that are due at one time
        self.idle = dict.fromkeys(taps, 0)  # when the cable towards a tap has sent all that it was given
        self.last = dict.fromkeys(taps, 0)  # when the last frame towards a tap is due
        self.counts = dict.fromkeys(("carried", "lost", "doubled", "reordered", "corrupted", "refused"), 0)

    def happens(self, fault, count):
        if self.random.random() * 100 >= self.faults[fault]:
            return False
        self.counts[count] += 1
        return True

    def take(self, source, frame):
        """A frame has come from a tap: decides what becomes of it."""
        towards, due = self.other[source], time.monotonic()
        if self.happens("loss", "lost"):
            return
        if self.faults["rate"]:
            due = max(due, self.idle[towards]) + len(frame) * 8 / (self.faults["rate"] * 1e6)
            self.idle[towards] = due
        if not self.happens("reorder", "reordered"):
            due += (self.faults["delay"] + self.random.random() * self.faults["jitter"]) / 1e3
            due = self.last[towards] = max(due, self.last[towards])
        if len(frame) > ETHERNET_HEADER and self.happens("corrupt", "corrupted"):
            frame = bytearray(frame)
            frame[self.random.randrange(ETHERNET_HEADER, len(frame))] ^= 1 << self.random.randrange(8)
        for _ in range(2 if self.happens("dup", "doubled") else 1):
            self.number += 1
            heapq.heappush(self.waiting, (due, self.number, towards, bytes(frame)))

    def give(self):
        """Delivers what is due; how many seconds until more is."""
        while self.waiting:
            wait = self.waiting[0][0] - time.monotonic()
            if wait > 0:
                return wait
            _, _, towards, frame = heapq.heappop(self.waiting)
            try:
                os.write(towards, frame)
                self.counts["carried"] += 1
            except OSError:  # The tap's queue is full, or its interface is down: as on a real cable.
                self.counts["refused"] += 1
        return None

    def carry(self):
        while True:
            for source in select.select(list(self.other), [], [], self.give())[0]:
                for _ in range(FRAMES_AT_ONCE):
                    try:
                        self.take(source, os.read(source, 65536))
                    except BlockingIOError:
                        break


class Stop(Exception):
    """Somebody has ended the wire."""


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    number, faults = int(sys.argv[1]), read_faults(sys.argv[2:])

    def stop(*_):
        # Once is enough: what follows must not be cut short.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise Stop

    signal.signal(signal.SIGTERM, stop)
    wire = None
    try:
        ip(f"link add xb{number} type bridge mcast_snooping 0")
        ip(f"link set xb{number} up")
        taps = [tap(f"xp{number}"), tap(f"xw{number}")]
        wire = Wire(taps, faults)
        ip(f"link set xp{number} master xb{number} up")
        ip(f"link set xw{number} master br0 up")
        ip(f"link set p{number} master xb{number}")
        print("ready", flush=True)
        wire.carry()
    except Stop:
        pass
    finally:
        # The port is gone where the host has crashed. The taps go with this process.
        ip(f"link set p{number} master br0", check=False)
        ip(f"link del xb{number}", check=False)
    if wire:
        print("wire: " + ", ".join(f"{count} {name}" for name, count in wire.counts.items()))


main()
