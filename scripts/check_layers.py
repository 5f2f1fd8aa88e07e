#!/usr/bin/env python3
"""Fail when an include climbs the house.

Each folder of include/ and src/ is a floor and may see itself and the floors listed for it; library
headers belong to the modules named for them; no two modules may include each other, however far
around; a file longer than 500 lines is two files; postproc/ holds no C.
"""
import fnmatch
import pathlib
import re
import sys

SEES = {
    "base": {"base"},
    "par": {"base", "par"},
    "io": {"base", "io"},
    "model": {"base", "io", "model"},
    "exposure": {"base", "io", "model", "exposure"},
    "dem": {"base", "par", "io", "model", "dem"},
    "chem": {"base", "par", "io", "model", "exposure", "chem"},
    "bridge": {"base", "par", "io", "model", "exposure", "chem", "bridge"},
    "app": {"base", "par", "io", "model", "exposure", "dem", "chem", "bridge", "app"},
}
# header pattern -> modules that may include it
ONLY = {
    "mpi.h": ["par/*", "io/store", "app/main"],
    "hdf5.h": ["io/*"],
    "zoltan.h": ["par/partition"],
    "petsc*.h": ["chem/system*", "bridge/*", "app/calibrate", "app/main"],
    "yaml.h": ["io/yaml"],
    "udunits2.h": ["io/units"],
}
LONGEST = 500  # lines


def includes(path):
    return re.findall(r'^\s*#\s*include\s+[<"]([^>"]+)', path.read_text(), re.M)


def owners(header):
    for pattern, modules in ONLY.items():
        if fnmatch.fnmatch(header, pattern):
            return modules
    return None


def cycle(node, path, done, sees):
    if node in path:
        return [*path[path.index(node):], node]
    if node in done:
        return None
    for below in sorted(sees.get(node, ())):
        if found := cycle(below, [*path, node], done, sees):
            return found
    done.add(node)
    return None


def check(root):
    bad, sees = [], {}
    for f in sorted([*root.glob("include/*/*.h"), *root.glob("src/*/*.[ch]")]):
        room, module = f.parent.name, f"{f.parent.name}/{f.stem}"
        name = f.relative_to(root)
        if room not in SEES:
            bad.append(f"{name}: {room}/ is no floor of the house")
            continue
        if (length := f.read_text().count("\n")) > LONGEST:
            bad.append(f"{name}: {length} lines; the most is {LONGEST}")
        for header in includes(f):
            modules = owners(header)
            if modules and not any(fnmatch.fnmatch(module, m) for m in modules):
                bad.append(f"{name}: {header} belongs to {', '.join(modules)}")
            floor = header.split("/")[0]
            if "/" not in header or floor not in SEES:
                continue
            if floor not in SEES[room]:
                bad.append(f"{name}: {room} may not see {header}")
            if header[:-2] != module:
                sees.setdefault(module, set()).add(header[:-2])
    bad += [f"{f.relative_to(root)}: postproc/ is Python" for f in root.glob("postproc/**/*.[ch]")]
    done = set()
    for start in sorted(sees):
        if loop := cycle(start, [], done, sees):
            bad.append("cycle: " + " -> ".join(loop))
            break
    return bad, sees


if __name__ == "__main__":
    here = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1]
    faults, edges = check(here)
    print("\n".join(faults) or
          f"house is clean: {len(edges)} modules, {sum(map(len, edges.values()))} edges")
    sys.exit(bool(faults))
