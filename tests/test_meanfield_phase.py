"""Phase diagrams: against certified fixed points, the same for any workers, resumed after a death; and the kernel."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mpmath
import numpy as np
import pytest

import gainderive as gd
from gainderive.meanfield import _phase

W, B = np.linspace(0.5, 3, 40), np.linspace(0, 1, 9)


@pytest.mark.parametrize("name", ["tanh", "gelu", "hardtanh", "elu", "sigmoid", "sin"])
def test_points_are_inside_the_certified_fixed_points(name: str) -> None:
    diagram = gd.phase(name, W, B)
    assert np.all(diagram.q >= 0)
    for i, j in ((3, 1), (10, 4), (17, 8), (8, 2)):
        certified = gd.fixed_points(name, sigma_w=W[i], sigma_b=B[j], digits=17)
        if np.isinf(diagram.q[i, j]):
            assert diagram.label[i, j] == "diverges"
            continue
        near = min(certified, key=lambda point: abs(float(point.q) - diagram.q[i, j]))
        assert abs(float(near.q) - diagram.q[i, j]) <= diagram.q_error[i, j] + 1e-12 * diagram.q[i, j]
        assert near.chi_1 is not None
        assert abs(float(near.chi_1) - diagram.chi_1[i, j]) <= diagram.chi_1_error[i, j]
        assert near.stable


def test_relu_diverges_collapses_and_is_critical_where_theory_says() -> None:
    diagram = gd.phase("relu", [1.0, np.sqrt(2), 1.5], [0.0, 0.5])
    assert diagram.label.tolist() == [["collapses", "ordered"], ["critical", "diverges"], ["diverges", "diverges"]]
    assert diagram.q[0, 1] == pytest.approx(0.5, rel=1e-13)
    assert diagram.chi_1[:, 0] == pytest.approx([0.5, 1, 1.125], rel=1e-14)
    assert not np.isnan(diagram.xi_q).any()
    assert diagram.xi_c[0, 0] == pytest.approx(1 / np.log(2))


def test_any_workers_give_the_same_bits() -> None:
    alone = gd.phase("tanh", W, B)
    with ThreadPoolExecutor(2) as pool:
        for workers in (2, map, pool.map):
            other = gd.phase("tanh", W, B, workers=workers)
            assert other.q.tobytes() == alone.q.tobytes()
            assert other.chi_1.tobytes() == alone.chi_1.tobytes()


def test_a_sweep_that_dies_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone, kept, real, asked = gd.phase("tanh", W, B), tmp_path / "sweep.npz", _phase._rows, []

    def dying(activation: gd.Activation, biases: np.ndarray, start: float, chunk: tuple[int, np.ndarray]) -> object:
        asked.append(chunk[0])
        if len(asked) == 2:
            raise KeyboardInterrupt
        return real(activation, biases, start, chunk)

    monkeypatch.setattr(_phase, "_rows", dying)
    with pytest.raises(KeyboardInterrupt):
        gd.phase("tanh", W, B, checkpoint=kept)
    resumed = gd.phase("tanh", W, B, checkpoint=kept)
    assert asked == [0, 16, 16, 32]
    assert resumed.q.tobytes() == alone.q.tobytes()
    with pytest.raises(gd.BadParameter, match="another sweep"):
        gd.phase("gelu", W, B, checkpoint=kept)
    kept.write_bytes(b"torn")
    with pytest.raises(gd.BadParameter, match="no checkpoint"):
        gd.phase("tanh", W, B, checkpoint=kept)


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_bits_though_a_worker_is_killed() -> None:
    distributed = pytest.importorskip("distributed")
    many = np.linspace(0.5, 3, 320)
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        victim = next(iter(client.run(os.getpid).values()))
        mapped = client.map

        def killing(function: object, items: object) -> list[object]:
            futures: list[object] = mapped(function, items)
            os.kill(victim, 9)
            return futures

        client.map = killing
        found = gd.phase("tanh", many, B, workers=client)
    assert found.q.tobytes() == gd.phase("tanh", many, B).q.tobytes()


@pytest.mark.parametrize(
    ("w", "b", "more"),
    [([], [0], {}), ([1], [], {}), ([-1], [0], {}), ([float("nan")], [0], {}), ([[1]], [0], {}), (["a"], [0], {}),
     ([1], [np.inf], {}), ([1], [0], {"start": 0}), ([1], [0], {"start": float("nan")})],
)  # fmt: skip
def test_bad_grids_are_refused(w: object, b: object, more: dict[str, object]) -> None:
    with pytest.raises(gd.BadParameter):
        gd.phase("tanh", w, b, **more)


def test_the_command_line(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    args = ("phase", "tanh", "--sigma-w", "0.5:3:6", "--sigma-b", "0:1:3")
    for suffix in ("npz", "svg", "png"):
        assert run(*args, "-o", str(tmp_path / f"d.{suffix}"))[0] == 0
    assert np.load(tmp_path / "d.npz")["q"].shape == (6, 3)
    assert b"tanh" in (tmp_path / "d.svg").read_bytes()
    assert json.loads(run(*args, "--json")[1])["label"][0][0] == "collapses"
    for bad in (("--sigma-w", "1:2"), ("--sigma-w", "nan"), ("--sigma-w", "1:2:0"), ("--sigma-w", "-1")):
        code, _, said = run("phase", "tanh", *bad)
        assert code == 2
        assert len(said.splitlines()) == 1


# -- the kernel ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "q", "c"), [("tanh", 1, "1/2"), ("silu", 2, "-1/4"), ("cos", 1, "1/2"), ("erf", 3, "9/10")]
)
def test_the_kernel_against_a_two_dimensional_trapezoid(name: str, q: int, c: str) -> None:
    phi = {
        "tanh": np.tanh,
        "silu": lambda u: u / (1 + np.exp(-u)),
        "cos": np.cos,
        "erf": np.vectorize(mpmath.erf, [float]),
    }[name]
    rho = float(mpmath.mpf(c.split("/")[0]) / int(c.split("/")[1]))
    t = np.arange(-9, 9.01, 0.125)
    weight = np.exp(-(t**2) / 2) / np.sqrt(2 * np.pi) * 0.125
    u = np.sqrt(q) * t
    v = np.sqrt(q) * (rho * t[:, None] + np.sqrt(1 - rho**2) * t[None, :])
    reference = float((phi(u) * weight) @ phi(v) @ weight)
    assert float(gd.kernel(name, q=q, c=c)) == pytest.approx(reference, abs=2e-13)


def test_closed_kernels() -> None:
    assert float(gd.kernel("relu", q=2, c=0)) == pytest.approx(1 / np.pi, rel=1e-15)
    assert float(gd.kernel("relu", q=2, c=1)) == pytest.approx(1, rel=1e-15)
    assert float(gd.kernel("sign", q=1, c="1/2")) == pytest.approx(1 / 3, rel=1e-15)
    assert gd.kernel("square", q=1, c="1/2").contains(1.5)  # 1 + 2 c^2
    assert gd.kernel("tanh", q=1, c=0).contains(0)
    for bad in ({"q": 0}, {"c": 2}, {"c": float("nan")}):
        with pytest.raises(gd.BadParameter):
            gd.kernel("tanh", **bad)
