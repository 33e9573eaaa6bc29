#!/usr/bin/env bash
# Runs every finding, one after another, and reports; non-zero when one no longer holds. Names as arguments: those only.
set -uo pipefail
cd "$(dirname "$0")"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
held=0 changed=0
for finding in "${@:-*.sh}"; do
  for script in $finding; do
    [ "$script" = run_all.sh ] && continue
    if bash "$script" >"$log" 2>&1; then
      echo "holds    ${script%.sh}"
      held=$((held + 1))
    else
      echo "CHANGED  ${script%.sh}"
      sed 's/^/         /' "$log" | tail -15
      changed=$((changed + 1))
    fi
  done
done
echo "$held hold, $changed changed"
[ "$changed" -eq 0 ]
