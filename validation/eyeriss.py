# SPDX-License-Identifier: Apache-2.0
"""Runs AlexNet on the Eyeriss preset and sets the results beside the published measurements of the chip."""

import csv
import json
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROWAN = os.environ.get("ROWAN", ROOT / "build/release/rowan")
LAYERS = ["CONV1", "CONV2", "CONV3", "CONV4", "CONV5"]


def published():
    """Rows of eyeriss_alexnet.csv by layer, numbers as floats."""
    text = (ROOT / "validation/eyeriss_alexnet.csv").read_text()
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row["layer"]: {k: float(v) for k, v in row.items() if k != "layer" and v} for row in rows}


def platform_text():
    """The resolved Eyeriss preset."""
    return subprocess.run([ROWAN, "show", "platform", "eyeriss"], check=True, capture_output=True, text=True).stdout


def simulate(platform=None):
    """rowan.result/1 of AlexNet, batch 4; `platform` is the text of a platform file, the preset by default."""
    mapping = ROOT / "workloads/mappings/alexnet_eyeriss.yaml"
    with tempfile.TemporaryDirectory() as folder:
        name = "eyeriss"
        if platform is not None:
            name = f"{folder}/platform.yaml"
            pathlib.Path(name).write_text(platform)
        command = [ROWAN, "run", "--platform", name, "--workload", "alexnet", "--layers", "CONV*",
                   "--batch", "4", "--no-check", "--mapping", mapping, "--format", "json"]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


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
