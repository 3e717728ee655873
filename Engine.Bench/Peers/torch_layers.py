"""Times PyTorch on the layers and training steps that Engine.Bench times, and prints one JSON object of microseconds (minimum).
    OMP_NUM_THREADS=2 python3 torch_layers.py 2 > torch.json
Set malloc to keep its pages (MALLOC_MMAP_THRESHOLD_, MALLOC_TRIM_THRESHOLD_), or elementwise operations take several times as long.
"""
import json
import sys
import time

import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
torch.manual_seed(0)
out = {"torch": torch.__version__}


def best(name, run, budget=1.0):
    for _ in range(10):
        run()
    times, end = [], time.perf_counter() + budget
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    out[name] = round(min(times) * 1e6, 3)


x = torch.randn(4096, 1024, requires_grad=True)
g = torch.randn(4096, 1024)
layers = {
    "layer norm": nn.LayerNorm(1024),
    "batch norm": nn.BatchNorm1d(1024),
    "softmax": nn.Softmax(1),
    "log-softmax": nn.LogSoftmax(1),
    "ReLU": nn.ReLU(),
    "sigmoid": nn.Sigmoid(),
    "tanh": nn.Tanh(),
    "exp": torch.exp,
    "dropout": nn.Dropout(0.1),
    "GELU": nn.GELU(),
    "SiLU": nn.SiLU(),
    "RMS norm": nn.RMSNorm(1024),
    "group norm": nn.GroupNorm(32, 1024),
}
for name, layer in layers.items():

    def both():
        x.grad = None
        layer(x).backward(g)

    best(name, both)

logits = torch.randn(4096, 1000, requires_grad=True)
classes = torch.arange(4096) * 7919 % 1000


def cross_entropy():
    logits.grad = None
    nn.functional.cross_entropy(logits, classes).backward()


def squared_error():
    x.grad = None
    nn.functional.mse_loss(x, g).backward()


best("cross-entropy", cross_entropy)
best("mean squared error", squared_error)
labels = g.sigmoid()


def smooth_l1():
    x.grad = None
    nn.functional.smooth_l1_loss(x, g).backward()


def binary_cross_entropy():
    x.grad = None
    nn.functional.binary_cross_entropy_with_logits(x, labels).backward()


best("smooth L1", smooth_l1)
best("binary cross-entropy", binary_cross_entropy)


def module(name, layer, shape, forward):
    given = torch.randn(*shape, requires_grad=True)
    seed = torch.full_like(forward(layer, given), 0.01)

    def both():
        given.grad = None
        layer.zero_grad()
        forward(layer, given).backward(seed)

    best(name, both)


module("Conv2d 64 → 64", nn.Conv2d(64, 64, 3, padding=1), (16, 64, 32, 32), lambda f, x: f(x))
module("LSTM 128 → 256, 64 steps", nn.LSTM(128, 256, batch_first=True), (32, 64, 128), lambda f, x: f(x)[0])
module("attention 128 × 256, 8 heads", nn.MultiheadAttention(256, 8, batch_first=True), (8, 128, 256),
       lambda f, x: f(x, x, x, need_weights=False)[0])
indices = torch.arange(256) * 7919 % 1000
for count in (100000, 1000):
    table = nn.Embedding(count, 64)
    adagrad = torch.optim.Adagrad(table.parameters())

    def embedding():
        adagrad.zero_grad()
        table(indices).square().sum().backward()
        adagrad.step()

    best(f"embedding of {count}, with step", embedding)

model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))
adam = torch.optim.Adam(model.parameters(), fused=True)
a, b = torch.randn(8, 2), torch.randn(8, 1)


def regression():
    adam.zero_grad()
    nn.functional.mse_loss(model(a), b).backward()
    adam.step()


best("2-16-1, batch 8, Adam", regression)
for batch in (1, 32, 128, 512):
    norm = nn.BatchNorm1d if batch > 1 else nn.LayerNorm
    net = nn.Sequential(
        nn.Linear(784, 512), norm(512), nn.ReLU(), nn.Linear(512, 256), norm(256), nn.ReLU(), nn.Linear(256, 10))
    adamw = torch.optim.AdamW(net.parameters(), fused=True)
    images, digits = torch.randn(batch, 784), torch.arange(batch) * 7 % 10

    def classification():
        adamw.zero_grad()
        nn.functional.cross_entropy(net(images), digits).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        adamw.step()

    best(f"784-512-256-10, batch {batch}", classification)

one = torch.tensor(0.5, requires_grad=True)


def chain():
    one.grad = None
    y = one
    for _ in range(1000):
        y = -y
    y.backward()


best("one node of the tape", chain)
out["one node of the tape"] /= 1000
print(json.dumps(out))
