"""Kill -9 at random points under load; `make crash` does the same 200 times."""

from pathlib import Path

import pytest

from tests.crash.ordeal import Ordeal


@pytest.mark.crash
async def test_nothing_is_lost_doubled_or_out_of_order_when_the_process_is_killed(
    tmp_path: Path,
) -> None:
    verdict = await Ordeal(tmp_path, seed=7).run(kills=6)
    assert verdict.clean, verdict
    assert verdict.messages > 50
    assert verdict.replies > 50


@pytest.mark.crash
async def test_a_stop_under_load_ends_well_and_leaves_nothing_unknown(tmp_path: Path) -> None:
    verdict = await Ordeal(tmp_path, seed=8, gently=True).run(kills=4)
    assert verdict.clean, verdict
    assert verdict.unknown == 0
