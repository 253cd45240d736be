#!/usr/bin/env bash
# Makes the Python environment training/.venv from requirements.lock. Safe to run again: a complete one is kept.
#
#   training/setup.sh          everything from PyPI, each file checked against the SHA-256 in requirements.lock (some 3 GB on Linux)
#   training/setup.sh --cpu    PyTorch's small CPU build (200 MB) from its own index, for which the lock has no hash; the rest as above
#
# PYTHON names the interpreter (3.11 to 3.13); by default the first of python3.11, 3.12, 3.13 and python3 that will do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

cpu_index=https://download.pytorch.org/whl/cpu
stamp=.venv/requirements.installed

fail() {
  echo "setup.sh: $*" >&2
  exit 1
}

supported() {
  "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

cpu=no
case "${1:-}" in
  '' | --gpu) ;;
  --cpu) cpu=yes ;;
  *) fail "unknown option $1; known is --cpu" ;;
esac

wanted="cpu=$cpu $(cksum <requirements.lock)"
if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
  echo "training/.venv is complete"
  exit 0
fi

python=
for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3}; do
  if supported "$candidate"; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || fail "no Python 3.11 to 3.13 found (${PYTHON:-python3.11, python3.12, python3.13, python3}); on Debian: apt-get install python3 python3-venv"

rm -rf .venv
"$python" -m venv .venv || fail "'$python -m venv' failed; on Debian: apt-get install python3-venv"

pip=(.venv/bin/python -m pip --disable-pip-version-check --quiet)
if [ "$cpu" = yes ]; then
  torch=$(sed -n 's/^\(torch==[^ ]*\).*/\1/p' requirements.lock)
  echo "setup.sh: $torch comes from $cpu_index, without a hash" >&2
  "${pip[@]}" install --index-url "$cpu_index" --no-deps "$torch" || fail "$cpu_index cannot be used; leave out --cpu"
  # Without torch and what only its CUDA build needs; every other file has its hash.
  awk '/^[a-z]/ { keep = !/^(torch|triton|nvidia-|cuda-)/ } keep' requirements.lock >.venv/requirements.cpu
  "${pip[@]}" install --require-hashes -r .venv/requirements.cpu || fail "pip could not install requirements.lock (see above)"
else
  "${pip[@]}" install --require-hashes -r requirements.lock || fail "pip could not install requirements.lock (see above)"
fi
.venv/bin/python -c 'import numpy, onnx, onnxruntime, torch' || fail "the installed packages cannot be imported"
echo "$wanted" >"$stamp"
echo "training/.venv is ready: $(.venv/bin/python -c 'import sys, torch; print("Python", sys.version.split()[0], "torch", torch.__version__)')"
