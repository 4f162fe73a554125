#!/usr/bin/env bash
# build-image.sh APP-FOLDER IMAGE BASE-IMAGE: the container image of the built application.
# The Java runtime and the custom ops are this machine's: Linux, of the processor that the image is for.
set -euo pipefail

app=$1 image=$2 base=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
context=$(dirname "$app")/image
jlink=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}/bin/jlink

modules=java.base,java.instrument,java.logging,java.management,java.naming,java.net.http,java.rmi
modules+=,java.security.jgss,java.security.sasl,java.sql,java.xml
modules+=,jdk.crypto.ec,jdk.httpserver,jdk.jcmd,jdk.jfr,jdk.management,jdk.management.agent
modules+=,jdk.net,jdk.security.auth,jdk.security.jgss,jdk.unsupported,jdk.zipfs

rm -rf "$context"
mkdir -p "$context"
"$jlink" --add-modules "$modules" --strip-java-debug-attributes --no-header-files --no-man-pages \
  --compress=2 --output "$context/runtime"
cp -r "$app/lib" "$app/twinstream.jar" "$app/sbom.json" "$here/Dockerfile" "$context/"

# The libraries of other systems and processors are half of the jars' bytes.
strip_jar() {
  local jar
  for jar in "$context"/lib/$1-*.jar; do
    unzip -Z1 "$jar" | grep -E '\.(so|dll|dylib|jnilib|lib|pdb)$|\.dSYM/' | grep -vE "$2" |
      zip -q -d "$jar" -@ || [ $? = 12 ]
  done
}
case $(uname -m) in
  x86_64) rocksdb='-linux64\.so$' onnx=linux-x64 tokenizers=linux-x86_64 ;;
  aarch64) rocksdb='-linux-aarch64\.so$' onnx=linux-aarch64 tokenizers=linux-aarch64 ;;
  *) echo "build-image.sh: the processor is $(uname -m); x86_64 or aarch64 is wanted" >&2 && exit 1 ;;
esac
strip_jar rocksdbjni "$rocksdb"
strip_jar onnxruntime "/$onnx/"
strip_jar tokenizers "/$tokenizers/"

docker build --quiet --build-arg "BASE_IMAGE=$base" \
  --build-arg "REVISION=$(git -C "$here" rev-parse HEAD 2>/dev/null || echo unknown)" --tag "$image" "$context"
