"""GERG-2008 written a second time, to hold the crate's own against.

Reads the constants out of NIST's GERG2008.cpp (public domain; its folder AGA8CODE/C), evaluates
the reduced Helmholtz energy with 40 digits and takes every derivative as a central difference of
it, so that no formula for a derivative is shared with the crate. Needs mpmath.

    python3 evaluate.py GERG2008.cpp mixtures >mixtures.csv      1,000 random mixtures
    python3 evaluate.py GERG2008.cpp fugacities >fugacities.csv  ln phi of components of 60 of them
"""

import collections
import random
import re
import sys

import mpmath as mp

mp.mp.dps = 40
STEP = mp.mpf(10) ** -10
R = mp.mpf("8.314472")
FITTED = mp.mpf("8.31451") / R
T0, P0 = mp.mpf("298.15"), mp.mpf("101.325")


def constants(path):
    text = open(path, encoding="latin1").read()
    setup = text[text.index("void SetupGERG()") : text.index("// Ideal gas terms")]
    table = collections.defaultdict(dict)
    for name, i, j, value in re.findall(
        r"(\w+)\[(\d+)\](?:\[(\d+)\])?\s*=\s*([-+0-9.eE]+);", setup
    ):
        table[name][(int(i), int(j)) if j else int(i)] = mp.mpf(value)
    # exponents that loops give to several components: those of propane first, then of methane
    shared = re.findall(r"([cdt]oik)\[i\]\[(\d+)\] = ([-0-9.]+);", setup)
    forms = []
    for part in (shared[:36], shared[36:]):
        form = collections.defaultdict(dict)
        for name, term, value in part:
            form[name][int(term)] = mp.mpf(value)
        forms.append(form)
    short, long = forms
    terms = {}
    for i in range(1, 22):
        count = sum(1 for key in table["noik"] if key[0] == i)
        form = long if i in (1, 2, 4) else None if i in (3, 15, 18, 20) else short
        terms[i] = [
            (table["noik"][(i, k)],)
            + tuple(
                form[name][k] if form else table[name][(i, k)] for name in ("doik", "toik", "coik")
            )
            for k in range(1, count + 1)
        ]
    departures = {}
    for pair, model in table["mNumb"].items():
        departures[pair] = (
            table["fij"][pair],
            [
                tuple(table[name][(int(model), k)] for name in
                      ("nijk", "dijk", "tijk", "cijk", "eijk", "bijk", "gijk"))
                for m, k in sorted(table["dijk"])
                if m == model
            ],
        )
    return table, terms, departures


def residual(of, n, volume, temperature):
    """alpha_r of n mol (a dictionary by component, 1 to 21) in a volume, dm3, at K."""
    table, terms, departures = of
    total = sum(n.values())
    x = {i: amount / total for i, amount in n.items()}
    reduced_volume = reduced_temperature = mp.mpf(0)
    for i in x:
        for j in x:
            if i == j:
                reduced_volume += x[i] ** 2 / table["Dc"][i]
                reduced_temperature += x[i] ** 2 * table["Tc"][i]
                continue
            a, b = min(i, j), max(i, j)
            beta_v, gamma_v = table["bvij"][(a, b)], table["gvij"][(a, b)]
            beta_t, gamma_t = table["btij"][(a, b)], table["gtij"][(a, b)]
            lengths = mp.cbrt(1 / table["Dc"][a]) + mp.cbrt(1 / table["Dc"][b])
            share = x[a] * x[b] * (x[a] + x[b])
            reduced_volume += (
                share * beta_v * gamma_v / (beta_v**2 * x[a] + x[b]) * lengths**3 / 8
            )
            reduced_temperature += (
                share * beta_t * gamma_t / (beta_t**2 * x[a] + x[b])
                * mp.sqrt(table["Tc"][a] * table["Tc"][b])
            )
    delta, tau = total / volume * reduced_volume, reduced_temperature / temperature
    log_delta, log_tau = mp.log(delta), mp.log(tau)
    sum_of = mp.mpf(0)
    for i in x:
        for a, d, t, c in terms[i]:
            damping = delta**c if c else 0
            sum_of += x[i] * a * mp.exp(d * log_delta + t * log_tau - damping)
    for (i, j), (factor, model) in departures.items():
        if i in x and j in x:
            for a, d, t, eta, epsilon, beta, gamma in model:
                bell = -eta * (delta - epsilon) ** 2 - beta * (delta - gamma)
                bell = bell if epsilon else 0
                sum_of += x[i] * x[j] * factor * a * mp.exp(d * log_delta + t * log_tau + bell)
    return sum_of


def ideal(of, n, volume, temperature):
    table = of[0]
    total = sum(n.values())
    sum_of = mp.mpf(0)
    for i, amount in n.items():
        share = amount / total
        number = {k: table["n0i"].get((i, k), mp.mpf(0)) for k in range(1, 8)}
        waves = mp.mpf(0)
        for k in range(4, 8):
            theta = table["th0i"].get((i, k), mp.mpf(0))
            if theta:
                wave = mp.sinh if k in (4, 6) else mp.cosh
                sign = 1 if k in (4, 6) else -1
                waves += sign * number[k] * mp.log(wave(theta / temperature))
        density = total / volume * R * T0 / P0
        part = number[1] - (number[3] - 1) * mp.log(temperature) + waves
        part = FITTED * (part + (number[2] + T0) / temperature) - T0 / temperature
        sum_of += share * (mp.log(density) + mp.log(share) + part)
    return sum_of


def properties(of, n, density, temperature):
    """Z, cv, cp, w (m/s), Joule-Thomson (K/kPa), h, s of one mole; density in mol/dm3."""

    def helmholtz(rho, kelvin):
        return R * kelvin * (residual(of, n, 1 / rho, kelvin) + ideal(of, n, 1 / rho, kelvin))

    h, k = density * STEP, temperature * STEP
    at = {
        (i, j): helmholtz(density + i * h, temperature + j * k)
        for i in (-1, 0, 1) for j in (-1, 0, 1)
    }
    a = at[0, 0]
    a_d = (at[1, 0] - at[-1, 0]) / (2 * h)
    a_dd = (at[1, 0] - 2 * a + at[-1, 0]) / h**2
    a_t = (at[0, 1] - at[0, -1]) / (2 * k)
    a_tt = (at[0, 1] - 2 * a + at[0, -1]) / k**2
    a_dt = (at[1, 1] - at[1, -1] - at[-1, 1] + at[-1, -1]) / (4 * h * k)
    pressure = density**2 * a_d
    p_d, p_t = 2 * density * a_d + density**2 * a_dd, density**2 * a_dt
    cv = -temperature * a_tt
    if p_d <= 0 or cv <= 0:
        return None
    cp = cv + temperature * p_t**2 / density**2 / p_d
    molar_mass = sum(share * of[0]["MMiGERG"][i] for i, share in n.items())
    sound = mp.sqrt(1000 * cp / cv * p_d / molar_mass)
    cooling = (temperature * p_t / density / p_d - 1) / (cp * density)
    enthalpy = a - temperature * a_t + pressure / density
    return [pressure / (density * R * temperature), cv, cp, sound, cooling, enthalpy, -a_t]


def mixtures(of):
    random.seed(2008)
    drawn = []
    while len(drawn) < 1000:
        count = random.choice([1, 2, 2, 3, 4, 6, 8, 12, 16, 21])
        chosen = sorted(random.sample(range(1, 22), count))
        amounts = {i: int(10 ** random.uniform(0, 3)) for i in chosen}
        if random.random() < 0.4:  # as natural gases are
            amounts[1] = random.randint(1000, 9000)
        total = sum(amounts.values())
        density_scale = 1 / sum(mp.mpf(a) / total / of[0]["Dc"][i] for i, a in amounts.items())
        temperature_scale = sum(mp.mpf(a) / total * of[0]["Tc"][i] for i, a in amounts.items())
        kelvin = round(float(temperature_scale) / random.uniform(0.4, 1.5), 1)
        rho = round(float(density_scale) * 10 ** random.uniform(-3, 0.45), 4)
        if 60 <= kelvin <= 700 and rho > 0:
            drawn.append((amounts, kelvin, rho))
    return drawn


def row(amounts, numbers):
    return ",".join([str(amounts.get(i, "")) for i in range(1, 22)] + numbers)


def main():
    of = constants(sys.argv[1])
    names = [f"x{i}" for i in range(1, 22)]
    if sys.argv[2] == "mixtures":
        print(",".join(names + ["T_K", "rho_mol_per_l", "Z", "cv", "cp", "w", "JT_K_per_kPa", "h", "s"]))
    else:
        print(",".join(names + ["T_K", "rho_mol_per_l", "component", "ln_phi"]))
    written = 0
    for amounts, kelvin, rho in mixtures(of):
        total = sum(amounts.values())
        n = {i: mp.mpf(a) / total for i, a in amounts.items()}
        temperature, density = mp.mpf(repr(kelvin)), mp.mpf(repr(rho))
        if sys.argv[2] == "mixtures":
            values = properties(of, n, density, temperature)
            if values is None:  # no gas: its pressure falls with density
                values = [""] * 7
            numbers = [repr(kelvin), repr(rho)] + [v and mp.nstr(v, 15) for v in values]
            print(row(amounts, numbers), flush=True)
            continue
        volume = 1 / density

        def moles(i, change):
            changed = dict(n)
            changed[i] = changed[i] + change
            return sum(changed.values()) * residual(of, changed, volume, temperature)

        step = volume * STEP
        pressed = (residual(of, n, volume + step, temperature)
                   - residual(of, n, volume - step, temperature)) / (2 * step)
        z = 1 - volume * pressed
        if z <= 0:
            continue
        for i in list(n)[:3]:
            slope = (moles(i, STEP) - moles(i, -STEP)) / (2 * STEP)
            numbers = [repr(kelvin), repr(rho), str(i), mp.nstr(slope - mp.log(z), 15)]
            print(row(amounts, numbers), flush=True)
        written += 1
        if written == 60:
            return


main()
