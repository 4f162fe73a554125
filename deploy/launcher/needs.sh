# What the machine must have. On Debian as root what is missing is installed, elsewhere it is named.

say() { echo "twinstream: $*" >&2; }

apt_updated=
# missing DEBIAN-PACKAGE WHAT-FOR: installs the package, or says that it is missing and ends
missing() {
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "installing $1 ($2)"
    [ -n "$apt_updated" ] || apt-get -qq update >/dev/null
    apt_updated=1
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y "$1" >/dev/null
    hash -r
    return
  fi
  say "$1 is missing ($2): install it (on Debian: apt-get install $1)"
  exit 1
}

# need PROGRAM DEBIAN-PACKAGE WHAT-FOR
need() {
  command -v "$1" >/dev/null 2>&1 || missing "$2" "$3"
}

need_java() {
  if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/javac" ]; then
    java=$JAVA_HOME/bin/java
  else
    need javac openjdk-17-jdk-headless "the Java compiler, 17 or newer"
    java=$(command -v java)
  fi
  local version
  version=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/.*java.specification.version = //p')
  if [ "${version%%.*}" -lt 17 ]; then
    say "Java $version is too old; 17 or newer is wanted (on Debian: apt-get install openjdk-17-jdk-headless)"
    exit 1
  fi
}

# For the custom ops. ONNX Runtime's headers are fetched by the build itself.
need_compilers() {
  need c++ g++ "the C++ compiler of the custom ops"
  need make make "it drives the C++ compiler"
  need cmake cmake "it drives the C++ build"
  echo '#include <hwy/highway.h>' | c++ -x c++ -std=c++17 -E - >/dev/null 2>&1 ||
    missing libhwy-dev "Google Highway's headers, for the custom ops"
}

# For the tests with Confluent's JavaScript client, which npm fetches.
need_node() {
  need node nodejs "it runs Confluent's JavaScript client in the tests, 18 or newer"
  need npm npm "it fetches that client"
}
