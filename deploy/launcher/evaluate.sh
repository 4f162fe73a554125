# Quality on labelled data: near-duplicates through the pipeline, in Java; the model that ships alone, with Python.

evaluate_usage() {
  cat <<'TXT'
Usage: ./twinstream evaluate neardup FILE...   near-duplicates through the production topology; --help says more
       ./twinstream evaluate model RUN DATA [--rows NAME...] [--sets NAME...] [--teacher FOLDER]
                                               the model beside its baselines: pairs, retrieval, near-duplicates, as the
                                               folders pairs/, retrieval/ and neardup/ of DATA hold them. RUN is the
                                               folder of a training run, whose labels the row static wants; with
                                               --rows bundle, any folder for the results
       ./twinstream evaluate long CORPUS [--pairs N] [--passages N]
                                               long documents: damaged copies, passages at any place, local changes
       ./twinstream evaluate far CORPUS [--documents N]
                                               what a segment's encoding knows of the rest of its document
       ./twinstream evaluate joined FILE...    the joined probability of pairs, and what it is made of
       ./twinstream evaluate speed TEACHER     tokens a second, beside the teacher's

FILE: JSON lines {id, cluster, text}. CORPUS: a folder of JSON lines with a text. model/README.md says what TEACHER is, and
how a model of your own is measured.
TXT
}

measures_model() {
  [[ "${1:-}" =~ ^(model|long|far|joined|speed)$ ]]
}

# evaluate_model WHAT ARGUMENTS...: of the bundle that ships
evaluate_model() {
  local what=$1 bundle=$here/model/bundles/reformer-minilm-256 ops=$here/model/native/build/libtwinstream_ops.so
  shift
  case "$what" in
    model) set -- evaluate --bundle "$bundle" --ops "$ops" "$@" ;;
    long) set -- evaluation.long_documents "$bundle" "$ops" "$@" ;;
    far) set -- evaluation.far_passages "$bundle" "$ops" "$@" ;;
    *) set -- "evaluation.$what" "$bundle" "$ops" "$@" ;;
  esac
  "$venv/bin/python" -m "twinstream_reformer.$1" "${@:2}"
}
