# Every test there is.

run_tests() {
  maven verify
}
