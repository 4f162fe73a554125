# The image, and the container engine that its tests want.

image_usage() {
  cat <<'TXT'
Usage: ./twinstream image [--cuda] [NAME[:TAG]]   builds the application's image (default: twinstream)

  --cuda   on NVIDIA's base, with ONNX Runtime's build for CUDA
  TWINSTREAM_BASE_IMAGE names another base than those of deploy/compose/.env.
TXT
}

# A name of deploy/compose/.env
image_name() { sed -n "s/^$1=//p" "$here/deploy/compose/.env"; }

# read_image ARGUMENTS: leaves what to build in $cuda and $image; what it cannot take is refused
read_image() {
  cuda='' image=''
  local argument
  for argument in "$@"; do
    if [ "$argument" = --cuda ]; then
      cuda=1
    elif [[ -n "$image" || "$argument" = -* ]]; then
      echo "twinstream image: found '$argument', wanted one name and --cuda at most" >&2
      image_usage >&2
      exit 2
    else
      image=$argument
    fi
  done
}

build_image() {
  local app=$here/deploy/target/app base=BASE_IMAGE
  if [ -n "$cuda" ]; then
    base=CUDA_BASE_IMAGE
    app=$here/deploy/target/cuda/app
    say "fetching ONNX Runtime for CUDA (400 MB)"
    maven -q -Pcuda -DskipTests -Dspotless.check.skip=true package
  fi
  need zip zip "it takes other systems' libraries out of the jars"
  need unzip unzip "it lists the jars"
  "$here/deploy/image/build-image.sh" "$app" "${image:-$(image_name APPLICATION_IMAGE)}" \
    "${TWINSTREAM_BASE_IMAGE:-$(image_name "$base")}"
}

has_engine() { docker version >/dev/null 2>&1; }

# Starts an engine for this run where none runs, as root, and ends it with the run.
start_engine() {
  [ "$(id -u)" = 0 ] || return 1
  need dockerd docker.io "the container engine"
  local data=$here/deploy/target/engine driver
  mkdir -p "$data"
  # On a file system that is an overlay itself, overlay2 does not work; vfs does everywhere, and is slower.
  for driver in overlay2 vfs; do
    say "starting a container engine ($driver); log: deploy/target/engine/log"
    dockerd --data-root "$data/$driver" --storage-driver "$driver" >"$data/log" 2>&1 &
    engine=$!
    local tries
    for tries in {1..60}; do
      kill -0 "$engine" 2>/dev/null || break
      if has_engine; then
        trap stop_engine EXIT
        return
      fi
      sleep 1
    done
    kill "$engine" 2>/dev/null || true
    wait "$engine" 2>/dev/null || true
  done
  tail -n 5 "$data/log" >&2
  return 1
}

stop_engine() {
  kill "$engine" 2>/dev/null || true
  wait "$engine" 2>/dev/null || true
  rm -rf "$here/deploy/target/engine"/{overlay2,vfs}
}

# Says why the container tests do not run; an error where they have to.
skip_containers() {
  say "container tests: skipped, $1"
  [ "${TWINSTREAM_CONTAINERS:-}" != required ] || exit 1
}

# Leaves in $containers the Maven options that run the container tests; none where they cannot run.
# TWINSTREAM_CONTAINERS=required starts an engine where none runs, and makes a skip a failure.
need_containers() {
  containers=()
  if ! has_engine && { [ "${TWINSTREAM_CONTAINERS:-}" != required ] || ! start_engine; }; then
    skip_containers "no container engine answers (docker version)"
    return
  fi
  if ! docker pull --quiet "$(image_name KAFKA_IMAGE)" >/dev/null 2>&1; then
    if [ "$(id -u)" != 0 ]; then
      skip_containers "no image can be pulled here, and only root can make stand-ins"
      return
    fi
    say "images cannot be pulled here: the container tests use stand-ins, made of Debian's packages and Maven's artifacts"
    need debootstrap debootstrap "it makes the stand-ins' base"
    export TWINSTREAM_STAND_INS=1
    # Testcontainers' own images are not to be had either: one that cleans up, one that asks for the host's address.
    export TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=localhost
  fi
  need zip zip "it takes other systems' libraries out of the jars"
  need unzip unzip "it lists the jars"
  containers=(-Pcontainers "-Dapi.version=$(docker version --format '{{.Server.APIVersion}}')")
}
