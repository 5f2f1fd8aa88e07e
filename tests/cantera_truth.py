"""The chemistry against Cantera: thermo, rate constants, rates of progress, net production at random
states to 1e-8, and trajectories of a surface under fixed and closed gas to 1e-5.

    cantera_truth.py CHEM_PROBE QUERN SOURCE_DIR

Both programs read the same files. Cantera's constants are in kmol, ours in mol: a factor 1000 for
each order beyond the first. Constants of nature differ in the tenth digit (R is CODATA 2018 exact to
10 digits here).
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

import cantera as ct
import numpy as np

PROBE, QUERN, SOURCE = sys.argv[1:4]
RNG = np.random.default_rng(20151)
faults = []
counts = {}


def check(what, ours, theirs, tolerance, scale=0.0):
    """Relative to the larger of the value and `scale`."""
    ours, theirs = np.asarray(ours, float), np.asarray(theirs, float)
    size = np.maximum(np.abs(theirs), scale)
    error = np.abs(ours - theirs) / np.where(size > 0.0, size, 1.0)
    worst = float(np.max(error)) if error.size else 0.0
    kind = what.split(":")[0]
    n, most = counts.get(kind, (0, 0.0))
    counts[kind] = (n + error.size, max(most, worst))
    if not worst <= tolerance:
        faults.append(f"{what}: off by {worst:.2e}, ours {ours.flat[int(np.argmax(error))]!r}, "
                      f"Cantera {theirs.flat[int(np.argmax(error))]!r}")


class Both:
    """One file in both programs."""

    def __init__(self, path, surfaces, solids=(), metals=(), gas="gas"):
        self.path = path
        self.gas = ct.Solution(path, gas, transport_model=None)
        self.solids = [ct.Solution(path, name) for name in solids]
        self.metals = [ct.Solution(path, name) for name in metals]
        near = [self.gas, *self.solids, *self.metals]
        self.surfaces = [ct.Interface(path, name, adjacent=near) for name in surfaces]
        self.phases = [*self.surfaces, *self.solids, *self.metals, self.gas]
        table = self.table(298.15)
        names = [s["name"] for s in table["species"]]
        assert names == [n for p in self.phases for n in p.species_names], names
        assert len(table["reactions"]) == sum(s.n_reactions for s in self.surfaces)
        self.gammas = [s["sites"] for s in table["species"]]

    def table(self, T):
        out = subprocess.run([QUERN, "mechanism", self.path, "--json", "--temperature", f"{T!r} K"],
                             check=True, capture_output=True, text=True).stdout
        return json.loads(out)

    def probe(self, requests, rtol=1e-4):
        out = subprocess.run([PROBE, self.path, repr(rtol)], input="\n".join(requests),
                             capture_output=True, text=True)
        if out.returncode:
            sys.exit(f"{self.path}: {out.stderr}")
        return [np.array(line.split(), float) for line in out.stdout.splitlines()]

    def set(self, T, P, X, thetas, potentials=None):
        self.gas.TPX = T, P, X
        for p in [*self.solids, *self.metals]:
            p.TP = T, p.reference_pressure  # ours leaves out v dp of solids
        for s, theta in zip(self.surfaces, thetas):
            s.TP = T, P
            s.set_unnormalized_coverages(theta)
        for p, phi in zip(self.phases, potentials or [0.0] * len(self.phases)):
            if phi:
                p.electric_potential = phi

    def state(self, thetas, c=None):
        parts = [*thetas, *[[1e3] for _ in [*self.solids, *self.metals]],
                 1e3 * self.gas.concentrations if c is None else c]
        return np.concatenate(parts)


def numbers(values):
    return " ".join(repr(float(v)) for v in values)


def random_coverages(n):
    return RNG.dirichlet(np.full(n, 0.7)) * (1.0 - 1e-3 * n) + 1e-3


def thermo(both):
    for T in (250.0, 298.15, 512.3, 699.9, 1000.0, 1000.1, 1500.0):
        table = {s["name"]: s for s in both.table(T)["species"]}
        for phase in both.phases:
            if phase in both.metals:
                continue  # the electrons of a metal are the reference: zeros in both
            phase.TP = T, phase.reference_pressure
            RT = ct.gas_constant * T
            h = phase.standard_enthalpies_RT * RT * 1e-3
            s = phase.standard_entropies_R * ct.gas_constant * 1e-3
            cp = phase.standard_cp_R * ct.gas_constant * 1e-3
            for k, name in enumerate(phase.species_names):
                at = f"thermo: {os.path.basename(both.path)} {name} {T} K"
                check(at + " h", table[name]["h"], h[k], 1e-8, 1e-3 * RT)
                check(at + " s", table[name]["s"], s[k], 1e-8, 1.0)
                check(at + " cp", table[name]["cp"], cp[k], 1e-8, 1.0)


def orders(surface, i, forward):
    """Orders of a rate constant in kmol: pure phases have none."""
    q = surface.reaction(i)
    pure = {"C(gr)", "electron"}
    if not forward:
        return sum(v for k, v in q.products.items() if k not in pure)
    powers = {**q.reactants, **q.orders}
    return sum(v for k, v in powers.items() if k not in pure)


def constants(both):
    for T in (320.0, 500.0, 873.0):
        X = RNG.random(both.gas.n_species)
        both.set(T, 1e5, X, [np.full(s.n_species, 1e-13) for s in both.surfaces])
        table = both.table(T)["reactions"]
        at = 0
        for s in both.surfaces:
            kf, kr = s.forward_rate_constants, s.reverse_rate_constants
            for i in range(s.n_reactions):
                q, ours = s.reaction(i), table[at]
                at += 1
                where = f"constants: {os.path.basename(both.path)} {q.equation} {T} K"
                depends = getattr(q.rate, "coverage_dependencies", {})
                if any(d["m"] for d in depends.values()):
                    continue  # theta^m at no coverage: the rates of progress see it
                check(where, ours["forward"] * 1e3 ** (orders(s, i, True) - 1.0), kf[i], 1e-8)
                if q.reversible:
                    check(where + " reverse", ours["reverse"] * 1e3 ** (orders(s, i, False) - 1.0),
                          kr[i], 1e-8)
                else:
                    assert ours["reverse"] is None


def progress(both, n, potentials=False):
    requests, wanted = [], []
    for _ in range(n):
        T = RNG.uniform(300.0, 1300.0)
        X = RNG.dirichlet(np.ones(both.gas.n_species))
        thetas = [random_coverages(s.n_species) for s in both.surfaces]
        phi = [RNG.uniform(-0.4, 0.4) if potentials else 0.0 for _ in both.phases]
        both.set(T, 10.0 ** RNG.uniform(3.0, 6.0), X, thetas, phi)
        requests.append(f"rates {T!r} {numbers(phi)} {numbers(both.state(thetas))}")
        q, size = [], []
        total = {}
        gross = {}
        for s in both.surfaces:
            q.extend(1e3 * s.net_rates_of_progress)
            size.extend(1e3 * (s.forward_rates_of_progress + s.reverse_rates_of_progress))
            for k, name in enumerate(s.kinetics_species_names):
                total[name] = total.get(name, 0.0) + 1e3 * s.net_production_rates[k]
                gross[name] = gross.get(name, 0.0) + 1e3 * (s.creation_rates[k] +
                                                            s.destruction_rates[k])
        names = [n for p in both.phases for n in p.species_names]
        wanted.append((q, size, [total.get(n, 0.0) for n in names],
                       [gross.get(n, 0.0) for n in names]))
    rows = both.probe(requests)
    assert len(rows) == n
    for row, (q, size, total, gross) in zip(rows, wanted):
        where = f"{os.path.basename(both.path)}"
        # a net rate is measured against its two directions: near equilibrium they cancel
        check("rates of progress: " + where, row[:len(q)], q, 1e-8, np.array(size))
        check("net production: " + where, row[len(q):], total, 1e-8, np.array(gross))


def fixed_gas(both, T, P, X, start, times):
    """Cantera's own integration of the coverages under frozen gas."""
    thetas = [np.array([start.get(n, 0.0) for n in s.species_names]) for s in both.surfaces]
    both.set(T, P, X, thetas)
    ours = both.probe([f"hold {T!r} {numbers([0.0] * len(both.phases))} "
                       f"{numbers(both.state(thetas))} {len(times)} {numbers(times)}"], 1e-8)
    t = 0.0
    for row, next_t in zip(ours, times):
        at = 0
        for s in both.surfaces:
            s.advance_coverages(next_t - t, rtol=1e-10, atol=1e-16)
            check(f"fixed gas: {os.path.basename(both.path)} {next_t:g} s",
                  row[at:at + s.n_species], s.coverages, 1e-5, 1e-6)
            at += s.n_species
        t = next_t


def closed_gas(both, T, P, X, start, volume, times):
    """A constant-volume isothermal reactor with 1 m2 of every surface."""
    thetas = [np.array([start.get(n, 0.0) for n in s.species_names]) for s in both.surfaces]
    both.set(T, P, X, thetas)
    ours = both.probe([f"batch {T!r} {numbers([0.0] * len(both.phases))} "
                       f"{numbers(both.state(thetas))} {volume!r} {len(times)} {numbers(times)}"],
                      1e-8)
    reactor = ct.IdealGasReactor(both.gas, energy="off", clone=False)
    reactor.volume = volume
    surfaces = [ct.ReactorSurface(s, reactor, A=1.0, clone=False) for s in both.surfaces]
    net = ct.ReactorNet([reactor])
    net.rtol, net.atol = 1e-10, 1e-18
    net.max_steps = 200000
    for row, t in zip(ours, times):
        net.advance(t)
        at = 0
        for s in surfaces:
            theta = s.coverages if hasattr(s, "coverages") else s.phase.coverages
            check(f"closed gas: {os.path.basename(both.path)} coverages {t:g} s",
                  row[at:at + len(theta)], theta, 1e-5, 1e-6)
            at += len(theta)
        c = 1e3 * reactor.phase.concentrations
        check(f"closed gas: {os.path.basename(both.path)} gas {t:g} s", row[at:], c, 1e-5,
              1e-6 * float(np.sum(c)))


# log10 K, p in bar, and dH [kJ/mol] of the NASA-7 polynomials of TM-4513, evaluated apart: Sabatier,
# reversed shift, CO methanation, Boudouard, methanol, formic acid, ethane; dH of the first two
EQUILIBRIA = """
298.15 19.852 -5.015 24.867 21.030 -0.626 -7.605 27.585 -164.74 41.15
338.15 16.418 -4.164 20.582 17.451 -1.665 -7.303 22.076 -166.74 40.99
400 12.401 -3.189 15.589 13.316 -2.917 -6.977 15.621 -169.83 40.62
453.15 9.781 -2.569 12.350 10.659 -3.758 -6.783 11.405 -172.40 40.22
500 7.907 -2.137 10.044 8.783 -4.374 -6.654 8.388 -174.56 39.82
573.15 5.559 -1.610 7.170 6.468 -5.163 -6.503 4.606 -177.69 39.14
600 4.833 -1.451 6.284 5.761 -5.412 -6.458 3.434 -178.76 38.87
623.15 4.253 -1.326 5.579 5.200 -5.611 -6.424 2.499 -179.65 38.64
673.15 3.129 -1.087 4.216 4.121 -6.002 -6.358 0.687 -181.46 38.14
700 2.588 -0.974 3.561 3.606 -6.192 -6.327 -0.187 -182.37 37.86
773.15 1.292 -0.709 2.001 2.386 -6.652 -6.255 -2.277 -184.67 37.10
900 -0.482 -0.362 -0.121 0.747 -7.293 -6.157 -5.141 -188.07 35.78
"""
STEPS = [{"CO2": -1, "H2": -4, "CH4": 1, "H2O": 2}, {"CO2": -1, "H2": -1, "CO": 1, "H2O": 1},
         {"CO": -1, "H2": -3, "CH4": 1, "H2O": 1}, {"CO": -2, "C(gr)": 1, "CO2": 1},
         {"CO2": -1, "H2": -3, "CH3OH": 1, "H2O": 1}, {"CO2": -1, "H2": -1, "HCOOH": 1},
         {"CO2": -2, "H2": -7, "C2H6": 1, "H2O": 4}]


def equilibria(folder):
    """Gas and graphite out of Cantera's own data files, by name."""
    data = os.path.join(os.path.dirname(ct.__file__), "data")
    for name in ("nasa_gas.yaml", "nasa_condensed.yaml"):
        shutil.copy(os.path.join(data, name), folder)
    path = os.path.join(folder, "equilibria.yaml")
    open(path, "w", encoding="utf-8").write(
        "phases:\n- name: gas\n  thermo: ideal-gas\n  species:\n"
        "  - nasa_gas.yaml/species: [H2, CO2, CO, CH4, H2O, CH3OH, HCOOH, C2H6]\n"
        "- name: graphite\n  thermo: fixed-stoichiometry\n  species:\n"
        "  - nasa_condensed.yaml/species: [C(gr)]\n")
    for line in EQUILIBRIA.split("\n")[1:-1]:
        T, *want = map(float, line.split())
        out = subprocess.run([QUERN, "mechanism", path, "--json", "--temperature", f"{T!r} K"],
                             check=True, capture_output=True, text=True).stdout
        at = {s["name"]: s for s in json.loads(out)["species"]}
        dH = [sum(nu * at[k]["h"] for k, nu in step.items()) for step in STEPS]
        dS = [sum(nu * at[k]["s"] for k, nu in step.items()) for step in STEPS]
        log_K = [(s - h / T) / (8.314462618 * np.log(10.0)) for h, s in zip(dH, dS)]
        for i, value in enumerate(log_K):  # three decimals are given
            n, worst = counts.get("log10 K", (0, 0.0))
            counts["log10 K"] = n + 1, max(worst, abs(value - want[i]))
            if not abs(value - want[i]) <= 6e-4:
                faults.append(f"equilibria: {T} K {STEPS[i]}: {value:.5f}, not {want[i]}")
        for i in range(2):
            if not abs(1e-3 * dH[i] - want[7 + i]) <= 6e-3:
                faults.append(f"equilibria: {T} K dH {STEPS[i]}: {dH[i]:.1f}, not {want[7 + i]}")


def without(path, to, *sections):
    """A copy without some of our own sections (Cantera ignores them, ours would run them)."""
    keep, out = True, []
    for line in open(path, encoding="utf-8"):
        if line[:1].isalpha():
            keep = line.split(":")[0] not in sections
        if keep:
            out.append(line)
    open(to, "w", encoding="utf-8").writelines(out)
    return to


def shipped_platinum(folder):
    """Cantera's ptcombust, its surface untouched; gas reactions, which are not ours, left out."""
    data = os.path.join(os.path.dirname(ct.__file__), "data")
    shutil.copy(os.path.join(data, "gri30.yaml"), folder)
    text = open(os.path.join(data, "ptcombust.yaml"), encoding="utf-8").read()
    gas = "  reactions:\n  - gri30.yaml/reactions: declared-species\n"
    assert text.count(gas) == 1
    path = os.path.join(folder, "ptcombust.yaml")
    open(path, "w", encoding="utf-8").write(text.replace(gas, "  reactions: none\n"))
    return path


def refuses_gas_reactions(folder):
    """The shipped file as it is: refused at the line of its gas reactions, not half read."""
    data = os.path.join(os.path.dirname(ct.__file__), "data")
    path = os.path.join(folder, "whole.yaml")
    shutil.copy(os.path.join(data, "ptcombust.yaml"), path)
    out = subprocess.run([QUERN, "mechanism", path], capture_output=True, text=True)
    lines = open(path, encoding="utf-8").read().splitlines()
    line = 1 + next(i for i, text in enumerate(lines) if text == "  reactions:")
    if out.returncode != 3 or f"whole.yaml:{line}:3: reactions in the gas" not in out.stderr:
        faults.append(f"gas reactions: {out.returncode} {out.stderr}")


def main():
    print("Cantera", ct.__version__)
    with tempfile.TemporaryDirectory() as folder:
        nickel = Both(os.path.join(SOURCE, "inputs/mechanisms/delgado2015-ni.yaml"), ["ni"])
        platinum = Both(shipped_platinum(folder), ["Pt_surf"])
        guan = Both(without(os.path.join(SOURCE, "inputs/guan2025/mechanism.yaml"),
                            os.path.join(folder, "guan.yaml"), "spill-over-reactions",
                            "mechanical-reactions"), ["ni", "zro2", "steel"])
        forms = Both(os.path.join(SOURCE, "tests/decks/forms.yaml"), ["face"], ["graphite"],
                     ["metal"])
        refuses_gas_reactions(folder)
        equilibria(folder)
        fast = Both(without(os.path.join(SOURCE, "inputs/accelerated/mechanism.yaml"),
                            os.path.join(folder, "fast.yaml"), "spill-over-reactions",
                            "mechanical-reactions"), ["zro2"])
        for both in (nickel, platinum, guan, fast, forms):
            thermo(both)
            constants(both)
            progress(both, 40)
        progress(forms, 40, potentials=True)

        times = [1e-9, 1e-6, 1e-3, 1.0, 1e3]
        mix = {"H2": 0.6, "CO2": 0.15, "CO": 0.01, "CH4": 0.08, "H2O": 0.16}
        burn = {"CH4": 0.095, "O2": 0.21, "AR": 0.79}
        fixed_gas(nickel, 673.15, 1e5, mix, {"M(ni)": 1.0}, times)
        closed_gas(nickel, 573.15, 1e5, mix, {"M(ni)": 1.0}, 1e-5, times)
        fixed_gas(platinum, 900.0, 101325.0, burn, {"PT(S)": 0.5, "H(S)": 0.5}, times)
        closed_gas(platinum, 900.0, 101325.0, burn, {"PT(S)": 0.5, "H(S)": 0.5}, 1e-4, times)
        wet = {"H2": 0.7, "CO2": 0.2, "H2O": 0.05, "CO": 0.04, "CH4": 0.01}
        bare = {"M(ni)": 1.0, "O(ox)": 0.7, "V(ox)": 0.2, "H(ox)": 0.1, "S(steel)": 1.0}
        fixed_gas(guan, 500.0, 1e5, wet, bare, times)
        closed_gas(guan, 600.0, 1e5, wet, bare, 1e-4, times)

    for kind, (n, worst) in counts.items():
        print(f"{kind:20s} {n:7d} numbers, worst {worst:.1e}")
    for fault in faults[:40]:
        print("FAULT", fault)
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
