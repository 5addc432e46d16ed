#!/usr/bin/env python3
"""How the time to read and run an input grows with its size.

    cargo build --release -p gaschain-cli
    python3 benches/linear.py target/release/gaschain [WORDS OF A CASE]...

Each case writes an input of n entries for n = 1,000, 10,000 and 100,000 (as far as stated bounds
let), runs the command on it and prints the seconds of each, less those of starting the program, and
the exponent between the two largest: 1 where twice the input takes twice the time. Cases whose
largest input takes less than a twentieth of a second say nothing and have no exponent.
"""

import math
import os
import subprocess
import sys
import tempfile
import time

SIZES = (1_000, 10_000, 100_000)
CASES = {}


def case(name, sizes=SIZES):
    def add(make):
        CASES[name] = (make, sizes)
        return make
    return add


def write(path, text):
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)


SWEEP = 'name = "x"\nchain = "amur"\noutputs = ["kovykta.stopped_by"]\n'
TRAINS = '[[axis]]\nparameter = "gpp.trains"\nvalues = [4, 5]\n'
VALLEY = """name = "valley"
species = ["methane", "ethane", "ethylene", "propane", "hydrogen", "propylene"]
connections = ["field -> city"]
[leaving]
products = ["city.sales_gas"]
[stages.field]
kind = "supply"
%s
set.flow = "3 bcm/yr"
set.composition = %s
[stages.city]
kind = "market"
product = "sales_gas"
"""
PURE = "{ methane = 1.0 }"


@case("rows of a scenario table, judged", (1_000, 10_000, 100_000, 1_000_000))
def _(n):
    rows = "".join(f"s{i},{10 + 15 * i / n:.4f}\n" for i in range(n))
    write("t.csv", "name,kovykta.flow [bcm/yr]\n" + rows)
    return ["check", "t.csv"]


@case("rows of a scenario table, run")
def _(n):
    rows = "".join(f"s{i},{10 + 15 * i / n:.4f}\n" for i in range(n))
    write("t.csv", "name,kovykta.flow [bcm/yr]\n" + rows)
    return ["run", "t.csv"]


@case("rows of a sweep's table")
def _(n):
    rows = "".join(f"s{i},{10 + 15 * i / n:.6f}\n" for i in range(n))
    write("t.csv", "name,kovykta.flow [bcm/yr]\n" + rows)
    write("s.toml", SWEEP + '[design]\nkind = "table"\nfile = "t.csv"\n')
    return ["check", "s.toml"]


@case("observations of an axis")
def _(n):
    write("t.csv", "x\n" + "".join(f"{10 + 15 * i / n:.6f}\n" for i in range(n)))
    write("s.toml", SWEEP + '[design]\nkind = "monte_carlo"\nsamples = 4\n[[axis]]\n'
          'parameter = "kovykta.flow"\ndistribution = "empirical"\nfile = "t.csv"\n'
          'column = "x"\nunit = "bcm/yr"\n')
    return ["check", "s.toml"]


@case("values of an axis")
def _(n):
    values = ", ".join(f'"{10 + 15 * i / n:.6f} bcm/yr"' for i in range(n))
    write("s.toml", SWEEP + '[design]\nkind = "grid"\n[[axis]]\nparameter = "kovykta.flow"\n'
          f"values = [{values}]\n")
    return ["check", "s.toml"]


@case("doubled values of an axis")
def _(n):
    write("s.toml", SWEEP + '[design]\nkind = "grid"\n[[axis]]\nparameter = "gpp.trains"\n'
          "values = [" + ", ".join(["4"] * n) + "]\n")
    return ["check", "s.toml"]


@case("faults in a table, values")
def _(n):
    write("t.csv", "name,gpp.trains\n" + "".join(f"s{i},many\n" for i in range(n)))
    return ["check", "t.csv"]


@case("faults in a table, doubled names")
def _(n):
    write("t.csv", "name,gpp.trains\n" + "same,4\n" * n)
    return ["check", "t.csv"]


@case("faults in a table, ragged rows")
def _(n):
    write("t.csv", "name,gpp.trains\n" + "a,4,5\n" * n)
    return ["check", "t.csv"]


@case("faults in a scenario file")
def _(n):
    write("s.toml", 'name = "x"\nchain = "amur"\n[set]\n' + "".join(f"a{k} = 1\n" for k in range(n)))
    return ["check", "s.toml"]


@case("faults in a sweep file, axes")
def _(n):
    axes = "".join(f'[[axis]]\nparameter = "a{k}"\nvalues = [4, 5]\n' for k in range(n))
    write("s.toml", SWEEP + '[design]\nkind = "one_at_a_time"\n' + axes)
    return ["check", "s.toml"]


@case("unknown keys of a scenario file")
def _(n):
    write("s.toml", 'name = "x"\nchain = "amur"\n' + "".join(f"a{k} = 1\n" for k in range(n)))
    return ["check", "s.toml"]


@case("columns of a table")
def _(n):
    write("t.csv", "name," + ",".join(f"c{k}" for k in range(n)) + "\na\n")
    return ["check", "t.csv"]


@case("blank columns at the end of a table")
def _(n):
    write("t.csv", "name,gpp.trains" + "," * n + "\na,4" + "," * n + "\n")
    return ["check", "t.csv"]


@case("rows of feeds.csv")
def _(n):
    write("feeds.csv", "feed,unit,methane\n" + "".join(f"f{i},mol %,100\n" for i in range(n)))
    write("chain.toml", VALLEY % ('feeds = "feeds.csv"', '"f0"'))
    return ["check", "."]


@case("rows of species.csv")
def _(n):
    rows = "".join(f"own {i},C{i % 40 + 1}H4\n" for i in range(n))
    write("species.csv", "species,formula\n" + rows)
    write("chain.toml", VALLEY % ("", PURE))
    return ["check", "."]


@case("rows of announced.csv")
def _(n):
    rows = "".join(f"p{i},current,1,bcm/yr,published,x\n" for i in range(n))
    write("announced.csv", "product,status,value,unit,evidence,source\n" + rows)
    write("chain.toml", 'announced = "announced.csv"\n' + VALLEY % ("", PURE))
    return ["check", "."]


@case("rows of yields.csv")
def _(n):
    rows = "".join(
        f"s{i},ethane,{name},{share},ultimate,,\n"
        for i in range(n // 2) for name, share in (("ethylene", 0.8), ("methane", 0.2)))
    write("yields.csv", "set,feed,product,mass_fraction_of_feed,basis,evidence,source\n" + rows)
    text = VALLEY % ("", PURE)
    write("chain.toml", text + '[stages.crack]\nkind = "crack"\nyields = "yields.csv"\n'
          'feeds.ethane = "ethane"\n')
    return ["check", "."]


def stages(n):
    names = [f"p{i}" for i in range(n)]
    joined = " -> ".join(["field", *names, "city"])
    text = (VALLEY % ("", PURE)).replace("field -> city", joined)
    return text + "".join(f'[stages.{name}]\nkind = "blend"\ninlets = ["in"]\n' for name in names)


@case("stages and connections of a chain", (1_000, 3_000, 10_000))
def _(n):
    write("chain.toml", stages(n))
    return ["check", "."]


@case("limits of a chain", (1_000, 3_000, 10_000))
def _(n):
    limits = "".join(
        f'[limits.l{i}]\nat = "city.sales_gas"\nof = "volume"\nat_most = "{5 + i} bcm/yr"\n'
        for i in range(n))
    write("chain.toml", VALLEY % ("", PURE) + limits)
    return ["check", "."]


@case("faults in a chain file, connections")
def _(n):
    joined = '"field -> city", ' + ", ".join(f'"a{i} -> b{i}"' for i in range(n))
    write("chain.toml", (VALLEY % ("", PURE)).replace('"field -> city"', joined))
    return ["check", "."]


@case("files beside a chain that it does not name", (1_000, 10_000))
def _(n):
    write("chain.toml", VALLEY % ("", PURE))
    for i in range(n):
        write(f"t{i}.csv", "a,b\n1\n")
    return ["check", "."]


@case("scenario files on the command line", (1_000, 5_000, 20_000))
def _(n):
    for i in range(n):
        write(f"s{i}.toml", 'name = "x"\nchain = "amur"\n[set]\n"gpp.trains" = 4\n')
    return ["check", *(f"s{i}.toml" for i in range(n))]


@case("overrides in a scenario", (1_000, 3_000, 10_000))
def _(n):
    write("chain.toml", stages(10) + "".join(
        f'[limits.l{i}]\nat = "city.sales_gas"\nof = "volume"\nat_most = "{5 + i} bcm/yr"\n'
        for i in range(n)))
    write("x.toml", 'name = "x"\nchain = "."\n[set]\n' + "".join(f'l{k} = "99999 bcm/yr"\n' for k in range(n)))
    return ["check", "x.toml"]


@case("changes on the command line", (1_000, 5_000, 20_000))
def _(n):
    return ["run", "nameplate", *(word for k in range(n) for word in ("--set", f"a{k}=4"))]


@case("outputs of a sweep")
def _(n):
    outputs = ", ".join(f'"heihe.sales_gas.volume{" " * k} [bcm/yr]"' for k in range(1, n // 100 + 1))
    write("s.toml", f'name = "x"\nchain = "amur"\noutputs = [{outputs}]\n[design]\nkind = "grid"\n' + TRAINS)
    return ["check", "s.toml"]


@case("unknown outputs of a sweep")
def _(n):
    outputs = ", ".join(f'"a{k}.b"' for k in range(n))
    write("s.toml", f'name = "x"\nchain = "amur"\noutputs = [{outputs}]\n[design]\nkind = "grid"\n' + TRAINS)
    return ["check", "s.toml"]


@case("correlations")
def _(n):
    axes = "".join(f'[[axis]]\nparameter = "{name}"\nlow = "20 bcm/yr"\nhigh = "21 bcm/yr"\n'
                   for name in ("kovykta.flow", "chayanda.flow"))
    pairs = '[[correlation]]\nbetween = ["kovykta.flow", "chayanda.flow"]\ncoefficient = 0.1\n' * n
    write("s.toml", SWEEP + '[design]\nkind = "monte_carlo"\nsamples = 4\n' + axes + pairs)
    return ["check", "s.toml"]


@case("nesting of lists")
def _(n):
    write("s.toml", 'name = "x"\nchain = "amur"\n[set]\na = ' + "[" * n + "]" * n + "\n")
    return ["check", "s.toml"]


@case("dots of a key")
def _(n):
    write("s.toml", 'name = "x"\nchain = "amur"\n[set]\n' + ".".join(["a"] * n) + " = 1\n")
    return ["check", "s.toml"]


@case("tables of a file")
def _(n):
    write("s.toml", 'name = "x"\nchain = "amur"\n' + "".join(f"[set.t{k}]\na = 1\n" for k in range(n)))
    return ["check", "s.toml"]


def seconds(command, words):
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([command, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        times.append(time.perf_counter() - start)
        if times[-1] > 5:
            break
    return min(times)


def main():
    command = os.path.abspath(sys.argv[1])
    wanted = sys.argv[2:]
    start = seconds(command, ["list", "scenarios"])
    print(f"start: {start:.3f} s; exponents between the two largest", flush=True)
    for name, (make, sizes) in CASES.items():
        if wanted and not any(word in name for word in wanted):
            continue
        times = []
        for n in sizes:
            with tempfile.TemporaryDirectory() as folder:
                os.chdir(folder)
                times.append(max(seconds(command, make(n)) - start, 1e-6))
                os.chdir("/")
            if times[-1] > 120:
                break
        shown = ", ".join(f"{n:,}: {t:.3f} s" for n, t in zip(sizes, times))
        exponent = "      -"
        if len(times) > 1 and times[-1] > 0.05:
            grown = math.log(max(times[-1], 1e-6) / max(times[-2], 1e-3))
            exponent = f"{grown / math.log(sizes[len(times) - 1] / sizes[len(times) - 2]):7.2f}"
        print(f"{exponent}  {name}: {shown}", flush=True)


main()
