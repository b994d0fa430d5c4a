"""Reads junit.xml with junitparser and compares its counts with run.json."""
import json
import sys
from collections import Counter

from junitparser import Error, Failure, JUnitXml, Skipped

run = sys.argv[1]
record = json.load(open(f"{run}/run.json", encoding="utf-8"))
seen = Counter()
for suite in JUnitXml.fromfile(f"{run}/junit.xml"):
    for case in suite:
        kinds = {type(one) for one in case.result}
        name = "failure" if Failure in kinds else "error" if Error in kinds else "skipped" if Skipped in kinds else "success"
        seen[name] += 1
without = sum(1 for one in record["requirements"] if not one["cases"])
wanted = len(record["cases"]) + len(record["not_closed"]) + without
closed = {case["id"] for case in record["cases"]}
wanted -= sum(1 for one in record["not_closed"] if one in closed)
decides = {one["id"]: one["decides"] for one in record["requirements"]}
red = sum(1 for case in record["cases"] if case["verdict"] in ("FAIL", "HANG", "UNIMPLEMENTED")
          and not case.get("waived") and decides.get(case["requirement"], True) and case["id"] not in record["not_closed"])
assert sum(seen.values()) == wanted, f"{sum(seen.values())} test cases, run.json has {wanted}"
assert seen["failure"] == red, f"{seen['failure']} failures, run.json has {red}"
print(f"{wanted} test cases: {dict(seen)}")
