"""What a sweep over run.resample tells: each result with the standard error of its window.

Every member drew the hits of the same window anew (Poisson), so the standard deviation over the
members is the error that the length of the window leaves. What an instrument states of itself
(`uncertainty` of an observation) comes on top of it as the root of the sum of squares.
"""

from __future__ import annotations

import pathlib

import matplotlib.pyplot as plt
import numpy as np

from .figures import GAS_HUES, HUES
from .runfile import RunFile

SPAN = "chemistry/bridged"
MERITS = ("conversion_CO2", "yield_CH4", "selectivity_CH4")


class SpreadError(Exception):
    """Members that cannot be compared; the words say why."""


def _series(run):
    names = [f"merit/{name}" for name in MERITS if f"{SPAN}/merit/{name}" in run]
    for group in run.groups(f"{SPAN}/observed"):
        names += [f"observed/{group}/{name}" for name in run.children(f"{SPAN}/observed/{group}")]
    return names


def _load(paths):
    runs = [RunFile(path) for path in paths]
    if len(runs) < 3:
        raise SpreadError(f"{len(runs)} run files: a spread wants three or more")
    windows = {run.attrs.get("window") for run in runs}
    if len(windows) > 1:
        raise SpreadError("members of different windows: " + ", ".join(sorted(map(str, windows))))
    time = runs[0].get(f"{SPAN}/time")
    if time is None:
        raise SpreadError(f"{runs[0].path}: has no hours (run.bridged)")
    for run in runs:
        other = run.get(f"{SPAN}/time")
        if other is None or len(other) != len(time) or not np.allclose(other, time):
            raise SpreadError(f"{run.path}: other output times than {runs[0].path}")
    return runs, time


def collect(paths):
    """(time [s], {name: (mean, window's standard error, instrument's)}), each of shape [time].

    The error's own relative error is 1/sqrt(2 (members - 1)).
    """
    runs, time = _load(paths)
    out = {}
    for name in _series(runs[0]):
        values = np.array([run.get(f"{SPAN}/{name}") for run in runs])
        doubt = runs[0].get(f"{SPAN}/" + name.replace("observed/", "observed_uncertainty/", 1))
        out[name] = (values.mean(axis=0), values.std(axis=0, ddof=1),
                     np.zeros_like(time) if doubt is None or "observed" not in name else doubt)
    return time, out


def _panels(results):
    panels = {}
    for name in results:
        panels.setdefault(name.rsplit("/", 1)[0], []).append(name)
    return panels


def picture(time, results):
    """Above means with bands of one standard error, below these errors by themselves."""
    panels = _panels(results)
    fig, axes = plt.subplots(2, len(panels), figsize=(5 * len(panels), 6.4), squeeze=False,
                             sharex=True)
    hours, unit = (time / 3600.0, "h") if time[-1] >= 3600.0 else (time, "s")
    for (top, below), (panel, names) in zip(axes.T, panels.items()):
        for k, name in enumerate(names):
            mean, window, instrument = (100 * x for x in results[name])
            label = name.rsplit("/", 1)[1]
            hue = GAS_HUES.get(label, HUES[k % len(HUES)])
            both = np.hypot(window, instrument)
            top.plot(hours, mean, color=hue, label=label.replace("_", " "))
            top.fill_between(hours, mean - both, mean + both, color=hue, alpha=0.25, lw=0)
            below.plot(hours, _shown(window), color=hue)
            below.plot(hours, _shown(instrument), color=hue, ls=":")
        largest = max(np.nanmax(np.hypot(*results[name][1:])) for name in names)
        if largest > 0.0:
            below.set_ylim(100 * largest * 1e-5, 100 * largest * 3)
        top.set(ylabel="share  [%]", title=panel.replace("observed/", ""))
        top.legend(fontsize=8)
        below.set(xlabel=f"time  [{unit}]", yscale="log", ylabel="standard error  [%]",
                  title="of the window (line), of the instrument (dots)")
    return fig


def _shown(values):
    return np.where(values > 0.0, values, np.nan)


def table(time, results, members):
    """The end of the hours in words, one line each."""
    lines = [f"{members} draws of one window; after {time[-1] / 3600.0:.4g} h, in %, standard errors",
             f"{'':32}{'mean':>12}{'window':>12}{'instrument':>12}"]
    for name, (mean, window, instrument) in results.items():
        lines.append(f"{name:32}{100 * mean[-1]:12.5g}{100 * window[-1]:12.2g}"
                     f"{100 * instrument[-1]:12.2g}")
    return "\n".join(lines)


def write(paths, output):
    """Draw the picture, return the table."""
    time, results = collect(paths)
    figure = picture(time, results)
    target = pathlib.Path(output) if output else pathlib.Path(paths[0]).with_name("spread.png")
    figure.savefig(target)
    plt.close(figure)
    return f"{table(time, results, len(paths))}\n{target}"
