"""Times PyTorch's fused CPU optimizers on the steps that Engine.Bench times, and prints one JSON object of microseconds (minimum).
    OMP_NUM_THREADS=2 python3 torch_steps.py 2 > torch.json
"""
import json
import sys
import time

import torch

torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
out = {"torch": torch.__version__}


def best(name, step, budget=0.7):
    for _ in range(10):
        step()
    times, end = [], time.perf_counter() + budget
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    out[name] = round(min(times) * 1e6, 2)


def parameter(n):
    p = torch.nn.Parameter(torch.randn(n))
    p.grad = torch.randn(n)
    return p


optimizers = {
    "Momentum": lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.9, fused=True),
    "Adam": lambda p: torch.optim.Adam(p, lr=1e-3, fused=True),
    "AdamW": lambda p: torch.optim.AdamW(p, lr=1e-3, fused=True),
    "Adagrad": lambda p: torch.optim.Adagrad(p, lr=1e-3, fused=True),
}
for n in (1_000, 16_384, 262_144, 1_000_000, 4_000_000, 25_000_000):
    for name, make in optimizers.items():
        best(f"{name} {n}", make([parameter(n)]).step)
best("AdamW 200x1000", torch.optim.AdamW([parameter(1000) for _ in range(200)], lr=1e-3, fused=True).step)
p = parameter(4_000_000)
adamw = torch.optim.AdamW([p], lr=1e-3, fused=True)


def clipped():
    torch.nn.utils.clip_grad_norm_([p], 1.0)
    adamw.step()
    adamw.zero_grad(set_to_none=False)


best("clip+AdamW+zero 4000000", clipped)
print(json.dumps(out))
