# Builds the application where sources are newer than the last build.

# With TWINSTREAM_GPU=1 the build has ONNX Runtime for the GPU, with TWINSTREAM_CONFLUENT=1 Confluent's serdes.
maven() {
  set -- ${TWINSTREAM_GPU:+-Pgpu} ${TWINSTREAM_CONFLUENT:+-Pconfluent} "$@"
  if command -v mvn >/dev/null 2>&1; then
    mvn -B -f "$here/pom.xml" "$@"
  else
    "$here/mvnw" -B -f "$here/pom.xml" "$@"
  fi
}

variant() { echo "${TWINSTREAM_GPU:+gpu}${TWINSTREAM_CONFLUENT:+confluent}"; }

is_built() {
  local built=$here/deploy/target/app/built
  [ -e "$built" ] && [ "$(cat "$built")" = "$(variant)" ] || return 1
  [ -z "$(find "$here/pom.xml" "$here"/{schemas,model,topology,deploy}/pom.xml \
    "$here"/{schemas,model,topology}/src "$here"/model/native/{CMakeLists.txt,build-native.sh,exports.map,fetch-headers.sh,cpu,cuda,ops} "$here/model/bundles" \
    -newer "$built" -print -quit)" ]
}

begin_build() {
  mkdir -p "$here/deploy/target"
  touch "$here/deploy/target/begun"
}

# What is saved while a build runs is newer than it.
mark_built() {
  variant >"$here/deploy/target/app/built"
  touch -r "$here/deploy/target/begun" "$here/deploy/target/app/built"
}

build() {
  need_compilers
  is_built && return
  local log=$here/deploy/target/build.log
  mkdir -p "$here/deploy/target"
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$here/deploy/target/lock" # another shell may be building
    flock 9
    is_built && exec 9>&- && return
  fi
  begin_build
  say "building with Maven and CMake (the first time they fetch libraries and headers: some minutes); log: deploy/target/build.log"
  local start=$SECONDS
  if ! maven -q -DskipTests package >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    say "the build failed; the whole log is in $log"
    exit 1
  fi
  mark_built
  exec 9>&-
  say "built in $((SECONDS - start)) s"
}

# run_java [exec] COMMAND...: with exec, in place of this shell, so that signals reach the application
run_java() {
  # Without a locale Java takes names of files and arguments for ASCII, and loses all else.
  case "${LC_ALL:-${LC_CTYPE:-${LANG:-C}}}" in C | POSIX) local -x LC_ALL=C.UTF-8 ;; esac
  local first=()
  [ "$1" = exec ] && first=(exec) && shift
  # shellcheck disable=SC2086
  "${first[@]}" "$java" ${TWINSTREAM_JAVA_OPTS:--Xmx2g} \
    -cp "$here/deploy/target/app/twinstream.jar${TWINSTREAM_CLASSPATH:+:$TWINSTREAM_CLASSPATH}" dev.twinstream.app.Main "$@" <&3
}
