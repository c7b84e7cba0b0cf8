# SPDX-License-Identifier: Apache-2.0
"""Runs networks on the Eyeriss preset, or on one like it, and keeps tables of the results in the pages of docs/."""

import json
import os
import pathlib
import re
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROWAN = os.environ.get("ROWAN", ROOT / "build/release/rowan")
LAYERS = ["CONV1", "CONV2", "CONV3", "CONV4", "CONV5"]


def published(claim):
    """The published value of a claim, by its ID."""
    text = (ROOT / "validation/claims.yaml").read_text()
    return float(re.search(rf"- id: {re.escape(claim)}\n(?:    .*\n)*?    published: (\S+)", text)[1])


def platform_text():
    """The resolved Eyeriss preset."""
    return subprocess.run([ROWAN, "show", "platform", "eyeriss"], check=True, capture_output=True, text=True).stdout


def changed(platform, key, value):
    """A platform file with one value changed, and the value it had; sections are told apart by indentation."""
    *sections, last = key.split(".")
    lines, depth, old = platform.splitlines(), 0, None
    for i, line in enumerate(lines):
        name = line.strip().split(":")[0]
        indent = len(line) - len(line.lstrip())
        if line.strip().startswith("#") or indent != 2 * depth:
            continue
        if depth < len(sections):
            depth += name == sections[depth]
        elif name == last:
            head, rest = line.split(":", 1)
            old = rest.split("#")[0].strip()
            lines[i] = f"{head}: {value}"
            break
    if old is None:
        raise SystemExit(f"the platform has no key {key}")
    return "\n".join(lines) + "\n", old


def rowan(command, workload, layers, batch, *arguments, platform=None, mapping=None):
    """What a command of the program prints; `platform` and `mapping` are texts of files, the preset and the program's
    choice by default."""
    with tempfile.TemporaryDirectory() as folder:
        def file(name, text):
            path = pathlib.Path(folder) / name
            path.write_text(text)
            return path

        full = [ROWAN, command, "--workload", workload, "--layers", layers, "--batch", str(batch), "--platform",
                "eyeriss" if platform is None else file("platform.yaml", platform)]
        if mapping is not None:
            full += ["--mapping", file("mapping.yaml", mapping)]
        return subprocess.run(full + list(arguments), check=True, stdout=subprocess.PIPE, text=True).stdout


def simulate(platform=None):
    """rowan.result/1 of AlexNet, batch 4; `platform` is the text of a platform file, the preset by default."""
    mapping = (ROOT / "workloads/mappings/alexnet_eyeriss.yaml").read_text()
    return json.loads(rowan("run", "alexnet", "CONV*", 4, "--no-check", "--format", "json",
                            platform=platform, mapping=mapping))


def parts_of(page, name):
    """What stands before, in and after a marked block of a page of docs/."""
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
    before, rest = (ROOT / "docs" / page).read_text().split(begin)
    block, after = rest.split(end, 1)
    return before + begin, block, end + after


def read_block(page, name):
    """The text of a marked block of a page of docs/."""
    return parts_of(page, name)[1]


def write_block(page, name, text):
    """Replaces a marked block of a page of docs/."""
    before, _, after = parts_of(page, name)
    (ROOT / "docs" / page).write_text(before + text + after)
