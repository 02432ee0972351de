"""Runs a driver on a Ray cluster of two nodes on this machine, and kills the second node in the middle of a shard.

    python two-nodes.py <folder of the parts> <driver.py> <arguments of the driver>

Prints what the driver prints, then one JSON object: the node that was killed, the shard that it was doing, and how many
parts there were at that moment.
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

from ray.cluster_utils import Cluster

SECONDS_TO_WAIT = 120
MEMORY = {"object_store_memory": 80 * 2**20}


def shard_below(ancestor):
    """The process below another one that does a shard, and which: (pid, index)."""
    parents, found = {}, []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int(re.search(r"\) \S (\d+)", (folder / "stat").read_text()).group(1))
            words = (folder / "cmdline").read_text().split("\0")
        except (OSError, AttributeError):
            continue
        if "--shard" in words:
            found.append((int(folder.name), int(words[words.index("--shard") + 1].split("/")[0])))
    for pid, index in found:
        above = pid
        while above in parents and above != ancestor:
            above = parents[above]
        if above == ancestor:
            return pid, index
    return None


def kill_in_the_middle(cluster, node, parts, driver):
    """Waits until some parts are there and the node is busy with another one, then takes it away."""
    raylet = node.all_processes["raylet"][0].process.pid
    end = time.time() + SECONDS_TO_WAIT
    while time.time() < end and driver.poll() is None:
        there = sorted(path.name for path in parts.glob("part-*.json"))
        busy = shard_below(raylet)
        if len(there) >= 2 and busy and not any(name.startswith(f"part-{busy[1]:05d}-") for name in there):
            cluster.remove_node(node, allow_graceful=False)
            try:
                os.kill(busy[0], signal.SIGKILL)  # what a lost machine takes with it
            except ProcessLookupError:
                pass
            return {"node": node.node_id, "shard": busy[1], "parts": len(there)}
        time.sleep(0.05)
    return None


def main():
    parts, *command = sys.argv[1:]
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False, **MEMORY})
    node = cluster.add_node(num_cpus=1, **MEMORY)
    cluster.wait_for_nodes()
    driver = subprocess.Popen([sys.executable, *command], env={**os.environ, "RAY_ADDRESS": cluster.address})
    try:
        killed = kill_in_the_middle(cluster, node, pathlib.Path(parts), driver)
        code = driver.wait(SECONDS_TO_WAIT)
        print(json.dumps(killed), flush=True)
        return code
    finally:
        driver.kill()
        cluster.shutdown()


sys.exit(main())
