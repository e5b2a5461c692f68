#!/bin/sh
# system.sh run|screen|test|package|windows: see that this machine has the programs a make target needs.
# On Debian and Ubuntu what is missing is installed; elsewhere it is named, and work goes on.
set -eu
here=$(dirname "$0")
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin # where nginx lives, also for ordinary users
missing=

need() { # need PACKAGES WHY PROBE...: the probe is a command that succeeds where nothing is missing
    packages=$1 why=$2
    shift 2
    "$@" >/dev/null 2>&1 && return
    echo "missing: $packages ($why)"
    missing="$missing $packages"
}

has() { command -v "$1"; }

has_all() { for program; do has "$program" || return; done; }

chinese_font() { fc-list :lang=zh-cn | grep .; }

shared_libpython() { # PyInstaller bundles it; Debian's python3 itself does without
    "$(sh "$here/python.sh")" -c 'import ctypes, ctypes.util, os, sysconfig
name, folder = (sysconfig.get_config_var(v) or "" for v in ("INSTSONAME", "LIBDIR"))
ctypes.CDLL(os.path.join(folder, name) if os.path.exists(os.path.join(folder, name)) else name)'
}

run() {
    need "python3-tk python3-venv" "the window and its own Python environment" sh "$here/python.sh"
}

screen() {
    run
    need "xvfb xauth" "a virtual display" has xvfb-run
    need openbox "a small window manager for it" has openbox
    need fontconfig "to know which fonts there are" has fc-list
    need fonts-noto-cjk "Chinese characters" chinese_font
    need imagemagick "screenshots" has import
}

tests() {
    screen
    need xdotool "keys and clicks for the tests of the built program" has xdotool
    need xclip "the clipboard, seen from outside" has xclip
    need nginx-light "a real web server to test against" has nginx
    need ncat "a real chat broker to test against" has ncat
    need netcat-openbsd "nc, the plainest client there is" has nc.openbsd
    need socat "well and badly behaved peers" has socat
    need "iproute2 util-linux" "two computers in one: network namespaces" has ip
    need nftables "firewalls for them" has nft
    need curl "a real HTTP client" has curl
    need chrony "a real NTP client and server" has chronyd
    need openssl "real TLS" has openssl
    need tshark "reads the captures that are exported, and captures from extcap" has tshark
    need libxml2-utils "reads the pictures of a ladder" has xmllint
    need chromium "draws them" has chromium
    need poppler-utils "reads the pages that are printed" has pdftotext
    need golang-go "clients written in the tutorial's language" has go
    need zsh "what completion offers in it" has zsh
    need "gcc libc6-dev" "the benchmark's load generator" has gcc
}

package() {
    run
    need binutils "PyInstaller reads and strips libraries" has objdump
    need "libpython3-dev" "the built program brings its own libpython" shared_libpython
}

windows() {
    package
    need wine64 "runs Windows' Python and the executables built with it" has /usr/lib/wine/wine64
    need "curl unzip" "to fetch and unpack Windows' Python" has_all curl unzip
    need locales "a Chinese Windows, where wine finds a Chinese locale" test -f /usr/share/i18n/locales/zh_CN
    screen
    need xdotool "keys and clicks for the tests of the built program" has xdotool
    need xclip "the clipboard, seen from outside" has xclip
    need nginx-light "a real web server to test against" has nginx
    need openssl "real TLS" has openssl
    need netcat-openbsd "nc, the plainest client there is" has nc.openbsd
}

install() {
    root=
    [ "$(id -u)" = 0 ] || root=sudo
    if ! has apt-get >/dev/null || ! has ${root:-true} >/dev/null; then
        echo "Please install what is missing with this system's package manager; going on without."
        return
    fi
    echo "installing with apt-get:$missing"
    $root apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        $missing </dev/null >/dev/null
    case $missing in
    *nginx*) # the tests start their own; no web server shall stay on this machine's port 80
        $root systemctl disable --now nginx >/dev/null 2>&1 || true ;;
    esac
}

case ${1:-} in
run) run ;;
screen) screen ;;
test) tests ;;
package) package ;;
windows) windows ;;
*) echo "usage: $0 run|screen|test|package|windows" >&2; exit 2 ;;
esac
[ -z "$missing" ] || install
