#!/bin/sh
# run.sh PREFIX [test...]: compile each test with PREFIX/bin/mpicc and run it with every number of ranks that its
# first line names. MPICC, MPIRUN (what stands before the number of ranks) and LIMIT (seconds a run) may be set.
set -u
here=$(cd "$(dirname "$0")" && pwd)
prefix=$1
shift
mpicc=${MPICC:-$prefix/bin/mpicc}
mpirun=${MPIRUN:-$prefix/bin/mpirun -n}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
passed=0 failed=0
[ $# -gt 0 ] || set -- $(cd "$here" && grep -l '^/\* ranks:' ./*.c | sed 's,^./,,; s,\.c$,,')
for test in "$@"; do
    source=$here/$test.c
    tool=$(sed -n '2s,^/\* with: \([a-z_]*\.c\) .*,\1,p' "$source")
    if ! $mpicc -std=gnu11 -O1 -g -Wall -Wextra -Werror -o "$out/$test" "$source" ${tool:+"$here/$tool"} \
        -lm -lpthread >"$out/log" 2>&1; then
        echo "FAIL $test: does not compile"
        sed 's/^/    /' "$out/log" | head -n 20
        failed=$((failed + 1))
        continue
    fi
    for ranks in $(sed -n '1s,^/\* ranks: \([0-9 ]*\).*,\1,p' "$source"); do
        start=$(date +%s%N)
        if timeout -k 5 "${LIMIT:-120}" $mpirun "$ranks" "$out/$test" >"$out/log" 2>&1; then
            echo "ok   $test, $ranks ranks, $((($(date +%s%N) - start) / 1000000)) ms"
            passed=$((passed + 1))
        else
            echo "FAIL $test, $ranks ranks: exit code $?"
            sed 's/^/    /' "$out/log" | head -n 20
            failed=$((failed + 1))
        fi
    done
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
