#!/bin/sh
# Runs ranks_digest under mpirun over ranks x threads x ways to disturb it, and fails unless all
# print the same line.   same_on_ranks.sh MPIEXEC NFLAG PROGRAM [plain]
# `plain`: only ranks x threads, for programs without ways to disturb them.
set -eu
mpiexec=$1 flag=$2 program=$3
first=
check() { # check RANKS THREADS MODE
    line=$("$mpiexec" --oversubscribe "$flag" "$1" "$program" "$2" "$3")
    echo "$1 ranks, $2 threads, $3: $line"
    [ -n "$line" ] || exit 1
    [ -z "$first" ] || [ "$line" = "$first" ] || exit 1
    first=$line
}
if [ "${4:-}" = plain ]; then
    for ranks in 1 2 3 4; do
        check $ranks 1 plain
        check $ranks 2 plain
    done
    exit 0
fi
for ranks in 1 2 3 4 8; do
    check $ranks 1 plain
done
for ranks in 1 2; do
    check $ranks 2 plain
done
check 2 1 rebuild
check 3 2 shake
check 4 1 shake

check 1 2 restart
check 3 1 restart
