"""Runs all who carry the trunk line on one core, one after another and all of it several times, and
prints microseconds a line: medians, lowest and highest, and ours over each.

Every peer that has the crate's equations agrees with it first, or this stops.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON = {
    "NumPy, values": ("line_numpy.py", []),
    "NumPy, values and slopes": ("line_numpy.py", ["--slopes"]),
    "JAX, values": ("line_jax.py", []),
    "JAX, values and slopes": ("line_jax.py", ["--slopes"]),
}
PANDAPIPES = "pandapipes, one steady solve"
# ours, by what its program calls them
OURS = {
    "gaschain, values, one at a time": "plain",
    "gaschain, values and slopes, one at a time": "dual",
    "gaschain, values, in a sweep": "sweep",
    "gaschain, one value and its gradient, in a sweep": "gradient",
}


def output(command):
    """The JSON that a command prints."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed")
    return json.loads(done.stdout[done.stdout.find("{") :])


class Contest:
    """What everybody took."""

    def __init__(self, arguments):
        self.arguments, self.blocks, self.notes = arguments, {}, []
        self.times = {}

    def wanted(self, name):
        only = self.arguments.only
        return not only or any(word.lower() in name.lower() for word in only.split(","))

    def round(self, first):
        """Everybody once; the first time, the best block is found and results are compared."""
        for name, (script, more) in PYTHON.items():
            if not self.wanted(name):
                continue
            command = [sys.executable, "-B", HERE / script, *more]
            command += ["--reference", self.arguments.reference]
            command += ["--within", str(self.arguments.within)]
            if name in self.blocks:
                command += ["--block", str(self.blocks[name])]
            result = output(command)
            if first:
                self.blocks[name] = result["block"]
                worst = result["worst_disagreement"]
                self.notes.append(
                    f"{name}: blocks of {result['block']}, off by {worst:.1e} at most"
                )
            self.add(name, result["microseconds"], first)
        if self.wanted(PANDAPIPES):
            command = [sys.executable, "-B", HERE / "line_pandapipes.py"]
            result = output([*command, "--reference", self.arguments.reference])
            if first:
                low, high = result["delivered_pressure_off"]
                self.notes.append(f"{PANDAPIPES}: its delivery pressure {low:+.1%} to {high:+.1%}")
            self.add(PANDAPIPES, result["microseconds"], first)
        if any(self.wanted(name) for name in OURS):
            result = output([self.arguments.gaschain, "--time"])
            for name, key in OURS.items():
                self.add(name, result[key], first)
            if first:
                self.notes.append(f"gaschain: {result['operations']:.0f} operations a scenario")

    def add(self, name, microseconds, first):
        if not first:
            self.times.setdefault(name, []).append(microseconds)
        print(f"  {name}: {microseconds:.4g}", flush=True)

    def table(self):
        """Medians, and ours over each: values over values, slopes over slopes."""
        median = {name: statistics.median(times) for name, times in self.times.items()}
        values, slopes = (
            [name for name in OURS if ("gradient" in name or "slopes" in name) == is_sloped]
            for is_sloped in (False, True)
        )
        print("\nmicroseconds a line, one core, median (lowest to highest), and ours over it\n")
        print("| | microseconds | one at a time | in a sweep |")
        print("|---|---:|---:|---:|")
        for name, times in self.times.items():
            ours = slopes if "slopes" in name or "gradient" in name else values
            over = [f"{median[own] / median[name]:.3g}" if own in median else "" for own in ours]
            cells = [f"{median[name]:.4g} ({min(times):.4g} to {max(times):.4g})", *over]
            print(f"| {name} | " + " | ".join(cells) + " |")
        print()
        for note in self.notes:
            print(note)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, required=True, help="what the crate says")
    parser.add_argument("--gaschain", type=Path, required=True, help="the program peer-line")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", help="contestants, by parts of their names: NumPy,JAX,gaschain")
    parser.add_argument("--within", type=float, default=1e-9, help="what peers may be off by")
    arguments = parser.parse_args()
    print(f"load of the machine: {os.getloadavg()[0]:.1f} (other work makes all of it slower)")
    contest = Contest(arguments)
    contest.round(first=True)
    for _ in range(arguments.rounds):
        contest.round(first=False)
    contest.table()


if __name__ == "__main__":
    main()
