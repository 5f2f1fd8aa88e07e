"""The pictures of a report; each takes a run file and returns a matplotlib figure, or None."""

from __future__ import annotations

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm

INK = "#20303c"
HUES = ["#1f6f8b", "#c8553d", "#6a994e", "#8d5a97", "#e09f3e", "#3d5a80", "#9a8c98", "#588157"]
PALE = ["#b8c4cb", "#d9b8a8", "#cfd8c4"]
GAS_HUES = {"CO2": "#c8553d", "H2": "#1f6f8b", "CH4": "#6a994e", "H2O": "#3d5a80", "CO": "#8d5a97",
            "C2H6": "#e09f3e"}

plt.rcParams.update({
    "figure.dpi": 110, "font.size": 10, "axes.edgecolor": INK, "axes.labelcolor": INK,
    "text.color": INK, "xtick.color": INK, "ytick.color": INK, "axes.spines.top": False,
    "axes.spines.right": False, "axes.grid": True, "grid.color": "#dfe5e8", "grid.linewidth": 0.6,
    "legend.frameon": False, "axes.axisbelow": True, "axes.titlesize": 11, "axes.titleweight": "bold",
    "axes.titlelocation": "left", "figure.constrained_layout.use": True,
})


def energy_spectrum(run):
    """Impacts per second and decade of energy, and the power they carry, by pair kind."""
    edges = run.get("spectra/collisions/energy_edges")
    if edges is None:
        return None
    names = run.get("spectra/collisions/pair_kinds")
    kinds = [names[k:k + 16].strip() for k in range(0, len(names), 16)]
    rate, power = run.get("spectra/collisions/rate"), run.get("spectra/collisions/power")
    mid, decade = np.sqrt(edges[:-1] * edges[1:]), np.diff(np.log10(edges))
    fig, axes = plt.subplots(1, 2, figsize=(10, 3.8))
    for k, kind in enumerate(kinds):
        if not np.any(rate[k] > 0):
            continue
        for ax, y in ((axes[0], rate[k] / decade), (axes[1], power[k] / decade)):
            ax.step(mid * 1e3, np.where(y > 0, y, np.nan), where="mid", color=HUES[k], label=kind)
    cut = float(run.attrs.get("impact_speed", 0.01))
    axes[0].set(xscale="log", yscale="log", xlabel="impact energy ½ m* v²  [mJ]",
                ylabel="impacts per second and decade  [1/s]", title="How many impacts")
    axes[1].set(xscale="log", xlabel="impact energy ½ m* v²  [mJ]",
                ylabel="power per decade  [W]", title="Where the power is")
    axes[0].legend(title=f"impacts: v_n > {cut:g} m/s", title_fontsize=8)
    return fig


def energy_map(run):
    """Normal against tangential energy of media impacts."""
    grid = run.get("spectra/collisions/map")
    if grid is None or not np.any(grid > 0):
        return None
    edges = run.get("spectra/collisions/map_edges") * 1e3
    fig, ax = plt.subplots(figsize=(5.4, 4.4))
    shown = np.ma.masked_less_equal(grid.T, 0.0)
    mesh = ax.pcolormesh(edges, edges, shown, norm=LogNorm(), cmap="viridis")
    used = np.nonzero(grid > 0)
    lo = edges[max(min(used[0].min(), used[1].min()) - 1, 0)]
    hi = edges[min(max(used[0].max(), used[1].max()) + 2, len(edges) - 1)]
    ax.plot([lo, hi], [lo, hi], color=INK, lw=0.8, ls=":")
    ax.set(xscale="log", yscale="log", xlim=(lo, hi), ylim=(lo, hi), aspect="equal",
           xlabel="normal energy ½ m* v_n²  [mJ]", ylabel="tangential energy ½ m* v_t²  [mJ]",
           title="Head-on or glancing (ball-ball and ball-wall)")
    fig.colorbar(mesh, ax=ax, label="impacts per second and bin  [1/s]")
    return fig


def hot_spots(run):
    """Distribution of the peak rise, as hits and as powder mass per second."""
    edges = run.get("spectra/hot/edges")
    if edges is None:
        return None
    hits, mass = run.get("spectra/hot/rate"), run.get("spectra/hot/mass_rate")
    mid, decade = np.sqrt(edges[:-1] * edges[1:]), np.diff(np.log10(edges))
    fig, axes = plt.subplots(1, 2, figsize=(10, 3.6))
    # the first bin holds all that is colder than its edge
    axes[0].step(mid[1:], np.where(hits > 0, hits / decade, np.nan)[1:], where="mid", color=HUES[1])
    axes[0].set(xscale="log", yscale="log", xlabel="peak rise of the hot spot  [K]",
                ylabel="hits per second and decade  [1/s]", title="How hot")
    above = np.cumsum(mass[::-1])[::-1] * 1e3
    axes[1].plot(edges[:-1], np.where(above > 0, above, np.nan), color=HUES[1])
    axes[1].set(xscale="log", yscale="log", xlabel="peak rise of the hot spot  [K]",
                ylabel="powder taken above it  [g/s]", title="How much powder sees it")
    return fig


def _time(hours):
    return (hours, "h") if np.max(hours) >= 0.5 else (hours * 3.6e3, "s")


def gas_curves(run, span):
    """Moles of each gas species, and the conversion or yield, over one mode's time."""
    time = run.get(f"{span}/time")
    if time is None or len(time) < 2:
        return None
    t, unit = _time(time / 3600.0)
    gas = {name: run.get(f"{span}/gas/{name}") for name in run.children(f"{span}/gas")}
    # what hardly moves is drawn as its change, or nothing would be seen
    change = max(np.ptp(y) for y in gas.values()) < 0.01 * max(np.max(y) for y in gas.values())
    size, word = (1e9, "change since the start  [nmol]") if change else (1e3, "gas  [mmol]")
    fig, axes = plt.subplots(1, 2, figsize=(10, 3.8))
    for k, (name, y) in enumerate(gas.items()):
        axes[0].plot(t, (y - y[0] if change else y) * size,
                     color=GAS_HUES.get(name, HUES[k % len(HUES)]), label=name)
    axes[0].set(xlabel=f"time [{unit}]", ylabel=word, title="Gas in the headspace")
    axes[0].legend()
    size, word = (1e6, "change since the start  [ppm]") if change else (100, "%")
    for name, label, hue in (("conversion_CO2", "CO₂ conversion", "#c8553d"),
                             ("yield_CH4", "CH₄ yield", "#6a994e")):
        y = run.get(f"{span}/merit/{name}")
        if y is not None:
            axes[1].plot(t, size * (y - y[0] if change else y), color=hue, label=label)
    _levels(axes[1], run, span)
    axes[1].set(xlabel=f"time [{unit}]", ylabel=word, title="Conversion and yield")
    axes[1].legend(fontsize=8)
    return fig


def observed_curves(run, span):
    """What the instruments of the mechanism saw, one panel each."""
    seen = run.groups(f"{span}/observed")
    time = run.get(f"{span}/time")
    if not seen or time is None or len(time) < 2:
        return None
    t, unit = _time(time / 3600.0)
    fig, axes = plt.subplots(1, len(seen), figsize=(5 * len(seen), 3.6), squeeze=False)
    for ax, name in zip(axes[0], seen):
        for k, species in enumerate(run.children(f"{span}/observed/{name}")):
            ax.plot(t, 100 * run.get(f"{span}/observed/{name}/{species}"),
                    color=GAS_HUES.get(species, HUES[k % len(HUES)]), label=species)
        ax.set(xlabel=f"time [{unit}]", ylabel="share  [%]", title=name)
        ax.legend(fontsize=8)
    return fig


def _levels(ax, run, span):
    """Published values without a time, as level lines, with what they were used for."""
    if not span.endswith("bridged"):
        return
    level = [obs for obs in run.observations()
             if obs.get("quantity") == "conversion_CO2" and "value" in obs]
    for k, obs in enumerate(level):
        ax.axhline(100 * obs["value"], color=INK, lw=0.9, ls=["--", ":", "-."][k % 3],
                   label=f"{obs['id']}: {100 * obs['value']:g} % ({obs['use']})")


def coverage_curves(run, span):
    """Coverages of each surface, one panel a carrier class."""
    time = run.get(f"{span}/time")
    classes = run.groups(f"{span}/coverage")
    if time is None or len(time) < 2 or not classes:
        return None
    t, unit = _time(time / 3600.0)
    least = 1e-6
    names = [n for n in run.children(f"{span}/coverage/{classes[0]}")
             if any(np.max(run.get(f"{span}/coverage/{c}/{n}")) > least for c in classes)]
    fig, axes = plt.subplots(1, len(classes), figsize=(5 * len(classes), 3.9), squeeze=False,
                             sharey=True)
    for ax, name in zip(axes[0], classes):
        for k, species in enumerate(names):
            y = run.get(f"{span}/coverage/{name}/{species}")
            ax.plot(t, np.where(y > 0, y, np.nan), color=HUES[k % len(HUES)],
                    ls=["-", "--", ":"][k // len(HUES) % 3], label=species)
        ax.set(xlabel=f"time [{unit}]", yscale="log", ylim=(least, 2),
               title=name.replace("_", " "))
    axes[0][0].set_ylabel("coverage  [-]")
    axes[0][-1].legend(fontsize=7, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return fig


def channels(run, span):
    """Moles of each reaction by what drove it."""
    names = (run.get(f"{span}/channels/reactions") or "").splitlines()
    if not names:
        return None
    kinds = [n for n in run.children(f"{span}/channels") if n != "reactions"]
    total = {k: run.get(f"{span}/channels/{k}") for k in kinds}
    size = np.sum([np.abs(v) for v in total.values()], axis=0)
    keep = [i for i in np.argsort(-size) if size[i] > 0][:14][::-1]
    if not keep:
        return None
    fig, ax = plt.subplots(figsize=(9, 1.3 + 0.33 * len(keep)))
    left = np.zeros(len(keep))
    for k, kind in enumerate(kinds):
        share = np.array([abs(total[kind][i]) / size[i] for i in keep]) * 100
        ax.barh(range(len(keep)), share, left=left, color=HUES[k % len(HUES)], label=kind.replace("_", " "))
        left += share
    ax.set_yticks(range(len(keep)), [f"{names[i]}   {size[i] * 1e3:.3g} mmol" for i in keep],
                  fontsize=8)
    ax.set(xlim=(0, 100), xlabel="share of the turnover, opposite directions counted apart  [%]")
    ax.set_title("Which channel made what", pad=24)
    ax.grid(axis="y", visible=False)
    ax.legend(ncols=len(kinds), fontsize=8, loc="lower left", bbox_to_anchor=(-0.01, 1.0))
    return fig


def ledger(run):
    """Where the energy came from and where it went."""
    rows = run.scalars("mechanics/ledger")
    if not rows:
        return None
    value = {name: v for name, v, _, _ in rows}
    come = [("moving walls", value["drive"]), ("frame", value["frame"]),
            ("gravity", value["gravity"])]
    went = [("damping and plastic flow", value["normal"]), ("sliding", value["slip"]),
            ("rolling", value["roll"]), ("twisting", value.get("twist", 0.0)),
            ("cohesion", value.get("cohesion", 0.0)), ("stored", value["stored"]),
            ("kinetic", value["kinetic"] - value["start"]), ("integrator", value["e_num"])]
    fig, ax = plt.subplots(figsize=(9, 2.8))
    for row, parts in enumerate((went, come)):
        left = 0.0
        for k, (name, joule) in enumerate(parts):
            if joule <= 0:
                continue
            ax.barh(row, joule, left=left, color=(HUES if row else HUES[3:] + PALE)[k],
                    label=f"{name}: {joule:.4g} J")
            left += joule
    ax.set_yticks([0, 1], ["went to", "came from"])
    ax.set(xlabel="J", title=f"Energy of the span; first book closes to {value['residual_a']:.1e}, "
                             f"integrator {value['residual_b']:.1e} of the dissipation")
    fig.legend(fontsize=7, ncols=3, loc="outside lower center")
    return fig


def mechanics_series(run):
    """Power and kinetic energy over the window, block by block."""
    time = run.get("mechanics/window/time")
    if time is None or len(time) < 2:
        return None
    fig, axes = plt.subplots(1, 2, figsize=(10, 3.2))
    axes[0].plot(time, run.get("mechanics/window/power"), color=HUES[0])
    axes[0].set(xlabel="mill time [s]", ylabel="dissipated power [W]", title="Power", ylim=(0, None))
    axes[1].plot(time, run.get("mechanics/window/kinetic") * 1e3, color=HUES[4])
    axes[1].set(xlabel="mill time [s]", ylabel="kinetic energy in vial axes [mJ]",
                title="Kinetic energy", ylim=(0, None))
    return fig


def temperatures(run):
    """Temperatures over the hours, and where the heat is."""
    time = run.get("heat/hours/time")
    if time is None or len(time) < 2:
        return None
    hours, unit = _time(time / 3600.0)
    fig, axes = plt.subplots(1, 2, figsize=(10, 3.4))
    names = run.children("heat/hours/temperature")
    names.sort(key=lambda n: (["balls", "wall", "powder", "gas"].index(n.split("_")[0]), n))
    for k, name in enumerate(names):
        kelvin = run.get(f"heat/hours/temperature/{name}")
        axes[0].plot(hours, kelvin - 273.15, color=HUES[k % len(HUES)],
                     label=name.replace("_", " "))
    axes[0].set(xlabel=f"time [{unit}]", ylabel="temperature [°C]", title="Temperatures")
    axes[0].legend(fontsize=8)
    book = run.get("heat/hours/book") * 1e-3
    for k, word in enumerate(("from contacts and drive", "stored", "out to the ambient")):
        axes[1].plot(hours, book[:, k], color=HUES[k], label=word)
    axes[1].set(xlabel=f"time [{unit}]", ylabel="heat [kJ]", title="Book of heat")
    axes[1].legend(fontsize=8)
    return fig


def coatings(run):
    """Powder on balls and wall over the hours, and what each window made of it."""
    time, sigma = run.get("coating/time"), run.get("coating/sigma")
    if sigma is None or len(time) < 2 or time[-1] <= 0:
        return None
    hours, unit = _time(time / 3600.0)
    at = run.get("coating/epochs/time")
    fig, axes = plt.subplots(1, 1 if at is None else 3, figsize=(5 if at is None else 13, 3.4),
                             squeeze=False)
    first = axes[0][0]
    for k, word in enumerate(("balls", "wall")):
        first.plot(hours, sigma[:, k], color=HUES[k], label=word)
    first.set(xlabel=f"time [{unit}]", ylabel="powder  [kg/m²]", ylim=(0, None),
              title="Coatings" if at is not None else "Coatings, if one window served")
    first.legend(fontsize=8)
    if at is None:
        return fig
    begin = at * (hours[-1] / time[-1])
    for t in begin[1:]:
        first.axvline(t, color=INK, lw=0.6, ls=":")
    edges = np.append(begin, hours[-1])
    for name, style in (("restitution", "-"), ("friction", "--")):
        y = run.get(f"coating/epochs/{name}")
        for k, word in enumerate(("ball-ball", "ball-wall")):
            axes[0][1].stairs(y[:, k], edges, baseline=None, color=HUES[k], ls=style,
                              label=f"{name}, {word}")
    axes[0][1].set(xlabel=f"time [{unit}]", ylabel="[-]", title="Contacts of each window")
    axes[0][1].legend(fontsize=7)
    axes[0][2].stairs(run.get("coating/epochs/power"), edges, baseline=None, color=HUES[3])
    axes[0][2].set(xlabel=f"time [{unit}]", ylabel="dissipated power  [W]", ylim=(0, None),
                   title="Its power")
    return fig


def wall_map(run):
    """Where the wall wears, or, without a wear coefficient, where it is rubbed."""
    load = run.get("wear/wall/load_path")
    if load is None or not np.any(load > 0):
        return None
    area, rate = run.get("wear/wall/area"), run.get("wear/wall/rate")
    bare = np.divide(load, area, out=np.zeros_like(load), where=area > 0)
    shown = bare if rate is None else rate * 3.6e6  # g/(m2 h)
    word = "load × path  [N m/(m² s)]" if rate is None else "worn off  [g/(m² h)]"
    up = np.linspace(-1, 1, load.shape[0] + 1)
    turn = np.linspace(0, 360, load.shape[1] + 1)
    fig, ax = plt.subplots(figsize=(8, 3.2))
    mesh = ax.pcolormesh(turn, up, shown, cmap="magma_r")
    ax.grid(False)
    ax.set(xlabel="angle about the vial's axis [°]", ylabel="height, cosine from the centre",
           title="Wear of the wall" if rate is not None else "Rubbing of the wall",
           xticks=range(0, 361, 60))
    fig.colorbar(mesh, ax=ax, label=word)
    return fig


def all_figures(run):
    """[(slug, caption, figure)] of everything this run has."""
    made = [
        ("energy-spectrum", "Collision-energy spectrum by pair kind.", energy_spectrum(run)),
        ("energy-map", "Normal against tangential energy of media impacts.", energy_map(run)),
        ("hot-spots", "Hot-spot distribution of the trapped powder.", hot_spots(run)),
        ("mechanics", "Power and kinetic energy in the window.", mechanics_series(run)),
        ("ledger", "Energy ledger.", ledger(run)),
        ("temperatures", "Temperatures by the balance of heat, and its book.", temperatures(run)),
        ("coatings", "Powder on balls and wall by the coating law; dotted: a new window.",
         coatings(run)),
        ("wall-map", "The wall unrolled as seen from the vial's centre, in its own axes: bottom "
                     "at -1, lid at 1.", wall_map(run)),
    ]
    for span, word in (("chemistry/bridged", "bridged hours"), ("chemistry/direct", "direct span")):
        slug = span.split("/")[1]
        made += [
            (f"gas-{slug}", f"Gas, conversion and yield over the {word}. Black: published values "
                            f"without a time.", gas_curves(run, span)),
            (f"observed-{slug}", f"What instruments saw over the {word}.",
             observed_curves(run, span)),
            (f"coverage-{slug}", f"Coverages over the {word}.", coverage_curves(run, span)),
            (f"channels-{slug}", f"Channels of the {word}.", channels(run, span)),
        ]
    return [(slug, text, fig) for slug, text, fig in made if fig is not None]
