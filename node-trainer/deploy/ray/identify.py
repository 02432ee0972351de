"""Bulk identification on a Ray cluster: every task is one shard, done by the command line on some node.

    python identify.py <photos> --model <version folder> --parts <folder|s3://bucket/prefix> --shards 100 --out table.csv

Photos, model and parts must be reachable from every node: a shared folder, or a store (s3://...). A shard whose node is
lost is done again on another one; a shard that is there already is kept, so the same command goes on where it was cut.
The address of the cluster is taken from RAY_ADDRESS.
"""

import argparse
import os
import subprocess
import sys

import ray

MENAGERIE = os.environ.get("MENAGERIE", "menagerie").split()
"""The command line as it is called on the nodes, e.g. "node /app/node-trainer/bin/menagerie.mjs"."""

WILL_NOT_HELP = (2, 3)
"""Exit codes of wrong usage and bad input: the same on every node."""


class ShardFailed(Exception):
    """A shard that may succeed when it is done again."""


class BadInput(Exception):
    """A shard that can't succeed anywhere."""


@ray.remote(max_retries=5, retry_exceptions=[ShardFailed])
def identify(command, shard):
    run = subprocess.run([*command, "--shard", shard], capture_output=True, text=True)
    if run.returncode in WILL_NOT_HELP:
        raise BadInput(f"shard {shard}: {run.stderr.strip()}")
    if run.returncode != 0:
        raise ShardFailed(f"shard {shard} ended with {run.returncode}: {run.stderr.strip()}")
    return f"{run.stdout.strip()} (node {ray.get_runtime_context().get_node_id()})"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("photos")
    for name in ("--model", "--parts", "--out"):
        parser.add_argument(name, required=True)
    parser.add_argument("--shards", type=int, required=True)
    given = parser.parse_args()

    ray.init(log_to_driver=False)
    command = [*MENAGERIE, "identify", given.photos, "--model", given.model, "--out", given.parts]
    waiting = [identify.remote(command, f"{i}/{given.shards}") for i in range(1, given.shards + 1)]
    while waiting:
        done, waiting = ray.wait(waiting)
        try:
            print(ray.get(done[0]), flush=True)
        except ray.exceptions.RayTaskError as error:
            for task in waiting:
                ray.cancel(task)
            sys.exit(f"{error.cause}\nWhat was finished is kept; the same command goes on from there.")
    return subprocess.run([*MENAGERIE, "merge", "--in", given.parts, "--out", given.out]).returncode


if __name__ == "__main__":
    sys.exit(main())
