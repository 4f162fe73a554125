#!/bin/sh
# Puts ONNX Runtime's C and C++ headers into OUTDIR/include and prints what it did.
#
#   fetch-headers.sh OUTDIR
#
# No Maven artifact carries these headers, and the ops need nothing else of ONNX Runtime at build
# time. Sources, in order; nothing outside OUTDIR is changed:
#   1. ORT_INCLUDE_DIR, then the system's include folders;
#   2. on Debian and its kin: the package libonnxruntime-dev, unpacked (never installed), from the
#      mirror that this machine's apt already uses;
#   3. ONNX Runtime's release archive (version ORT_VERSION, default 1.21.0), with curl.
set -eu

# The API is append-only and the ops ask for version 21 of it: any release from 1.21 on will do.
ORT_VERSION="${ORT_VERSION:-1.21.0}"
SUITE="${ORT_DEBIAN_SUITE:-trixie}"
PACKAGE=libonnxruntime-dev

say() { echo "fetch-headers: $*"; }
fail() { echo "fetch-headers: error: $*" >&2; exit 1; }

[ $# -eq 1 ] || fail "usage: fetch-headers.sh OUTDIR"
mkdir -p "$1"
OUT="$(cd "$1" && pwd)"
HEADER=onnxruntime_cxx_api.h

# Copies the folder that holds the C++ header, so that the build sees one layout whatever the source.
take_from() {
    mkdir -p "$OUT/include"
    cp "$1"/onnxruntime_*.h "$OUT/include/"
    version="$(sed -n 's/^#define ORT_API_VERSION \([0-9]*\).*/\1/p' "$OUT/include/onnxruntime_c_api.h")"
    if [ "${version:-0}" -lt 21 ]; then
        rm -rf "$OUT/include"
        say "$1 has API version ${version:-unknown}, wanted 21 or later"
        return 1
    fi
    say "headers of API version $version from $2 are in OUTDIR/include"
}

take_tree() {
    found="$(find "$1" -name "$HEADER" -print 2>/dev/null | head -n 1)"
    [ -n "$found" ] && take_from "$(dirname "$found")" "$2"
}

from_system() {
    for folder in ${ORT_INCLUDE_DIR:+"$ORT_INCLUDE_DIR"} /usr/include/onnxruntime \
            /usr/include/onnxruntime/core/session /usr/include /usr/local/include/onnxruntime \
            /usr/local/include; do
        if [ -f "$folder/$HEADER" ] && take_from "$folder" "$folder"; then return 0; fi
    done
    if [ -n "${ORT_INCLUDE_DIR:-}" ]; then say "ORT_INCLUDE_DIR has no usable $HEADER"; fi
    return 1
}

# The archive that apt is set to use: a snapshot cannot be relied on to hold a newer suite, so the
# plain URI of the same machine configuration is taken.
debian_uri() {
    { grep -hE '^URIs:' /etc/apt/sources.list.d/*.sources 2>/dev/null | sed 's/^URIs:[[:space:]]*//' | tr ' ' '\n'
      grep -hE '^deb ' /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null \
          | sed -E 's/^deb +(\[[^]]*\] +)?//' | cut -d' ' -f1
    } | grep -E '/debian/?$' | head -n 1
}

from_debian() {
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
    uri="$(debian_uri)"
    [ -n "$uri" ] || { say "apt's configuration names no Debian archive"; return 1; }
    say "fetching the package $PACKAGE ($SUITE) from the machine's Debian mirror, without installing it"
    apt="$OUT/apt"
    rm -rf "$apt"
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/unpacked"
    key=/usr/share/keyrings/debian-archive-keyring.gpg
    echo "deb [signed-by=$key] $uri $SUITE main" > "$apt/sources.list"
    : > "$apt/status"
    set -- -qq -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State="$apt" -o Dir::State::Lists="$apt/lists" -o Dir::State::status="$apt/status" \
        -o Dir::Cache="$apt/cache" -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none
    apt-get "$@" update || { say "apt-get update of $SUITE failed"; return 1; }
    (cd "$apt" && apt-get "$@" download "$PACKAGE") || { say "no $PACKAGE in $SUITE"; return 1; }
    dpkg -x "$apt"/"$PACKAGE"_*.deb "$apt/unpacked" || return 1
    take_tree "$apt/unpacked" "the package $PACKAGE" || return 1
    rm -rf "$apt"
}

from_release() {
    command -v curl >/dev/null || { say "no curl for the release archive"; return 1; }
    case "$(uname -s)-$(uname -m)" in
        Linux-x86_64) kind=linux-x64 ;;
        Linux-aarch64) kind=linux-aarch64 ;;
        *) kind=linux-x64 ;; # only its headers are used, and they are the same everywhere
    esac
    name="onnxruntime-$kind-$ORT_VERSION"
    say "fetching the release archive $name.tgz"
    mkdir -p "$OUT/release"
    curl -fsSL --retry 2 --connect-timeout 20 -o "$OUT/release/$name.tgz" \
        "https://github.com/microsoft/onnxruntime/releases/download/v$ORT_VERSION/$name.tgz" || return 1
    tar -xzf "$OUT/release/$name.tgz" -C "$OUT/release" || return 1
    take_tree "$OUT/release" "the release archive" || return 1
    rm -rf "$OUT/release"
}

if [ -f "$OUT/include/$HEADER" ]; then
    say "headers are already in OUTDIR/include"
elif from_system || from_debian || from_release; then
    :
else
    fail "found no ONNX Runtime headers. Install the Debian package $PACKAGE (suite $SUITE or later), \
or set ORT_INCLUDE_DIR to the folder with $HEADER from an ONNX Runtime release (1.21 or later)."
fi
