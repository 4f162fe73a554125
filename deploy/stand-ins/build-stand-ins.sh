#!/usr/bin/env bash
# build-stand-ins.sh LIB FOLDER: images of the public ones' interface, from Debian's packages and Maven's artifacts,
# for machines that can pull none. Writes FOLDER/images.env, which takes the place of compose/.env.
set -euo pipefail

lib=$1 folder=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/../..
maven=$(command -v mvn || echo "$root/mvnw")
apicurio=io.apicurio:apicurio-registry-app:2.6.13.Final:tar.gz:all
java_home=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}

mkdir -p "$folder"
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=$(apt-cache policy base-files | sed -n 's/^ *[0-9]* \(http[^ ]*\) .*\/main .*/\1/p' | head -n 1)
if ! docker image inspect twinstream-stand-in/base >/dev/null 2>&1; then
  rm -rf "$folder/root"
  debootstrap --variant=minbase --include=libstdc++6 "$suite" "$folder/root" "$mirror" >"$folder/debootstrap.log" || {
    tail -n 5 "$folder/debootstrap.log" >&2
    exit 1
  }
  rm -rf "$folder"/root/var/cache/apt/* "$folder"/root/var/lib/apt/lists/* "$folder"/root/usr/share/{doc,locale,man}
  tar -C "$folder/root" -c . | docker import - twinstream-stand-in/base >/dev/null
  rm -rf "$folder/root"
fi

"$java_home/bin/jlink" --add-modules ALL-MODULE-PATH --no-header-files --no-man-pages --compress=0 --output "$folder/runtime.new"
rm -rf "$folder/runtime" && mv "$folder/runtime.new" "$folder/runtime"

# A context of its own for each, so that no image carries another's files.
rm -rf "$folder/kafka" "$folder/registry"
mkdir -p "$folder/kafka" "$folder/registry"
cp -r "$folder/runtime" "$lib" "$here/kafka/." "$folder/kafka/"
cp -r "$folder/runtime" "$here/registry/." "$folder/registry/"
rm -rf "$folder/runtime"
"$maven" -q -B -N -f "$root/pom.xml" dependency:copy -Dartifact="$apicurio" -DoutputDirectory="$folder/registry"
mkdir "$folder/registry/app"
tar -xzf "$folder"/registry/apicurio-*.tar.gz -C "$folder/registry/app"
rm "$folder"/registry/apicurio-*.tar.gz
docker build --quiet --tag twinstream-stand-in/kafka "$folder/kafka"
docker build --quiet --tag twinstream-stand-in/registry "$folder/registry"
rm -rf "$folder/kafka" "$folder/registry"

cat >"$folder/images.env" <<TXT
KAFKA_IMAGE=twinstream-stand-in/kafka
REGISTRY_IMAGE=twinstream-stand-in/registry
BASE_IMAGE=twinstream-stand-in/base
APPLICATION_IMAGE=twinstream
TXT
