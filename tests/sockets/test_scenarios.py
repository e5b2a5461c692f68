"""Each recorded case, made anew: the kernel of today does what the shipped recording shows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cases.proofs import PROOFS, packets_of
from tests.command import PATIENCE_SECONDS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="network namespaces")


@pytest.mark.parametrize("name", PROOFS)
def test_a_case_happens_again_as_it_was_recorded(name: str, tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "tests.cases", str(tmp_path), name],
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert made.returncode == 0, made.stderr.decode()
    (path,) = tmp_path.iterdir()
    assert path.name == f"{name}.socketboard"
    assert path.stat().st_size < 200_000
    PROOFS[name](packets_of(path))
