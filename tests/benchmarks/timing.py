# SPDX-License-Identifier: Apache-2.0
"""Times a program, and tells on what machine."""

import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "validation"))

from eyeriss import changed, platform_text, write_block  # noqa: E402,F401


def once(command):
    """Seconds of wall and user time, and KiB at the peak, of a command and the processes it starts."""
    start = time.monotonic()
    child = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}: exit status {child.returncode}")
    return wall, usage.ru_utime, usage.ru_maxrss


def medians(commands, repetitions):
    """Medians of wall and user seconds and of KiB for each of the commands, by its key. They take turns, so that what
    else the machine does weighs on all of them."""
    runs = {key: [] for key in commands}
    for _ in range(repetitions):
        for key, command in commands.items():
            runs[key].append(once(command))
            print(f"{key}: {runs[key][-1][1]:.2f} s user", file=sys.stderr)
    return {key: tuple(map(statistics.median, zip(*measured))) for key, measured in runs.items()}


def machine():
    """The processor and the system, in a line."""
    model = "unknown processor"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    compiler = subprocess.run(["g++", "-dumpfullversion"], check=True, capture_output=True, text=True).stdout.strip()
    return f"{model}, {os.cpu_count()} cores, {system}, g++ {compiler}"
