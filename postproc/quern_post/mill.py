"""What a mill does to a body in its vial: pictures of the numbers that `quern check` writes."""

from __future__ import annotations

import csv
import os
import pathlib
import shutil
import subprocess
import tempfile

import numpy as np

from .figures import HUES, INK, plt

GRAVITY = 9.80665


class MillError(RuntimeError):
    """quern could not be run, or refused the deck; `code` is the exit code to pass on."""

    def __init__(self, text, code):
        super().__init__(text)
        self.code = code


def find_quern(given=None):
    """The program: as given, $QUERN, the release build of this tree, or from PATH."""
    tree = pathlib.Path(__file__).resolve().parents[2]
    for path in (given, os.environ.get("QUERN"), tree / "build" / "release" / "quern",
                 shutil.which("quern")):
        if path and pathlib.Path(path).is_file():
            return str(path)
    raise MillError("quern is not built; run scripts/run once, or say --quern PATH", 2)


def kinematics(deck, settings=(), quern=None):
    """The two tables of `quern check --kinematics`, each a dict of arrays by column."""
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder) / "kinematics.csv"
        options = [word for one in settings for word in ("--set", one)]
        done = subprocess.run([find_quern(quern), "check", deck, "--kinematics", str(table), *options],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise MillError(done.stderr.strip(), done.returncode)
        return read(table)


def read(path):
    """Sections of a kinematics file: lines that begin with # open one, its columns follow."""
    sections = []
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.reader(file):
            if row and row[0].startswith("#"):
                sections.append({"title": ",".join(row)[1:].strip(), "rows": []})
            elif "names" not in sections[-1]:
                sections[-1]["names"] = row
            else:
                sections[-1]["rows"].append([float(x) for x in row])
    return [{"title": s["title"],
             **dict(zip(s["names"], np.array(s["rows"]).reshape(-1, len(s["names"])).T))}
            for s in sections]


def figure(turn, drive):
    """Path, felt acceleration and wall speed over a turn of the drive, and the speed programme."""
    fig, axes = plt.subplots(2, 2, figsize=(10, 6.8))
    ms = turn["t_s"] * 1e3
    place = [turn[k] - turn[k].mean() for k in ("x_m", "y_m", "z_m")]
    # the two directions in which the centre moves most
    u, v = sorted(sorted(range(3), key=lambda k: -np.ptp(place[k]))[:2])
    axes[0, 0].plot(place[u] * 1e3, place[v] * 1e3, color=HUES[0])
    axes[0, 0].set(xlabel=f"{'xyz'[u]}  [mm]", ylabel=f"{'xyz'[v]}  [mm]", aspect="equal",
                   adjustable="datalim", title="Path of the vial's centre")
    axes[0, 1].plot(ms, turn["felt_m_s2"] / GRAVITY, color=HUES[1])
    axes[0, 1].set(xlabel="time  [ms]", ylabel="|g − A0| / g", ylim=(0, None),
                   title="Felt acceleration")
    axes[1, 0].plot(ms, turn["wall_speed_m_s"], color=HUES[2], label="fastest wall point (bound)")
    speed = np.sqrt(sum(turn[k] ** 2 for k in ("vx_m_s", "vy_m_s", "vz_m_s")))
    axes[1, 0].plot(ms, speed, color=INK, lw=1, ls="--", label="centre of the vial")
    axes[1, 0].set(xlabel="time  [ms]", ylabel="lab speed  [m/s]", ylim=(0, None), title="Wall speed")
    axes[1, 0].legend()
    axes[1, 1].plot(drive["t_s"], drive["speed"], color=HUES[3], label="speed")
    if np.ptp(drive["stroke"]) > 0:
        axes[1, 1].plot(drive["t_s"], drive["stroke"], color=HUES[4], label="stroke")
    axes[1, 1].set(xlabel="time  [s]", ylabel="over full", title="Drive")
    axes[1, 1].legend()
    fig.suptitle(turn["title"].split(";")[-1].strip())
    return fig


def write(deck, output=None, settings=(), quern=None):
    """Draw a deck's mill to a PNG; returns its path."""
    turn, drive = kinematics(deck, settings, quern)
    target = output or f"{pathlib.Path(deck).with_suffix('')}-mill.png"
    fig = figure(turn, drive)
    fig.savefig(target)
    plt.close(fig)
    return target
