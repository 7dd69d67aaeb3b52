"""Decides requests with Cedar for some seconds: cedar_decisions.py POLICIES REQUESTS SECONDS."""
import json
import sys
import time

import cedarpy


def main(policies_path, requests_path, seconds):
    with open(policies_path, encoding="utf-8") as file:
        policies = cedarpy.PolicySet.from_str(file.read())
    with open(requests_path, encoding="utf-8") as file:
        requests = json.load(file)
    # Parsed once, and in batches: the fastest way that the binding has.
    entities = cedarpy.Entities.from_json_str("[]")
    allowed = sum(result.allowed for result in cedarpy.is_authorized_batch(requests, policies, entities))
    decisions = 0
    start = time.monotonic()
    while time.monotonic() - start < float(seconds):
        cedarpy.is_authorized_batch(requests, policies, entities)
        decisions += len(requests)
    print(decisions / (time.monotonic() - start), allowed)


if __name__ == "__main__":
    main(*sys.argv[1:])
