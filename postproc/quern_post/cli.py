"""Command line: quern-post report run.h5, picture, mill deck.yaml, spread runs/a-*.h5."""

from __future__ import annotations

import argparse
import sys

from . import mill, report, spread


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
    three = commands.add_parser("mill", help="felt acceleration and wall speed of a deck's mill",
                                description="Draws what `quern check --kinematics` computes.")
    three.add_argument("deck", help="deck, e.g. inputs/guan2025/one-step.yaml")
    three.add_argument("--output", help="PNG file (default: <deck>-mill.png)")
    three.add_argument("--set", action="append", default=[], metavar="KEY=VALUE",
                       help="change a key of the deck, as for quern run")
    three.add_argument("--quern", help="the quern program (default: $QUERN, the build, PATH)")
    four = commands.add_parser("spread", help="errors from the window's length, of a sweep",
                               description="Means and standard errors over members that differ "
                                           "by run.resample, as a table and a PNG.")
    four.add_argument("run", nargs="+", help="run files, e.g. runs/a-*.h5")
    four.add_argument("--output", help="PNG file (default: spread.png beside the first run)")
    args = parser.parse_args(argv)
    if args.command == "spread":
        try:
            print(spread.write(args.run, args.output))
            return 0
        except (OSError, spread.SpreadError) as error:
            print(f"quern-post: {error}", file=sys.stderr)
            return 5
    if args.command == "mill":
        try:
            print(mill.write(args.deck, args.output, args.set, args.quern))
            return 0
        except mill.MillError as error:
            print(f"quern-post: {error}", file=sys.stderr)
            return error.code
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
