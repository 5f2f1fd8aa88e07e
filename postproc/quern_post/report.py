"""One self-contained HTML page from a run file, and its pictures as PNG."""

from __future__ import annotations

import base64
import html
import io
import pathlib

import matplotlib.pyplot as plt
import numpy as np

from .figures import all_figures
from .runfile import RunFile

STYLE = """
body{font:15px/1.5 system-ui,sans-serif;color:#20303c;max-width:1060px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.7rem;margin-bottom:.2rem} h2{margin-top:2.2rem;border-bottom:2px solid #1f6f8b}
table{border-collapse:collapse;margin:.6rem 0} td,th{padding:.25rem .8rem;border-bottom:1px solid #dfe5e8;
text-align:left;vertical-align:top} td.n{text-align:right;font-variant-numeric:tabular-nums}
figure{margin:1.2rem 0} img{max-width:100%} figcaption{color:#5b6b75;font-size:.9rem}
pre{background:#f4f6f7;padding:1rem;overflow:auto;font-size:12px} .quiet{color:#5b6b75}
.warn{background:#fff4e0;border-left:4px solid #e09f3e;padding:.5rem 1rem}
"""


def _number(value):
    if isinstance(value, (float, np.floating)):
        return f"{value:.5g}"
    return str(value)


def _table(rows):
    body = "".join(
        f"<tr><td>{html.escape(name.replace('_', ' '))}</td>"
        f"<td class=n>{html.escape(_number(value))}</td>"
        f"<td>{html.escape(unit if unit != '1' else '')}</td>"
        f"<td class=quiet>{html.escape(text)}</td></tr>"
        for name, value, unit, text in rows)
    return f"<table>{body}</table>"


def _observations(run):
    rows = run.observations()
    if not rows:
        return ""
    merit = {name: value for name, value, _, _ in run.scalars("merit")}
    lines = []
    for o in rows:
        own = merit.get(o.get("quantity"))
        said = o.get("value", "withheld" if o["use"] == "withheld" else "")
        lines.append(
            "<tr><td>{}</td><td>{}</td><td class=n>{}</td><td class=n>{}</td><td>{}</td><td>{}</td>"
            "</tr>".format(html.escape(str(o["id"])), html.escape(str(o["what"])),
                           html.escape(str(said)),
                           _number(own) if own is not None else "",
                           html.escape(str(o["use"])), html.escape(str(o["source"]))))
    return ("<h2>Published values</h2><table><tr><th>id</th><th>what</th><th>published</th>"
            "<th>this run</th><th>use</th><th>source</th></tr>" + "".join(lines) + "</table>")


def _png(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    plt.close(figure)
    return buffer.getvalue()


def write(path, output=None):
    """Write the page and the PNGs; returns the page's path. OSError when the run cannot be read."""
    run = RunFile(path)
    page = pathlib.Path(output) if output else run.path.with_suffix(".html")
    folder = page.with_name(page.stem + "-figures")
    folder.mkdir(parents=True, exist_ok=True)
    parts = [f"<!doctype html><meta charset=utf-8><title>{html.escape(page.stem)}</title>",
             f"<style>{STYLE}</style><h1>{html.escape(str(run.attrs.get('name', page.stem)))}</h1>",
             f"<p class=quiet>{html.escape(str(run.attrs.get('status', '')))}</p>"]
    summary = run.get("summary")
    if summary:
        parts.append(f"<pre>{html.escape(summary)}</pre>")
    merit = run.scalars("merit")
    if merit:
        parts.append("<h2>Figures of merit</h2>" + _table(merit))
    parts.append(_observations(run))
    parts.append("<h2>Pictures</h2>")
    for slug, caption, figure in all_figures(run):
        png = _png(figure)
        (folder / f"{slug}.png").write_bytes(png)
        data = base64.b64encode(png).decode()
        parts.append(f"<figure><img alt='{html.escape(caption)}' src='data:image/png;base64,{data}'>"
                     f"<figcaption>{html.escape(caption)}</figcaption></figure>")
    for title, group in (("Energy ledger", "mechanics/ledger"), ("Statistics", "statistics")):
        rows = run.scalars(group)
        if rows:
            parts.append(f"<h2>{title}</h2>" + _table(rows))
    for title, name in (("Manifest", "manifest"), ("Resolved deck", "deck"),
                        ("Mechanism", "mechanism")):
        text = run.get(name)
        if text:
            parts.append(f"<details><summary>{title}</summary><pre>{html.escape(text)}</pre>"
                         "</details>")
    page.write_text("\n".join(parts), encoding="utf-8")
    return page


def picture(path, output, slugs=("energy-spectrum", "hot-spots", "gas-bridged")):
    """Some pictures of a report, one below the other, as one PNG; returns its path."""
    made = {slug: figure for slug, _, figure in all_figures(RunFile(path))}
    missing = [slug for slug in slugs if slug not in made]
    if missing:
        raise OSError(f"the run has no picture {missing[0]}")
    images = [plt.imread(io.BytesIO(_png(made.pop(slug))))[..., :3] for slug in slugs]
    for figure in made.values():
        plt.close(figure)
    width = max(image.shape[1] for image in images)
    padded = [np.pad(image, ((0, 0), (0, width - image.shape[1]), (0, 0)), constant_values=1.0)
              for image in images]
    plt.imsave(output, np.concatenate(padded))
    return pathlib.Path(output)
