# The demo's documents: the full texts of the SPDX licence list (CC0), from an npm package.

demo_sample() {
  local folder=$here/deploy/target/sample
  local sample=$folder/spdx-licenses.jsonl
  if [ ! -s "$sample" ]; then
    need npm npm "it fetches the demo's documents" >&2
    mkdir -p "$folder"
    say "fetching the SPDX licence texts (npm package spdx-license-list, CC0)"
    # In $(...) no failure ends the launcher by itself.
    if ! (cd "$folder" && npm pack --silent spdx-license-list@6.12.0 >/dev/null && tar -xzf spdx-license-list-*.tgz); then
      say "the licence texts could not be fetched: name documents of your own with --input FILE"
      return 1
    fi
    node -e '
      const full = require(process.argv[1] + "/package/full.js");
      for (const id of Object.keys(full).sort())
        console.log(JSON.stringify({id, text: full[id].licenseText}));
    ' "$folder" >"$sample.part" || return 1
    mv "$sample.part" "$sample"
  fi
  echo "$sample"
}
