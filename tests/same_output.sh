#!/bin/sh
# Runs each program and fails unless all print the same line.
set -eu
first=
for program in "$@"; do
    line=$("$program")
    echo "$(basename "$program"): $line"
    [ -n "$line" ] || exit 1
    [ -z "$first" ] || [ "$line" = "$first" ] || exit 1
    first=$line
done
