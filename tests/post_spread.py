"""quern-post spread against members whose mean and scatter are known. Prints and exits 1 on a fault."""

import pathlib
import sys
import tempfile

import h5py
import numpy as np
from quern_post import spread

TIME = np.array([0.0, 1800.0, 3600.0])
SLOPE = [0.9, 1.0, 1.1, 1.4]  # mean 1.1, variance (0.04 + 0.01 + 0 + 0.09)/3


def member(folder, k, slope, window="w"):
    """A run file whose conversion rises to slope percent."""
    path = folder / f"a-{k}.h5"
    with h5py.File(path, "w") as f:
        f.attrs["window"] = window
        f["chemistry/bridged/time"] = TIME
        f["chemistry/bridged/merit/conversion_CO2"] = 0.01 * slope * TIME / 3600.0
        f["chemistry/bridged/observed/gc/CO2"] = 0.2 - 0.01 * slope * TIME / 3600.0
        f["chemistry/bridged/observed_uncertainty/gc/CO2"] = np.full(3, 0.004)
    return path


def refused(paths, words):
    """True when these members are refused with these words."""
    try:
        spread.collect(paths)
    except spread.SpreadError as error:
        return words in str(error)
    return False


def main():
    """Faults found."""
    faults = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        paths = [member(folder, k, slope) for k, slope in enumerate(SLOPE)]
        time, results = spread.collect(paths)
        mean, window, instrument = results["merit/conversion_CO2"]
        error = 0.01 * np.sqrt(0.14 / 3.0)
        checks = {
            "time": np.array_equal(time, TIME),
            "mean": np.allclose(mean, 0.011 * TIME / 3600.0, rtol=1e-12),
            "window": np.allclose(window, error * TIME / 3600.0, rtol=1e-12),
            "a merit has no instrument": not np.any(instrument),
            "instrument": np.allclose(results["observed/gc/CO2"][2], 0.004),
            "picture": spread.write(paths, folder / "s.png") and (folder / "s.png").exists(),
            "too few": refused(paths[:2], "three or more"),
            "other windows": refused(paths + [member(folder, 9, 1.0, "v")], "different windows"),
        }
        faults = [name for name, good in checks.items() if not good]
    for fault in faults:
        print(f"FAIL {fault}")
    print(f"{len(checks) - len(faults)} of {len(checks)} hold")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
