#!/usr/bin/env bash
# san.sh thread|address [program...]: the runtime under a sanitizer, real jobs included; any report is a failure.
# The programs are those of ci/ctests, by name.
#
# The library and the test programs are instrumented, the launcher is not. The standard library comes without
# instrumentation; ci/sanitizers tells what follows from that. ThreadSanitizer sees one process: the two sides of rings
# and copies meet in the transport's own tests, where two ranks are threads that share one mapping.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:?thread or address}
shift
[ $# -gt 0 ] || set -- sizes modes matching probe cancel requests truncate sendrecv collectives collectives_nonblocking \
    datatypes thread_multiple threads_p2p

target=$PWD/target/san/$kind
triple=$(rustc -vV | sed -n 's/^host: //p')
runtime=$(rustc --print sysroot)/lib/rustlib/$triple/lib
case $kind in
    thread) archive=$runtime/librustc-stable_rt.tsan.a ;;
    address) archive=$runtime/librustc-stable_rt.asan.a ;;
    *) echo "san.sh: '$kind' is neither thread nor address" >&2; exit 2 ;;
esac
export TSAN_OPTIONS="suppressions=$PWD/ci/sanitizers/thread.supp exitcode=66 history_size=4"
# Memory that is not there is an error of MPI, not the end.
export ASAN_OPTIONS="detect_stack_use_after_return=1 allocator_may_return_null=1 exitcode=66"

# RUSTC_BOOTSTRAP: the switch is not stable yet, but the stable compiler has it and brings the sanitizers' runtimes.
instrumented() {
    local flags="-Zsanitizer=$kind -Cunsafe-allow-abi-mismatch=sanitizer --cfg one_mapping"
    RUSTC_BOOTSTRAP=1 RUSTFLAGS="$flags" cargo "$1" --target "$triple" --target-dir "$target" "${@:2}"
}

echo "== the tests of the crates"
crates=(-p rankwise-transport)
[ "$kind" = thread ] || crates+=(-p rankwise-core -p rankwise-testkit)
instrumented test "${crates[@]}" --lib --tests

echo "== real jobs"
instrumented build -p rankwise-c
prefix=$target/rankwise
if [ ! -x target/test/rankwise/bin/mpirun ]; then
    cargo xtask install --prefix target/test/rankwise
fi
rm -rf "$prefix"
cp -r target/test/rankwise "$prefix"
cp "$target/$triple/debug/libmpi_abi.so" "$prefix/lib/libmpi_abi.so.1"

# The compiler's own runtime may lack what Rust's code calls, so that programs get Rust's.
build() {
    "$prefix/bin/mpicc" -std=gnu11 -O1 -g "-fsanitize=$kind" -c -o "$2.o" "$1"
    "$prefix/bin/mpicc" -o "$2" "$2.o" -rdynamic -Wl,--whole-archive "$archive" -Wl,--no-whole-archive \
        -lm -lpthread -ldl -lrt
}

mkdir -p "$target/programs"
failed=0
for name in "$@"; do
    source=ci/ctests/$name.c
    program=$target/programs/$name
    build "$source" "$program"
    begun=$SECONDS
    if "$prefix/bin/mpirun" -n 2 --timeout 300 "$program" >"$program.log" 2>&1 &&
        ! grep -qE '(Thread|Address|Leak)Sanitizer' "$program.log"; then
        echo "$name ... ok ($((SECONDS - begun)) s)"
    else
        echo "$name ... FAILED"
        head -n 120 "$program.log"
        failed=1
    fi
done

# A sanitizer that sees nothing reports nothing: this program is wrong.
wrong=ci/sanitizers/wrong_$kind.c
build "$wrong" "$target/programs/wrong"
if "$prefix/bin/mpirun" -n 2 "$target/programs/wrong" >"$target/programs/wrong.log" 2>&1; then
    echo "$wrong was not found out"
    failed=1
fi
exit $failed
