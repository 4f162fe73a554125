# Builds the application where sources are newer than the last build.

maven() {
  if command -v mvn >/dev/null 2>&1; then
    mvn -B -f "$here/pom.xml" "$@"
  else
    "$here/mvnw" -B -f "$here/pom.xml" "$@"
  fi
}

is_built() {
  local built=$here/deploy/target/app/built
  [ -e "$built" ] || return 1
  [ -z "$(find "$here/pom.xml" "$here"/{schemas,model,topology,deploy}/pom.xml \
    "$here"/{schemas,model,topology}/src -newer "$built" -print -quit)" ]
}

build() {
  is_built && return
  local log=$here/deploy/target/build.log
  mkdir -p "$here/deploy/target"
  say "building with Maven (the first time it fetches libraries: some minutes); log: $log"
  local start=$SECONDS
  if ! maven -q -DskipTests package >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    say "the build failed; the whole log is in $log"
    exit 1
  fi
  touch "$here/deploy/target/app/built"
  say "built in $((SECONDS - start)) s"
}
