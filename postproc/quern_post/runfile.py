"""A run file as Python sees it: datasets with units, texts, published values."""

from __future__ import annotations

import pathlib

import h5py
import numpy as np
import yaml


class RunFile:
    """Read-only view of one run.h5; everything is loaded on demand and the file is closed again."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        with h5py.File(self.path, "r") as f:
            self.attrs = {k: _plain(v) for k, v in f.attrs.items()}
            self._names = []
            f.visititems(lambda name, item: self._names.append(name)
                         if isinstance(item, h5py.Dataset) else None)

    def __contains__(self, name):
        name = name.strip("/")
        return name in self._names or any(n.startswith(name + "/") for n in self._names)

    def get(self, name, default=None):
        """The array (or text) at `name`; `default` when the run has none."""
        name = name.strip("/")
        if name not in self._names:
            return default
        with h5py.File(self.path, "r") as f:
            return _plain(f[name][()])

    def unit(self, name):
        """Unit of a dataset, '' when it has none."""
        with h5py.File(self.path, "r") as f:
            return _plain(f[name].attrs.get("units", ""))

    def describe(self, name):
        """What a dataset holds, in words."""
        with h5py.File(self.path, "r") as f:
            return _plain(f[name].attrs.get("description", ""))

    def children(self, group):
        """Names of the datasets right below a group, in file order."""
        prefix = group.strip("/") + "/"
        return [n[len(prefix):] for n in self._names
                if n.startswith(prefix) and "/" not in n[len(prefix):]]

    def groups(self, group):
        """Names of the groups right below a group, in file order."""
        prefix = group.strip("/") + "/"
        below = [n[len(prefix):].split("/")[0] for n in self._names
                 if n.startswith(prefix) and "/" in n[len(prefix):]]
        return list(dict.fromkeys(below))

    def scalars(self, group):
        """[(name, value, unit, description)] of the one-value datasets of a group."""
        out = []
        for name in self.children(group):
            value = self.get(f"{group}/{name}")
            if np.ndim(value) == 0 or np.size(value) == 1:
                full = f"{group.strip('/')}/{name}"
                out.append((name, np.ravel(value)[0], self.unit(full), self.describe(full)))
        return out

    def observations(self):
        """Published values beside this run: list of dicts from the deck's observations file."""
        text = self.get("observations", "")
        return (yaml.safe_load(text) or {}).get("observations", []) if text else []


def _plain(value):
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, np.ndarray) and value.dtype.kind in "SO":
        return [v.decode() if isinstance(v, bytes) else v for v in value.ravel()]
    return value
