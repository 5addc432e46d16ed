"""Runs all contestants on one core, one after another and all of it several times, and prints how
they compare: medians of scenarios a second, and each over ours.

Every peer agrees with our results to 1e-9 first, or this stops.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
AXES = ("3", "10", "all")
OURS = "gaschain"
PYTHON = {
    "NumPy, stage by stage": "numpy_stages.py",
    "JAX, stage by stage": "jax_stages.py",
    "NumPy, walk": "numpy_walk.py",
    "JAX, walk": "jax_walk.py",
    "NumPy, by hand": "numpy_chain.py",
    "JAX, by hand": "jax_chain.py",
}
KERNEL = "Rust kernel, by hand"
PART = "BioSTEAM, a part"


def output(command):
    """The JSON that a command prints."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed")
    return json.loads(done.stdout[done.stdout.find("{") :])


class Contest:
    """The commands of all contestants, and what they gave."""

    def __init__(self, arguments):
        self.arguments, self.blocks, self.worst = arguments, {}, {}
        self.names = [name for name in (OURS, *PYTHON, KERNEL, PART) if self.wanted(name)]
        self.rates = {(name, axes): [] for name in self.names for axes in AXES}

    def wanted(self, name):
        only = self.arguments.only
        return not only or any(word.lower() in name.lower() for word in only.split(","))

    def command(self, name, axes):
        """What to run; nothing where a contestant has no such case."""
        if name in PYTHON:
            command = [sys.executable, "-B", HERE / PYTHON[name], "--axes", axes]
            if (name, axes) in self.blocks:
                return [*command, "--block", str(self.blocks[name, axes])]
            return [*command, "--reference", self.arguments.reference]
        if name == PART:
            reference = ["--reference", self.arguments.reference]
            command = [self.arguments.biosteam, "-B", HERE / "biosteam_part.py", *reference]
            return command if axes == "10" else None
        if name == KERNEL:
            return [self.arguments.kernel, "--rate"] if axes == "10" else None
        scenarios = str(self.arguments.scenarios)
        return [
            self.arguments.gaschain, "sweep", "--bench",
            "--axes", axes, "--scenarios", scenarios, "--threads", "1",
        ]  # fmt: skip

    def round(self, first):
        """Everybody once; the first time, the best block is found and results are compared."""
        for axes in AXES:
            for name in self.names:
                command = self.command(name, axes)
                if command is None:
                    continue
                result = output(command)
                if "worst_disagreement" in result and first:
                    self.worst[name, axes] = result["worst_disagreement"]
                if first and name in PYTHON:
                    self.blocks[name, axes] = result["block"]
                self.rates[name, axes].append(result["scenarios_per_second"])
                print(f"  {axes:>3} axes, {name}: {result['scenarios_per_second']:.4g}", flush=True)

    def table(self):
        """The table of medians, and of ours over each."""
        median = {key: statistics.median(rates) for key, rates in self.rates.items() if rates}
        print("\nmillion scenarios a second, one core, median (lowest to highest), x ours over it\n")
        print(f"| {'':22} |" + "".join(f" {axes + ' axes':>24} |" for axes in AXES))
        print(f"|{'-' * 24}|" + "".join(f"{'-' * 25}:|" for _ in AXES))
        for name in self.names:
            cells = [self.cell(median, name, axes) for axes in AXES]
            print(f"| {name:22} |" + "".join(f" {cell:>24} |" for cell in cells))
        print("\nblocks:", {f"{name}, {axes}": size for (name, axes), size in self.blocks.items()})
        if self.worst:
            print(f"worst disagreement with our results: {max(self.worst.values()):.1e}")

    def cell(self, median, name, axes):
        if (name, axes) not in median:
            return ""
        rates = [rate / 1e6 for rate in self.rates[name, axes]]
        text = f"{median[name, axes] / 1e6:.4g} ({min(rates):.4g} to {max(rates):.4g})"
        if name != OURS and (OURS, axes) in median:
            text += f", x {median[OURS, axes] / median[name, axes]:.3g}"
        return text


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, required=True, help="folder of our results")
    parser.add_argument("--kernel", type=Path, required=True, help="the bench single_purpose")
    parser.add_argument("--gaschain", type=Path, required=True, help="the command")
    parser.add_argument("--biosteam", type=Path, required=True, help="a Python that has BioSTEAM")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scenarios", type=int, default=4_000_000, help="for ours")
    parser.add_argument("--only", help="contestants, by parts of their names: NumPy,JAX")
    arguments = parser.parse_args()
    print(f"load of the machine: {os.getloadavg()[0]:.1f} (other work makes all of it slower)")
    contest = Contest(arguments)
    contest.round(first=True)
    for rates in contest.rates.values():
        rates.clear()
    for _ in range(arguments.rounds):
        contest.round(first=False)
    contest.table()


if __name__ == "__main__":
    main()
