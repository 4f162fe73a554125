# Benchmarks beside their peers, on this machine.

bench_java() {
  local heap=${TWINSTREAM_JAVA_OPTS:--Xmx4g}
  # shellcheck disable=SC2086
  "$java" $heap -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp \
    "$here/topology/target/test-classes:$here/topology/target/classes:$(cat "$here/topology/target/bench.classpath")" "$@"
}

need_bench() {
  say "building the benchmarks"
  maven -q -Pbench -DskipTests -Dspotless.check.skip=true install >"$here/deploy/target/bench.log" 2>&1 || {
    tail -n 20 "$here/deploy/target/bench.log" >&2
    exit 1
  }
  has_datasketch || pip_install datasketch || say "datasketch cannot be fetched here: no peer"
}

has_datasketch() {
  "$venv/bin/python" -c 'import datasketch' 2>/dev/null
}

# bench_lexical FILE: the lexical engine alone beside datasketch
bench_lexical() {
  bench_java dev.twinstream.app.LexicalEngineBenchmark "$1"
  if has_datasketch; then
    "$venv/bin/python" "$here/topology/src/jmh/python/datasketch_peer.py" "$1"
  fi
}

# bench_topology INPUT [DOCUMENTS] [OPTIONS]: the topology on the embedded broker, lexical only
bench_topology() {
  bench_java dev.twinstream.app.TopologyBenchmark "$@"
}

bench_corpus() {
  echo "${TWINSTREAM_CORPUS:-$here/../shared/data/corpus}"
}

# bench_dedup [DOCUMENTS] [OPTIONS]: the application on a broker, under a made-up stream of known truth
bench_dedup() {
  bench_java dev.twinstream.app.DedupBenchmark --corpus "$(bench_corpus)" \
    --cache "$here/deploy/target/copy-encodings.bin" "$@"
}

# bench_containment [OPTIONS]: ways to find a short text inside a long one
bench_containment() {
  bench_java dev.twinstream.app.ContainmentBenchmark --corpus "$(bench_corpus)" "$@"
}

# bench_semantic [OPTIONS]: the semantic keys on truly encoded texts and copies of them
bench_semantic() {
  bench_java dev.twinstream.app.SemanticBenchmark --corpus "$(bench_corpus)" "$@"
}

# bench_encoder [OPTIONS]: the exported Reformer beside PyTorch's
bench_encoder() {
  "$venv/bin/python" -m twinstream_reformer.bench "$here/model/native/build/libtwinstream_ops.so" "$@"
}

# bench_attention [OPTIONS]: one LSH layer by rounds of hashing: error against full attention, and time
bench_attention() {
  "$venv/bin/python" -m twinstream_reformer.bench_attention "$here/model/native/build/libtwinstream_ops.so" "$@"
}

bench_usage() {
  cat <<'TXT'
Usage: ./twinstream bench lexical FILE               the lexical engine, one thread, beside datasketch
       ./twinstream bench topology INPUT [DOCUMENTS] [--defaults]
                                                     the topology, lexical only, at the peer's settings or our own
                                                     defaults (default 100000 documents)
       ./twinstream bench dedup [DOCUMENTS] [OPTIONS] the application under a made-up stream (default 1000000 documents):
                                                     throughput, recall and precision by kind of copy, latency, bytes of
                                                     state, recovery; --with-encoder, --lexical-only; --help says more.
                                                     TWINSTREAM_CORPUS names the folder of JSON lines it is made from
       ./twinstream bench containment [OPTIONS]      ways to find a short text inside a long one: recall by length ratio,
                                                     state, false candidates; of the corpus that TWINSTREAM_CORPUS names
       ./twinstream bench semantic [OPTIONS]         the semantic keys: recall by kind of copy, false candidates; of the same
                                                     corpus
       ./twinstream bench encoder [--lengths N...]   the Reformer with our ops, beside PyTorch's
       ./twinstream bench attention [--length N]     one LSH layer, by rounds of hashing: error against full attention,
                                                     and time, beside PyTorch's
TXT
}

# check_bench NAME ...: what can be refused before anything is fetched or built
check_bench() {
  [[ "${1:-}" =~ ^(encoder|attention|dedup|containment|semantic)$ || ("${1:-}" =~ ^(lexical|topology)$ && -n "${2:-}") ]] || {
    bench_usage >&2
    exit 2
  }
  if [[ "$1" =~ ^(dedup|containment|semantic)$ && ! -e "$(bench_corpus)" ]]; then
    echo "twinstream: there is no corpus at $(bench_corpus): name a file or folder of JSON lines {id, text} in TWINSTREAM_CORPUS" >&2
    exit 1
  fi
}

run_bench() {
  need_bench
  "bench_$@"
}
