"""Command line: quern-post report run.h5, quern-post picture run.h5 --output a.png."""

from __future__ import annotations

import argparse
import sys

from . import report


def main(argv=None):
    """Entry point; returns the exit code (0 done, 2 usage, 5 a file cannot be read)."""
    parser = argparse.ArgumentParser(prog="quern-post",
                                     description="Reports and pictures from Quern run files.")
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("report", help="self-contained HTML page and PNGs from a run file",
                              description="Writes <run>.html with every picture inside, and the "
                                          "pictures as <run>-figures/*.png beside it.")
    one.add_argument("run", help="run file, e.g. runs/one-step-quick.h5")
    one.add_argument("--output", help="HTML file (default: the run file with .html)")
    two = commands.add_parser("picture", help="spectra, hot spots and curves as one PNG")
    two.add_argument("run", help="run file")
    two.add_argument("--output", required=True, help="PNG file")
    args = parser.parse_args(argv)
    try:
        make = report.picture if args.command == "picture" else report.write
        page = make(args.run, args.output)
    except OSError as error:
        print(f"quern-post: {args.run}: {error}", file=sys.stderr)
        return 5
    print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
