#!/usr/bin/env bash
# test-images.sh TARGET: the images of the container tests; their names go to TARGET/images.env.
# Public ones where they can be pulled, else stand-ins that are built here.
set -euo pipefail

target=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

set -a
# shellcheck source=/dev/null
. "$here/../compose/.env"
set +a

present() { docker image inspect "$1" >/dev/null 2>&1 || docker pull --quiet "$1" >/dev/null 2>&1; }

if present "$BASE_IMAGE" && present "$KAFKA_IMAGE" && present "$REGISTRY_IMAGE"; then
  cp "$here/../compose/.env" "$target/images.env"
else
  echo "public images cannot be pulled here: building stand-ins of Kafka and the registry"
  "$here/../stand-ins/build-stand-ins.sh" "$target/app/lib" "$target/stand-ins"
  cp "$target/stand-ins/images.env" "$target/images.env"
fi
# shellcheck source=/dev/null
. "$target/images.env"
"$here/build-image.sh" "$target/app" "$APPLICATION_IMAGE" "$BASE_IMAGE"
