"""Keras's side of a comparison, for `npm run bench -- training-step` and `evaluate`.

One line of JSON in, one out, so that the two sides can take turns on the same processor:
    {"task": "train" | "predict", "batch": 32, "size": 96, "width": 0.35, "classes": 20, "repeat": 3}
    {"seconds": [...], "cpu": [...]}          of each step (train) or of each batch (predict)
The first line it writes says {"keras": version, "tensorflow": version}.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

models = {}


def model_for(job):
    """MobileNet V2 with a new head, made once for each size: batch-norm learns its statistics, jit is off."""
    key = (job["size"], job["width"], job["classes"])
    if key not in models:
        shape = (job["size"], job["size"], 3)
        body = keras.applications.MobileNetV2(
            input_shape=shape, alpha=job["width"], include_top=False, weights=None, pooling="avg"
        )
        logits = keras.layers.Dense(job["classes"])(body.output)
        model = keras.Model(body.input, logits)
        model.compile(
            optimizer=keras.optimizers.Adam(1e-3),
            loss=keras.losses.CategoricalCrossentropy(from_logits=True),
            jit_compile=False,
        )
        models[key] = model
    return models[key]


def main():
    print(json.dumps({"keras": keras.__version__, "tensorflow": tf.__version__}), flush=True)
    random = np.random.default_rng(1)
    for line in sys.stdin:
        job = json.loads(line)
        model = model_for(job)
        images = random.uniform(-1, 1, (job["batch"], job["size"], job["size"], 3)).astype("float32")
        targets = np.eye(job["classes"], dtype="float32")[np.arange(job["batch"]) % job["classes"]]
        seconds, cpu = [], []
        for _ in range(job["repeat"]):
            start, start_cpu = time.perf_counter(), time.process_time()
            if job["task"] == "train":
                float(model.train_on_batch(images, targets))
            else:
                model.predict_on_batch(images)
            seconds.append(time.perf_counter() - start)
            cpu.append(time.process_time() - start_cpu)
        print(json.dumps({"seconds": seconds, "cpu": cpu}), flush=True)


main()
