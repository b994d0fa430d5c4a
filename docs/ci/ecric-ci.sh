#!/usr/bin/env bash
# Runs ecric in a job of continuous integration: the run, the comparison with an earlier run, the reports.
# Needs bash and the binary. GitHub, GitLab and Jenkins call this one script; docs/ci.md describes it.
#
#   ECRIC            the binary (default: ecric from PATH)
#   ECRIC_TARGET     target file; empty for the embedded reference
#   ECRIC_OUT        folder of the results (default: ecric-results); must not hold a run yet
#   ECRIC_BASELINE   folder or run.json of the run to compare with; without one nothing is compared
#   ECRIC_EXPECTED   file of waivers
#   ECRIC_FORMATS    report formats (default: all that CI servers read)
#   ECRIC_FAIL_ON    verdict: the verdict and what got worse fail the job (default);
#                    gate: only what got worse does, so that a product can be improved step by step
#   ECRIC_LANG       en or zh-CN (default: en)
#   ECRIC_ARGS       more arguments of `ecric run`, separated by blanks
#
# Exit: 0 good; 1 non-conformant, or worse than the baseline; 2 usage or configuration;
#       3 inconclusive or fault of the suite; 4 plan incomplete.
set -uo pipefail

ecric=${ECRIC:-ecric}
out=${ECRIC_OUT:-ecric-results}
lang=${ECRIC_LANG:-en}
formats=${ECRIC_FORMATS:-console,json,html,junit,markdown,ctrf,sarif}
fail_on=${ECRIC_FAIL_ON:-verdict}
baseline=${ECRIC_BASELINE:-}

case $fail_on in
  verdict | gate) ;;
  *) echo "ECRIC_FAIL_ON is \"$fail_on\", wanted verdict or gate" >&2; exit 2 ;;
esac
if ! command -v "$ecric" >/dev/null 2>&1; then
  echo "no program $ecric: set ECRIC or put ecric into PATH" >&2
  exit 2
fi

arguments=(--lang "$lang" run)
[ -z "${ECRIC_TARGET:-}" ] || arguments+=("$ECRIC_TARGET")
arguments+=(--out "$out" --format "$formats" --no-color)
[ -z "${ECRIC_EXPECTED:-}" ] || arguments+=(--expected "$ECRIC_EXPECTED")
# shellcheck disable=SC2206
arguments+=(${ECRIC_ARGS:-})

"$ecric" "${arguments[@]}"
verdict=$?
if [ ! -f "$out/run.json" ]; then
  # Nothing could start: there is nothing to compare and nothing to keep.
  exit "$verdict"
fi

gate=0
if [ -n "$baseline" ]; then
  if [ -e "$baseline" ]; then
    "$ecric" --lang "$lang" gate --baseline "$baseline" "$out" --markdown "$out/gate.md" --no-color
    gate=$?
  else
    echo "no baseline at $baseline: nothing is compared" >&2
  fi
fi

# GitHub shows this beside the job; elsewhere the files are in the folder.
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  for part in gate.md summary.md; do
    [ ! -f "$out/$part" ] || cat "$out/$part" >>"$GITHUB_STEP_SUMMARY"
  done
fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  printf 'verdict-code=%s\ngate-code=%s\nresults=%s\n' "$verdict" "$gate" "$out" >>"$GITHUB_OUTPUT"
fi

# A comparison that could not be made (2) is a fault of the set-up, never a pass.
if [ "$gate" -gt 1 ]; then exit "$gate"; fi
if [ "$verdict" -gt 1 ]; then exit "$verdict"; fi
if [ "$gate" -eq 1 ]; then exit 1; fi
if [ "$fail_on" = gate ] && [ -n "$baseline" ] && [ -e "$baseline" ]; then exit 0; fi
exit "$verdict"
