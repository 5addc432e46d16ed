"""What the Python peers of the line are run by: the scenarios of the reference to agree on, then
scenarios drawn at random to be timed on. Prints one line of JSON.

A peer is a class made of the line, its blends, a number of lanes to a block, and whether slopes are
asked for. `put`, `run` and `take` are as in peer.py: rows of outputs, then of their slopes. Only
`run` is timed.
"""

import argparse
import json
import statistics
import time

import numpy as np

import line_case

# where both have the same equations and the same gas
WITHIN = 1e-9
ROUNDS = 7
# how many lines are worked out in a round
SCENARIOS = 1 << 13


def disagreement(expected, got, within):
    """The worst difference of each output, over the largest it has; stops if one is too large."""
    scale = np.max(np.abs(expected), axis=1, keepdims=True)
    off = np.abs(got - expected) / scale
    worst = float(np.max(off))
    if not worst <= within:
        row, lane = np.unravel_index(np.argmax(off), off.shape)
        raise SystemExit(
            f"row {row} of scenario {lane}: {got[row, lane]}, not {expected[row, lane]}: "
            f"{worst:.1e} off, and they may differ by {within:.0e}"
        )
    return worst


def timed(peer, fields):
    """Microseconds a line, median, lowest and highest of some rounds."""
    put = peer.put(fields)
    peer.run(put)  # compiled, and every page touched
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        peer.run(put)
        times.append((time.perf_counter() - start) / fields.shape[1] * 1e6)
    return statistics.median(times)


def main(make, blocks):
    """Runs a peer from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--reference", required=True, help="what the crate says")
    parser.add_argument("--slopes", action="store_true", help="values and slopes, not values alone")
    parser.add_argument("--block", type=int, help="lanes to a block; without it, the best is found")
    parser.add_argument("--within", type=float, default=WITHIN)
    arguments = parser.parse_args()
    line, reference = line_case.line(), line_case.Reference.read(arguments.reference)
    generator = np.random.default_rng(4)
    worst, speeds, operations = None, {}, None
    for block in [arguments.block] if arguments.block else blocks:
        peer = make(line, reference.blends, block, arguments.slopes)
        operations = getattr(peer, "operations", None)
        if worst is None:
            count = reference.fields.shape[1]
            # as many as whole blocks hold: some scenarios twice
            places = np.resize(np.arange(count), -(-count // block) * block)
            got = peer.take(peer.run(peer.put(reference.fields[:, places])))[:, :count]
            expected = [reference.values, *([reference.slopes] if arguments.slopes else [])]
            worst = disagreement(np.concatenate(expected), got, arguments.within)
        low, high = reference.offered.T[:, :, None]
        count = block * max(1, SCENARIOS // block)
        speeds[block] = timed(peer, low + (high - low) * generator.random((2, count)))
    best = min(speeds, key=speeds.get)
    print(
        json.dumps(
            {
                "microseconds": speeds[best],
                "block": best,
                "worst_disagreement": worst,
                "operations": operations,
            }
        )
    )
