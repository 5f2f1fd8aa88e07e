"""Quern against Cantera in one run on one core, each at the loosest tolerance that meets the same
measured error. Run by scripts/bench-chem.

Error of a surface: the largest |theta - reference| / max(reference, 1e-6) of its coverages; of a
case: the median of the sample's surfaces (what 95 % stay below is printed, too: Cantera's falls only
slowly with its tolerance on some). The reference is Quern at rtol 1e-9; how Cantera's tight run
differs from it is printed.
Cantera runs on a random sample whose size is printed; its times are per surface. Times are of the
processor.
"""
import os
import subprocess
import sys
import tempfile
import time
import warnings
from math import exp

import cantera as ct
import numpy as np

warnings.filterwarnings("ignore")
PROBE = sys.argv[1]
CASES = sys.argv[2:] or ["rests", "pulses", "coupled", "growth"]
MECHANISM = "inputs/mechanisms/delgado2015-ni.yaml"
TARGET = {"rests": 1e-4, "pulses": 3e-4, "coupled": 1e-3}  # Cantera reaches no less in pulses
FLOOR = 1e-6
RNG = np.random.default_rng(20150871)
GAS = np.array([40.0, 10.0, 3.0, 3.0, 3.0, 0.03])  # H2, CO2, CO, CH4, H2O, O2 [mol/m3]
FOLDER = tempfile.mkdtemp()
NS, NG = 14, 6


def problem(n, pulses=False):
    """Rows of T, gas, coverages (and rise, t_c, t_cut, e-fold): every surface another. From 700 K, where the
    mechanism was fitted; what a pulse meets has rested for 1 s."""
    T = np.full(n, 700.0) if pulses else RNG.uniform(700.0, 1000.0, n)
    theta = RNG.random((n, NS)) ** 6 + 1e-4
    parts = [T[:, None], RNG.uniform(0.2, 1.0, (n, NG)) * GAS, theta / theta.sum(1)[:, None]]
    if pulses:
        parts[2] = quern("rests", np.hstack(parts), 1e-3)[1]
        parts.append(np.column_stack([RNG.uniform(100.0, 700.0, n), np.full(n, 30e-6),
                                      np.full(n, 10e-3), RNG.uniform(0.3e-3, 2e-3, n)]))
    return np.hstack(parts)


def quern(mode, rows, rtol, *more):
    """Seconds, coverages, counts."""
    path, answers = os.path.join(FOLDER, "in"), os.path.join(FOLDER, "out")
    np.concatenate([[rows.shape[0], rows.shape[1]], rows.ravel()]).tofile(path)
    line = subprocess.run([PROBE, mode, MECHANISM, repr(rtol), path, answers, *map(repr, more)],
                          check=True, capture_output=True, text=True).stdout.split()
    if int(line[3]):
        sys.exit(f"quern {mode} failed at {rtol}")
    out = np.fromfile(answers).reshape(rows.shape[0], NS + NG)
    return float(line[0]), out[:, :NS], dict(steps=int(line[1]), rejects=int(line[2]),
                                             bytes=float(line[4]))


def errors(theta, reference):
    """Of each surface."""
    return np.max(np.abs(theta - reference) / np.maximum(reference, FLOOR), axis=1)


def error(theta, reference):
    return float(np.median(errors(theta, reference)))


class Pulse(ct.ExtensibleIdealGasReactor):
    """T' is prescribed: linear heating for t_c, then an exponential: the pulse of a grain flung off
    after its contact. (Of a constant flux, whose slope is infinite at 0 and t_c, CVODES finds the
    temperature only slowly as its tolerance falls.) One line of Python each evaluation."""

    def shape(self, dT, t_c, e_fold, cooling):
        self.rate, self.t_c, self.e_fold = dT / (-e_fold if cooling else t_c), t_c, e_fold
        self.cooling = cooling

    def after_eval(self, t, LHS, RHS):
        RHS[2] = LHS[2] * (self.rate * exp((self.t_c - t) / self.e_fold) if self.cooling else self.rate)


class Cantera:
    """One reused network; its gas is so much that it stays what it is."""

    def __init__(self, rtol, atol, reactor):
        self.gas = ct.Solution(MECHANISM, "gas", transport_model=None)
        self.gas.TPX = 600.0, 1e5, "H2:1"
        self.surface = ct.Interface(MECHANISM, "ni", adjacent=[self.gas])
        self.reactor = reactor(self.gas, clone=False)
        self.reactor.energy_enabled = reactor is Pulse
        self.reactor.volume = 1e6
        self.at = ct.ReactorSurface(self.surface, self.reactor, A=1.0, clone=False)
        self.net = ct.ReactorNet([self.reactor])
        self.net.rtol, self.net.atol, self.net.max_steps = rtol, atol, 10 ** 6

    def state(self, T, c, theta):
        self.gas.TP = T, 1e5
        self.gas.concentrations = 1e-3 * c
        self.surface.TP = T, self.gas.P
        self.at.coverages = theta
        self.reactor.syncState()

    def rest(self, row):
        self.state(row[0], row[1:1 + NG], row[1 + NG:])
        self.net.initial_time = 0.0
        self.net.reinitialize()
        self.net.advance(1.0)
        return np.array(self.surface.coverages)

    def pulse(self, row):
        T, c, theta, (dT, t_c, end, e_fold) = row[0], row[1:1 + NG], row[1 + NG:-4], row[-4:]
        for T, cooling in ((T, False), (T + dT, True)):
            self.state(T, c, theta)
            self.reactor.shape(dT, t_c, e_fold, cooling)
            self.net.initial_time = t_c if cooling else 0.0
            self.net.reinitialize()
            self.net.advance(end if cooling else t_c)
            theta = np.array(self.surface.coverages)
        return theta

    def alone(self, row):
        """Without a network: Cantera's integrator of coverages at fixed gas and temperature."""
        self.state(row[0], row[1:1 + NG], row[1 + NG:])
        self.surface.advance_coverages(1.0, rtol=self.net.rtol, atol=self.net.atol)
        return np.array(self.surface.coverages)


def run_cantera(rows, rtol, atol, reactor, how):
    c = Cantera(rtol, atol, reactor)
    getattr(c, how)(rows[0])
    start = time.process_time()
    theta = np.array([getattr(c, how)(row) for row in rows])
    return (time.process_time() - start) / len(rows), theta


def loosest(mode, name, tolerances, run, reference):
    """First tolerance whose error is within the target, and what it costs."""
    for tolerance in tolerances:
        try:
            seconds, theta = run(tolerance)
        except ct.CanteraError as fault:
            print(f"  {name} at rtol {tolerance:.0e}: fails ({str(fault).splitlines()[3][:80]})")
            continue
        e = error(theta, reference)
        print(f"  {name} at rtol {tolerance:.0e}: {1e6 * seconds:9.1f} us a surface, error {e:.1e}, "
              f"95 % below {np.quantile(errors(theta, reference), 0.95):.1e}", flush=True)
        if e <= TARGET[mode]:
            return seconds, tolerance, e
    print(f"  {name}: no tolerance meets {TARGET[mode]}", flush=True)
    return None


LADDER = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9]


def independent(mode, n, sample, reactor, how):
    rows = problem(n, mode == "pulses")
    some = rows[RNG.choice(n, sample, replace=False)]
    print(f"{mode}: {n} surfaces, each with states, gas and temperature of its own; Cantera, and both"
          f" errors, on a random {sample} of them")
    reference = quern(mode, some, 1e-9)[1]
    _, tight = run_cantera(some, 1e-10, 1e-20, reactor, how)
    print(f"  Cantera at 1e-10 differs by {error(tight, reference):.1e}, 95 % below "
          f"{np.quantile(errors(tight, reference), 0.95):.1e}")
    theirs = loosest(mode, "Cantera, ReactorNet", LADDER,
                     lambda r: run_cantera(some, r, 1e-8 * r, reactor, how), reference)
    ours = loosest(mode, "Quern", LADDER, lambda r: (quern(mode, some, r)[0] / sample,
                                               quern(mode, some, r)[1]), reference)
    seconds, _, count = quern(mode, rows, ours[1])
    single = quern("single" if mode == "rests" else "single-pulses", rows[:min(n, 2000)], ours[1])[0]
    single /= min(n, 2000)
    print(f"  Quern, all {n}: {seconds:.2f} s, {1e6 * seconds / n:.1f} us a surface, "
          f"{count['steps'] / n:.0f} steps, {count['rejects'] / n:.0f} rejected; one at a time "
          f"{1e6 * single:.1f} us; workspace {count['bytes'] / 1e3:.0f} kB whatever their number")
    if not theirs:
        sys.exit(1)
    if how == "rest":
        other = loosest(mode, "Cantera, advance_coverages", LADDER,
                        lambda r: run_cantera(some, r, 1e-8 * r, reactor, "alone"), reference)
        print(f"  ratio to advance_coverages {other[0] * n / seconds:.1f}")
    print(f"RATIO {mode}: {theirs[0] * n / seconds:.1f} times Cantera's throughput (errors "
          f"{ours[2]:.1e} and {theirs[2]:.1e})\n", flush=True)


def crowd(rows, volume, rtol, atol, end, reactor, sparse):
    """One reactor under all surfaces."""
    gas = ct.Solution(MECHANISM, "gas", transport_model=None)
    gas.TP = rows[0, 0], 1e5
    gas.concentrations = 1e-3 * rows[0, 1:1 + NG]
    r = reactor(gas, energy="off", clone=False)
    r.volume = volume
    surfaces = []
    for row in rows:
        s = ct.Interface(MECHANISM, "ni", adjacent=[gas])
        s.TP = rows[0, 0], gas.P
        s.coverages = row[1 + NG:]
        surfaces.append(s)
    held = [ct.ReactorSurface(s, r, A=1.0, clone=False) for s in surfaces]
    net = ct.ReactorNet([r])
    net.rtol, net.atol, net.max_steps = rtol, atol, 10 ** 6
    if sparse:
        net.preconditioner = ct.AdaptivePreconditioner()
    start = time.process_time()
    net.advance(end)
    return (time.process_time() - start) / len(rows), np.array([s.coverages for s in held])


def coupled(n=100, end=1e-3):
    rows = problem(n)
    rows[:, 0] = 650.0  # a reactor of Cantera has one temperature
    volume = n * 2.66e-5 / 10.0  # ten moles a cubic metre are as much as the sites
    print(f"coupled: {n} surfaces, unlike in their coverages, through one gas that holds a few times"
          f" their sites, {end} s")
    reference = quern("coupled", rows, 1e-8, end, volume)[1]
    ours = loosest("coupled", "Quern", LADDER, lambda r: (lambda q: (q[0] / n, q[1]))(
        quern("coupled", rows, r, end, volume)), reference)
    for reactor, sparse in ((ct.IdealGasReactor, 0), (ct.IdealGasMoleReactor, 1)):
        what = f"Cantera, {reactor.__name__}, {'sparse preconditioner' if sparse else 'dense'}"
        theirs = loosest("coupled", what, LADDER[1:5], lambda r: crowd(
            rows, volume, r, 1e-8 * r, end, reactor, sparse), reference)
        if not theirs:
            continue
        print(f"RATIO coupled, {what}: {theirs[0] / ours[0]:.1f} times Cantera's throughput (errors "
              f"{ours[2]:.1e} and {theirs[2]:.1e})\n", flush=True)


COUPLED_SPAN = 1e-8  # [s] some fifty steps


def growth():
    print(f"growth: rests of 1 s at rtol 1e-4; coupled carriers, all alike in state, the first {COUPLED_SPAN:g} s at "
          "rtol 1e-4, so that a million take minutes: a step costs what it costs later")
    for n in (1000, 10000, 100000, 1000000):
        rows = np.tile(problem(1000), (n // 1000, 1))
        seconds, _, count = quern("rests", rows, 1e-4)
        print(f"  rests    {n:8d}: {seconds:8.2f} s, {1e6 * seconds / n:6.1f} us a carrier; state "
              f"{8 * NS} bytes a carrier, workspace {count['bytes'] / 1e3:.0f} kB in all", flush=True)
    for n in (1000, 10000, 100000, 1000000):
        rows = np.tile(problem(1), (n, 1))
        seconds, _, count = quern("coupled", rows, 1e-4, COUPLED_SPAN, n * 2.66e-6)
        steps = count["steps"] + count["rejects"]
        print(f"  coupled  {n:8d}: {seconds:8.2f} s, {1e6 * seconds / n / steps:6.3f} us a carrier and "
              f"step, {steps} steps; {count['bytes'] / n:.0f} bytes a carrier", flush=True)


print(f"Cantera {ct.__version__}; target errors {TARGET} of coverages above {FLOOR:.0e}\n")
for case in CASES:
    if case == "rests":
        independent("rests", 10000, 200, ct.IdealGasReactor, "rest")
    elif case == "pulses":
        independent("pulses", 1000000, 50, Pulse, "pulse")
    elif case == "coupled":
        coupled()
    else:
        growth()
