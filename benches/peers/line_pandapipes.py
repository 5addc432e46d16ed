"""The trunk line as a net of pandapipes: the same pipes, its own gas and friction. Prints one line
of JSON: microseconds of a steady solve.

A net takes one flow at a time and one gas for good; it is solved for other flows with the net kept.
Stations are pressure controls: they raise the gas to the set point and do nothing else. There is no
power, no fuel, no heat of compression, no aftercooler, no Joule-Thomson cooling and no slope, and
the gas is the library's, whatever the fields give.
"""

import argparse
import json
import logging
import statistics
import time
import warnings

import numpy as np

import line_case

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
import pandapipes  # noqa: E402, after its warnings are turned off

SOLVES = 15
BAR = 1e5


def net_of(line):
    """The net, and the sink at its end."""
    net = pandapipes.create_empty_network(fluid="hgas")

    def junction():
        return pandapipes.create_junction(
            net, pn_bar=line.discharge_pressure / BAR, tfluid_k=line.inlet_temperature
        )

    def pipe(start, end, length):
        pandapipes.create_pipe_from_parameters(
            net,
            start,
            end,
            length_km=length / 1e3,
            inner_diameter_mm=line.inner * 1e3,
            k_mm=line.roughness * 1e3,
            u_w_per_m2k=line.heat_transfer,
            text_k=line.soil,
        )

    here = junction()
    pandapipes.create_ext_grid(
        net, here, p_bar=line.inlet_pressure / BAR, t_k=line.inlet_temperature
    )
    for section in range(line.sections):
        if section:
            there = junction()
            pandapipes.create_pressure_control(
                net, here, there, there, controlled_p_bar=line.discharge_pressure / BAR
            )
            here = there
        looped, end = junction(), junction()
        for _ in range(2):
            pipe(here, looped, line.section * line.looped)
        pipe(looped, end, line.section * (1.0 - line.looped))
        here = end
    pandapipes.create_sink(net, here, mdot_kg_per_s=0.0)
    return net


def main():
    """Runs it from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--reference", required=True, help="what the crate says")
    arguments = parser.parse_args()
    line, reference = line_case.line(), line_case.Reference.read(arguments.reference)
    net = net_of(line)
    first, second = reference.fields
    share = second / (first + second)
    one, other = reference.blends.molar_mass
    flows = (first + second) * (one + share * (other - one))  # kg/s

    def solve(flow):
        net.sink["mdot_kg_per_s"] = flow
        pandapipes.pipeflow(
            net, mode="sequential", friction_model="colebrook", max_iter_hyd=100, use_numba=True
        )
        return net.res_junction.p_bar.iloc[-1] * BAR

    solve(flows[0])  # compiled
    times, off = [], []
    for place in range(SOLVES):
        start = time.perf_counter()
        pressure = solve(flows[place])
        times.append((time.perf_counter() - start) * 1e6)
        off.append(pressure / reference.values[0, place] - 1.0)
    print(
        json.dumps(
            {
                "microseconds": statistics.median(times),
                "delivered_pressure_off": [float(np.min(off)), float(np.max(off))],
            }
        )
    )


if __name__ == "__main__":
    main()
