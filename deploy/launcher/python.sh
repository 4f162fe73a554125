# The Python environment of model/python: for parity and tests, never for running the pipeline.

venv=$here/model/python/.venv
parity_cases=${TWINSTREAM_PARITY_CASES:-$here/../shared/reformer-parity}

pip_install() {
  "$venv/bin/pip" install -q --disable-pip-version-check --retries "${PIP_RETRIES:-1}" "$@" 2>"$venv/pip.log" || {
    tail -n 5 "$venv/pip.log" >&2
    return 1
  }
}

need_python() {
  need python3 python3 "PyTorch's side of parity and tests"
  python3 -c 'import venv, ensurepip' 2>/dev/null || missing python3-venv "Python's environments"
  [ "$venv/installed" -nt "$here/model/python/pyproject.toml" ] && return
  say "fetching PyTorch and ONNX into model/python/.venv (some minutes)"
  python3 -m venv "$venv"
  pip_install -e "$here/model/python[test]" || {
    say "the Python packages of model/python could not be fetched; the log is model/python/.venv/pip.log"
    exit 1
  }
  # The reference itself, to compare with live: wanted, not needed.
  pip_install transformers || say "Hugging Face Transformers is not to be had here: no live comparison"
  touch "$venv/installed"
}

run_parity() {
  local prepared status=0
  prepared=$(mktemp -d)
  "$venv/bin/python" -m twinstream_reformer.parity "$prepared" "$@" || status=$?
  # Where some cases are broken, the others are compared all the same.
  [ ! -f "$prepared/cases.json" ] || run_java parity "$prepared" || status=$?
  rm -rf "$prepared"
  return $status
}
