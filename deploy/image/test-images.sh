#!/usr/bin/env bash
# test-images.sh TARGET: the images of the container tests; their names go to TARGET/images.env.
# With TWINSTREAM_STAND_INS=1, stand-ins of the public ones are built here.
set -euo pipefail

target=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if [ -n "${TWINSTREAM_STAND_INS:-}" ]; then
  "$here/../stand-ins/build-stand-ins.sh" "$target/app/lib" "$target/stand-ins"
  cp "$target/stand-ins/images.env" "$target/images.env"
else
  cp "$here/../compose/.env" "$target/images.env"
fi
# shellcheck source=/dev/null
. "$target/images.env"
"$here/build-image.sh" "$target/app" "$APPLICATION_IMAGE" "$BASE_IMAGE"
