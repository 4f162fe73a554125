#!/bin/sh
# Compiles the custom ops for this system and puts them where the jar takes them from.
#
#   build-native.sh SOURCES BUILD-FOLDER CLASSES [test]
#
# With "test": compiles and runs their tests too.
set -eu
sources=$1; build=$2; classes=$3; what=${4:-}

for program in cmake make c++; do
  command -v "$program" >/dev/null 2>&1 || {
    echo "build-native: $program is missing: install it (on Debian: apt-get install cmake make g++ libhwy-dev)" >&2
    exit 1
  }
done
case "$(uname -s)" in Linux) system=linux ;; Darwin) system=macos ;; *) system=$(uname -s) ;; esac
case "$(uname -m)" in x86_64 | amd64) machine=x86_64 ;; aarch64 | arm64) machine=aarch64 ;; *) machine=$(uname -m) ;; esac

tests=OFF
[ "$what" = test ] && tests=ON
mkdir -p "$build"
# CMake refuses a cache of another place: of a checkout that was copied or moved.
if [ -e "$build/CMakeCache.txt" ] && ! grep -qx "CMAKE_HOME_DIRECTORY:INTERNAL=$(cd "$sources" && pwd -P)" "$build/CMakeCache.txt"; then
  rm -rf "$build/CMakeCache.txt" "$build/CMakeFiles"
fi
log=$build/build.log
if ! { cmake -S "$sources" -B "$build" -DCMAKE_BUILD_TYPE=Release -DTWINSTREAM_TESTS=$tests &&
  cmake --build "$build" -j "$(getconf _NPROCESSORS_ONLN)"; } >"$log" 2>&1; then
  tail -n 30 "$log" >&2
  echo "build-native: the custom ops could not be compiled; the whole log is in model/native/build/build.log" >&2
  exit 1
fi
if [ "$what" = test ]; then
  cd "$build" && exec ctest --output-on-failure -j "$(getconf _NPROCESSORS_ONLN)"
fi
mkdir -p "$classes/native/$system-$machine"
for library in libtwinstream_ops.so libtwinstream_ops_cuda.so; do # the latter where nvcc is found
  if [ -e "$build/$library" ]; then cp "$build/$library" "$classes/native/$system-$machine/$library"; fi
done
