# Every test there is.

run_tests() {
  need_containers
  say "Java and C++ tests"
  begin_build
  maven "${containers[@]}" verify
  mark_built
  say "Python tests"
  (cd "$here/model/python" && .venv/bin/python -m pytest)
  if [ -d "$parity_cases" ]; then
    say "parity with the reference"
    run_parity "$parity_cases"
  else
    say "parity with the reference's vectors: skipped, there is no $parity_cases (TWINSTREAM_PARITY_CASES names another folder)"
  fi
  say "all tests passed"
}
