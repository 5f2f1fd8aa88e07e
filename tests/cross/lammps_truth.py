"""The mechanics against LAMMPS: the same scenes through both codes.

    lammps_truth.py CROSS_PROBE QUERN LMP

LAMMPS runs `pair_style granular` with hertz/material, `damping tsuji limit_damping` and `tangential
mindlin_rescale/force` without tangential dashpot, walls with the same law. What the two codes then
share: Hertz, damping alpha sqrt(m* K) depth^(1/4) v cut off at tension, incremental Mindlin force
scaled by a/a_old while the spot shrinks, Coulomb's cap.

What differs and how it is met here:
- LAMMPS turns a restitution into alpha by Tsuji's polynomial, whose contact returns another
  restitution; its input is chosen so that alpha is Quern's own of the asked restitution.
- LAMMPS takes the slip speed at the full radius and the torque at R - depth/2, Quern both at
  R - depth/2: spins differ by parts of depth/R. The slow cases show that this is all.
- The walls of LAMMPS of 29 Sep 2021 are stiffer than its pairs when both are given the same
  hertz/material, so its walls get the law by its stiffnesses: 4/3 E* and 8 G*.
- LAMMPS damps with the velocity half a step back, Quern with one extrapolated to the step.
- Beyond some ten hits paths are chaotic: the vial and the drum are compared in means over blocks.
"""
import math
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import numpy as np
from scipy.optimize import brentq

PROBE, QUERN, LMP = sys.argv[1:4]
PAIR = "hertz/material {young!r} {damp!r} {poisson!r} tangential {kind} NULL 0.0 {friction!r} {how}"
WALL = "hertz {k!r} {damp!r} tangential {kind} {kt!r} 0.0 {friction!r} {how}"


def tsuji(e):
    """LAMMPS' alpha of its input."""
    return np.polyval([4.8218, -18.022, 27.467, -22.348, 11.087, -4.2783, 1.2728], e)


class Scene:
    """Numbers in SI; balls are rows R x y z vx vy vz wx wy wz."""

    def __init__(self, balls, dt, steps, every, **given):
        self.balls, self.dt, self.steps, self.every = balls, dt, steps, every
        self.young, self.poisson, self.density = 200e9, 0.3, 7800.0
        self.damping, self.friction, self.gravity = 0.0, 0.3, (0.0, 0.0, 0.0)
        self.box = self.cylinder = self.shake = self.spin = None
        self.__dict__.update(given)

    def quern(self, output):
        """Rows that the probe prints, as an array."""
        lines = [f"{k} {getattr(self, k)!r}" for k in
                 ("young", "poisson", "density", "damping", "friction", "dt", "steps", "every")]
        lines.append("gravity %r %r %r" % tuple(self.gravity))
        for word in ("box", "cylinder", "shake"):
            if getattr(self, word):
                lines.append(word + " " + " ".join(repr(x) for x in getattr(self, word)))
        if self.spin:
            lines.append(f"spin {self.spin!r}")
        lines += ["ball " + " ".join(repr(float(x)) for x in b) for b in self.balls] + [output]
        done = subprocess.run([PROBE], input="\n".join(lines) + "\n", text=True, check=True,
                              stdout=subprocess.PIPE)
        return np.array([[float(x) for x in line.split()] for line in done.stdout.splitlines()])

    def law(self, text=PAIR):
        """The granular law as LAMMPS takes it."""
        if self.damping:
            damp, how = brentq(lambda e: tsuji(e) - self.damping, 0.05, 0.99), \
                "damping tsuji limit_damping"
        else:
            damp, how = 0.0, "damping velocity"
        k = 4.0 / 3.0 * 0.5 * self.young / (1.0 - self.poisson ** 2)
        kt = 8.0 * self.young / (4.0 * (2.0 - self.poisson) * (1.0 + self.poisson))
        return text.format(young=self.young, damp=damp, poisson=self.poisson, how=how, k=k, kt=kt,
                           friction=self.friction, kind="mindlin_rescale/force")

    def walls(self):
        """Fixes of the walls, and half extents of the room they need."""
        if self.cylinder:
            r, h = 0.5 * self.cylinder[0], 0.5 * self.cylinder[1]
            turn = " rotate v_turn 0 0 0 0 0 1" if self.spin else ""
            return [f"variable turn equal {self.spin or 0.0!r}*step*dt",
                    f"region drum cylinder z 0 0 {r!r} {-h!r} {h!r} side in{turn}", "fix wall all "
                    f"wall/gran/region granular {self.law(WALL)} region drum"], (r, r, h)
        half = [0.5 * x for x in self.box]
        move, reach = "", 0.0
        if self.shake:
            f, a = self.shake
            move, reach = f" wiggle z {a!r} {1.0 / f!r}", 2.0 * a
        return [f"fix wall{d} all wall/gran granular {self.law(WALL)} {d}plane {-x!r} {x!r}{move}"
                for d, x in zip("xyz", half)], [x + reach for x in half]

    def lammps(self, folder, output):
        """Run LAMMPS on this scene; `output` is its last lines. Returns the folder."""
        walls, half = self.walls()
        n, room = len(self.balls), [1.1 * x + 1e-3 for x in half]
        data = ["quern scene", "", f"{n} atoms", "1 atom types", ""]
        data += [f"{-x!r} {x!r} {d}lo {d}hi" for d, x in zip("xyz", room)] + ["", "Atoms", ""]
        data += [f"{k + 1} 1 {2.0 * float(b[0])!r} {self.density!r} " +
                 " ".join(repr(float(x)) for x in b[1:4]) for k, b in enumerate(self.balls)]
        data += ["", "Velocities", ""]
        data += [f"{k + 1} " + " ".join(repr(float(x)) for x in b[4:])
                 for k, b in enumerate(self.balls)]
        (folder / "balls").write_text("\n".join(data) + "\n")
        g = math.sqrt(sum(x * x for x in self.gravity))
        deck = ["units si", "atom_style sphere", "boundary f f f", "newton off",
                "comm_modify vel yes", "read_data balls",
                f"neighbor {0.3 * min(b[0] for b in self.balls)!r} bin",
                "neigh_modify every 1 delay 0 check yes", f"timestep {self.dt!r}",
                "pair_style granular", "pair_coeff * * " + self.law(), "fix move all nve/sphere"]
        if g:
            deck.append("fix g all gravity %r vector %r %r %r" % ((g,) + tuple(self.gravity)))
        deck += walls + ["thermo_modify lost error norm no", "thermo 1000000"] + output
        (folder / "in.lmp").write_text("\n".join(deck + [f"run {self.steps}"]) + "\n")
        done = subprocess.run([LMP, "-in", "in.lmp", "-log", "log", "-screen", "none"],
                              cwd=folder, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"lammps_truth: LAMMPS failed in {folder}: {done.stderr}\n" +
                             (folder / "log").read_text()[-2000:])
        return folder


# ---- paths -------------------------------------------------------------------------------------

R, STEEL = 5e-3, dict(box=(0.2, 0.2, 0.2))


def paths(scene):
    """Both codes' rows, shape [times][balls][9]: x, v, w."""
    with tempfile.TemporaryDirectory() as name:
        folder = scene.lammps(pathlib.Path(name), [
            f"dump d all custom {scene.every} rows id x y z vx vy vz omegax omegay omegaz",
            "dump_modify d sort id format float %.17g"])
        text = re.sub(r"ITEM: ATOMS[^\n]*\n", "@", (folder / "rows").read_text())
        theirs = [[[float(x) for x in line.split()[1:]] for line in
                   part.split("ITEM:")[0].splitlines()] for part in text.split("@")[2:]]
    ours = scene.quern("rows")  # the start itself is no step of the engine's
    n = len(scene.balls)
    return ours[:, 2:].reshape(-1, n, 9), np.array(theirs)


def oblique(speed, damping, friction=0.3):
    """Two unlike spinning balls at 40 degrees."""
    a = math.radians(40.0)
    v = speed * np.array([math.cos(a), math.sin(a), 0.0])
    t = 24e-6 * speed ** -0.2
    gap = 0.1 * speed * t
    return Scene([[R, -R - gap, 0, 0, *v, 0, 20 * speed, 5 * speed],
                  [0.8 * R, 0.8 * R, 0, 0, *(-0.2 * v), 10 * speed, 0, -8 * speed]],
                 t / 2000, 4000, 40, damping=damping, friction=friction, **STEEL)


def three(speed, damping, friction=0.3):
    """A spinning ball flies past one ball onto another that all but touches the third."""
    t = 24e-6 * speed ** -0.2
    gap = 0.02 * speed * t
    back = math.sqrt(4.0 - 0.75 ** 2 - 0.1 ** 2) * R + gap
    return Scene([[R, -back, 0.75 * R, 0.1 * R, speed, 0, 0, 0, 0, -30 * speed],
                  [R, 0, 0, 0, 0, 0, 0, 0, 0, 0],
                  [0.7 * R, 1.5 * R + gap, -0.8 * R, 0, 0, 0, 0, 0, 15 * speed, 0]],
                 t / 2000, 10000, 100, damping=damping, friction=friction, **STEEL)


def corner(speed, damping):
    """A spinning ball into the edge of two walls."""
    t, wall = 28e-6 * speed ** -0.2, 0.1 - R
    gap = 0.1 * speed * t
    return Scene([[R, wall - gap, 0.0, wall - 1.4 * gap, speed, 0.3 * speed, 0.8 * speed,
                   10 * speed, 0, 25 * speed]], t / 2000, 5000, 50, damping=damping, **STEEL)


def mantle(speed, damping):
    """A ball onto a turning hollow cylinder."""
    t, r = 28e-6 * speed ** -0.2, 0.04 - R
    gap = 0.1 * speed * t
    return Scene([[R, r - gap, 0.0, 0.0, speed, 0.3 * speed, 0.2 * speed, 0, 0, 0]], t / 2000, 4000,
                 40, damping=damping, cylinder=(0.08, 0.08), spin=20.0 * speed)


def alpha_of(e):
    """Quern's alpha of a restitution: the end of u'' + alpha u' + 5/4 u = 0 where the force, u +
    0.8 alpha u', first vanishes (Antypov & Elliott's substitution, cut off at tension)."""
    def returned(alpha):
        d = 0.5 * alpha
        w = math.sqrt(1.25 - d * d)
        slope = lambda s: math.exp(-d * s) * (math.cos(w * s) - d / w * math.sin(w * s))
        force = lambda s: math.exp(-d * s) * math.sin(w * s) / w + 0.8 * alpha * slope(s)
        return -slope(brentq(force, 0.5 * math.pi / w * 0.5, math.pi / w))
    return brentq(lambda alpha: returned(alpha) - e, 1e-6, 2.0)


DAMPED = alpha_of(0.7)
# what is thrown, and what the largest difference may be
PATHS = {
    "two balls, elastic, no friction": (oblique, (1.0, 0.0, 0.0), 1e-12),
    "two balls, e 0.7, no friction": (oblique, (1.0, DAMPED, 0.0), 2e-4),
    "two balls, elastic": (oblique, (1.0, 0.0), 1.5e-3),
    "two balls, elastic, 0.01 m/s": (oblique, (0.01, 0.0), 4e-5),
    "two balls, e 0.7": (oblique, (1.0, DAMPED), 1.5e-3),
    "three balls, elastic": (three, (1.0, 0.0), 1.5e-3),
    "three balls, e 0.7": (three, (1.0, DAMPED), 1.5e-3),
    "three balls, e 0.7, 0.01 m/s": (three, (0.01, DAMPED), 2e-4),
    "ball in an edge, e 0.7": (corner, (1.0, DAMPED), 1.5e-3),
    "ball on a turning mantle, e 0.7": (mantle, (1.0, DAMPED), 1.5e-3),
}


def compare_paths(name):
    """Largest differences along the whole path: of places over the longest way, of speeds and of
    radius times spin over the speed."""
    make, args, limit = PATHS[name]
    speed = args[0]
    ours, theirs = paths(make(*args))
    assert ours.shape == theirs.shape, (ours.shape, theirs.shape)
    struck = np.abs(theirs[-1, :, 3:6] - theirs[0, :, 3:6]).max(axis=1)
    assert (struck > 0.02 * speed).all(), f"{name}: a ball was not hit"
    off = np.abs(ours - theirs)
    way = np.abs(theirs[:, :, :3] - theirs[0, :, :3]).max()
    differ = (off[:, :, :3].max() / way, off[:, :, 3:6].max() / speed,
              R * off[:, :, 6:].max() / speed)
    good = max(differ) < limit
    print(f"{name:34s} {differ[0]:9.1e} {differ[1]:9.1e} {differ[2]:9.1e} {limit:9.1e}"
          f" {'' if good else ' FAILS'}", flush=True)
    return good


# ---- means -------------------------------------------------------------------------------------

BLOCKS = 10


def vial(seed):
    """64 balls in a box of 40 mm shaken upright at 25 Hz and 3 mm: 7.5 g."""
    draw = random.Random(seed)
    at = [-0.0141 + 0.0094 * k for k in range(4)]
    balls = [[3e-3] + [c + draw.uniform(-1e-3, 1e-3) for c in (x, y, z)] + [0.0] * 6
             for x in at for y in at for z in at]
    return Scene(balls, 2e-6, 1600000, 100, young=5e9, density=7500.0, damping=alpha_of(0.6),
                 friction=0.3, gravity=(0.0, 0.0, -9.81), box=(0.04,) * 3, shake=(25.0, 3e-3)), 0.4


def drum(seed, spin=5.0):
    """180 balls in a drum of 60 x 30 mm, gravity across its axis, turning at Froude 0.08."""
    draw = random.Random(seed)
    at = [6.7e-3 * k for k in range(-3, 4)]
    balls = [[3e-3] + [c + draw.uniform(-2e-4, 2e-4) for c in (x, y, z)] + [0.0] * 6
             for z in (-0.0105, -0.0035, 0.0035, 0.0105) for x in at for y in at
             if math.hypot(x, y) < 0.0262]
    return Scene(balls, 5e-6, 900000 if spin else 100000, 100, young=1e9, density=2500.0,
                 damping=alpha_of(0.6), friction=0.5, gravity=(0.0, -9.81, 0.0),
                 cylinder=(0.06, 0.03), spin=spin), 1.5 if spin else 0.49


def our_means(scene, start):
    """Per block: kinetic energy, ball-ball contacts a ball, dissipated power, place of the mean."""
    rows = scene.quern("books")
    rows = rows[rows[:, 0] * scene.dt > start]
    n = len(rows) // BLOCKS
    part = rows[:n * BLOCKS].reshape(BLOCKS, n, -1)
    loss = part[:, :, 3] + part[:, :, 4]
    power = (loss[:, -1] - loss[:, 0]) / ((n - 1) * scene.every * scene.dt)
    return {"kinetic energy [J]": part[:, :, 1].mean(axis=1),
            "contacts a ball": 2.0 * part[:, :, 2].mean(axis=1) / len(scene.balls),
            "dissipated power [W]": power,
            "height of the mean [mm]": 1e3 * part[:, :, 7 if scene.shake else 6].mean(axis=1) /
            mass(scene)}


def mass(scene):
    return sum(scene.density * 4.0 / 3.0 * math.pi * b[0] ** 3 for b in scene.balls)


def their_means(scene, start):
    """The same. LAMMPS books no dissipation: in a steady state it is the power of the walls, which
    is (sum of the forces less weight) times the speed of the box, or the torque of gravity times
    the spin of the drum; kinetic energy in the axes of the box."""
    g = 9.81
    f, a = scene.shake or (0.0, 0.0)
    power = f"(c_fz+v_m*{g})*v_vw" if scene.shake else f"v_m*{g}*xcm(all,x)*{scene.spin or 0.0!r}"
    turn = 2.0 * math.pi * f
    height = f"xcm(all,z)-{a!r}*(1-cos({turn!r}*step*dt))" if scene.shake else "xcm(all,y)"
    output = [
        "variable m equal mass(all)", "compute er all erotate/sphere", "compute c all contact/atom",
        "compute cs all reduce ave c_c", "compute fz all reduce sum fz",
        f"variable vw equal {turn * a!r}*sin({turn!r}*step*dt)",
        "variable kin equal ke+c_er-v_vw*v_m*vcm(all,z)+0.5*v_m*v_vw*v_vw",
        "variable con equal c_cs", f"variable pow equal {power}", f"variable high equal {height}",
        f"fix power all ave/time 1 {scene.every} {scene.every} v_pow file power",
        f"fix rest all ave/time {scene.every} 1 {scene.every} v_kin v_con v_high file rest"]
    with tempfile.TemporaryDirectory() as name:
        folder = scene.lammps(pathlib.Path(name), output)
        rest, watts = np.loadtxt(folder / "rest"), np.loadtxt(folder / "power")
    keep = rest[:, 0] * scene.dt > start
    n = keep.sum() // BLOCKS
    mean = lambda x: x[-n * BLOCKS:].reshape(BLOCKS, n).mean(axis=1)
    return {"kinetic energy [J]": mean(rest[:, 1]), "contacts a ball": mean(rest[:, 2]),
            "dissipated power [W]": mean(watts[:, 1]), "height of the mean [mm]":
            1e3 * mean(rest[:, 3])}


def judge(name, key, x, y):
    """Means of independent parts of two runs: within 4 of their standard errors, and 8 %."""
    mean = x.mean(), y.mean()
    error = [z.std(ddof=1) / math.sqrt(len(z)) for z in (x, y)]
    apart = abs(mean[0] - mean[1]) / math.hypot(*error)
    good = apart < 4.0 and abs(mean[0] / mean[1] - 1.0) < 0.08
    print(f"{name:14s} {key:24s} {mean[0]:11.4e} +- {error[0]:7.1e} {mean[1]:11.4e} +- "
          f"{error[1]:7.1e} {100.0 * (mean[0] / mean[1] - 1.0):6.1f} % {apart:5.1f}"
          f" {'' if good else ' FAILS'}", flush=True)
    return good


def compare_means(name, make):
    scene, start = make(1)
    ours, theirs = our_means(scene, start), their_means(scene, start)
    return all([judge(name, key, ours[key], theirs[key]) for key in ours])


def compare_rest():
    """The same drum at rest: five beds, each settled for half a second."""
    ours, theirs = [], []
    for seed in range(1, 6):
        scene, start = drum(seed, None)
        ours.append(our_means(scene, start))
        theirs.append(their_means(scene, start))
    return all([judge("settled drum", key, *(np.array([bed[key].mean() for bed in beds])
                                             for beds in (ours, theirs)))
                for key in ("contacts a ball", "height of the mean [mm]")])


def main():
    first = subprocess.run([LMP, "-h"], stdout=subprocess.PIPE, text=True, check=True).stdout
    print(subprocess.run([QUERN, "--version"], stdout=subprocess.PIPE, text=True,
                         check=True).stdout.strip())
    print("\n".join(line for line in first.splitlines() if
                    re.match("Large-scale|Compiler|C\\+\\+|MPI v|-D|Accel|sizeof", line)))
    print("run as    lmp -in in.lmp -log log -screen none (one rank, no suffix)")
    steel = Scene([], 1, 1, 1, damping=DAMPED)
    print(f"pairs     {steel.law()}\nwalls     {steel.law(WALL)}")
    print(f"\n{'largest difference along a path':34s} {'place':>9s} {'speed':>9s} {'R spin':>9s}"
          f" {'allowed':>9s}")
    good = [compare_paths(name) for name in PATHS]
    print(f"\n{'means':39s} {'Quern':>22s} {'LAMMPS':>22s} {'apart':>8s} {'errors':>6s}")
    good += [compare_rest(), compare_means("turning drum", drum),
             compare_means("vibrated vial", vial)]
    if not all(good):
        raise SystemExit("lammps_truth: the two codes differ")


main()
