"""What every Python peer is run by: the same scenarios as ours to agree on, then scenarios drawn at
random to be timed on. Prints one line of JSON.

A peer is a class made of the addresses that vary and a number of lanes to a block. `put` brings
inputs (axis after axis, SI) to where it wants them, `run` works out all outputs of what was put and
leaves them where it wants, `take` brings those back: nine rows, what stopped kovykta as an index
into plant.STOPS. Only `run` is timed.
"""

import argparse
import csv
import json
import statistics
import time
from pathlib import Path

import numpy as np

import plant

WITHIN = 1e-9
# a flow this small, relative to the largest of its output, is what rounding left of none
NOTHING = 1e-9
# how many scenarios are worked out in all: the same ones again and again, few enough for the
# last-level cache, so that nobody is measured by the speed of main memory
REPEATED = 1 << 21
COUNTS = {"3": 3, "10": 10, "all": None}
STOPPED_BY = plant.OUTPUTS.index("kovykta.stopped_by")


def reference(folder, axes):
    """Our own inputs and outputs of a set of axes."""
    with open(Path(folder) / f"{axes}.csv", newline="") as file:
        header, *rows = csv.reader(file)
    columns = list(zip(*rows))
    count = len(header) - len(plant.OUTPUTS)
    if header[count:] != plant.OUTPUTS:
        raise SystemExit(f"the reference has other outputs: {header[count:]}")
    inputs = np.array([np.array(column, float) for column in columns[:count]])
    return header[:count], inputs, columns[count:]


def disagreement(ours, theirs):
    """The worst relative difference of all outputs; stops if it is too large, or if kovykta is
    stopped by something else."""
    worst = 0.0
    for address, expected, got in zip(plant.OUTPUTS, ours, theirs):
        if address == plant.OUTPUTS[STOPPED_BY]:
            names = np.array(plant.STOPS)[got.astype(int)]
            wrong = np.flatnonzero(names != np.array(expected))
            if len(wrong):
                lane = wrong[0]
                raise SystemExit(
                    f"{address} differs in {len(wrong)} scenarios, the first of them {lane}: "
                    f"{names[lane]}, not {expected[lane]}"
                )
            continue
        expected = np.array(expected, float)
        difference = np.abs(got - expected)
        # of a stream that is nothing but what rounding left there is no share to speak of
        scale = np.maximum(np.abs(expected), NOTHING * np.max(np.abs(expected)))
        lane = int(np.argmax(difference - WITHIN * scale))
        if not difference[lane] <= WITHIN * scale[lane]:
            raise SystemExit(
                f"{address} of scenario {lane}: {got[lane]}, not {expected[lane]}: "
                f"they may differ by {WITHIN:.0e}"
            )
        some = scale > 0.0
        worst = max(worst, float(np.max(difference[some] / scale[some], initial=0.0)))
    return worst


def drawn(axes, count):
    """Scenarios drawn at random between the ends of the axes."""
    generator = np.random.default_rng(4)
    return np.array([low + (high - low) * generator.random(count) for _, low, high in axes])


def main(make, blocks):
    """Runs a peer from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--axes", choices=COUNTS, required=True)
    parser.add_argument("--reference", help="folder of our results, to agree with first")
    parser.add_argument("--scenarios", type=int, default=1 << 16)
    parser.add_argument("--block", type=int, help="lanes to a block; without it, the best is found")
    arguments = parser.parse_args()

    axes = plant.axes(COUNTS[arguments.axes])
    worst = None
    if arguments.reference:
        addresses, inputs, ours = reference(arguments.reference, arguments.axes)
        if [address for address, _, _ in axes] != addresses:
            raise SystemExit("the reference has other axes than axes.csv: write it anew")
        peer = make(addresses, inputs.shape[1] // 10)
        worst = disagreement(ours, peer.take(peer.run(peer.put(inputs))))
    addresses = [address for address, _, _ in axes]
    speeds = {}
    for block in [arguments.block] if arguments.block else blocks:
        scenarios = block * max(1, arguments.scenarios // block)
        peer = make(addresses, block)
        inputs = peer.put(drawn(axes, scenarios))
        peer.run(inputs)  # compiled, and every page touched
        times = []
        for _ in range(max(5, REPEATED // scenarios)):
            start = time.perf_counter()
            peer.run(inputs)
            times.append(time.perf_counter() - start)
        speeds[block] = scenarios / statistics.median(times)
    block = max(speeds, key=speeds.get)
    print(
        json.dumps(
            {
                "axes": arguments.axes,
                "scenarios_per_second": speeds[block],
                "block": block,
                "worst_disagreement": worst,
                "operations_per_scenario": getattr(peer, "operations", None),
            }
        )
    )
