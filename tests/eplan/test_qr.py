"""QR codes as paths."""

import re

import segno

from eplan.qr import QUIET, qr_code


def test_the_path_covers_exactly_the_dark_modules():
    size, path = qr_code("otpauth://totp/e-PlanNACC:somchai")
    modules = segno.make("otpauth://totp/e-PlanNACC:somchai", error="m", micro=False).matrix
    drawn = {
        (int(x) + step, int(y))
        for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path)
        for step in range(int(run))
    }
    dark = {(x + QUIET, y + QUIET) for y, row in enumerate(modules) for x, module in enumerate(row) if module}
    assert drawn == dark
    assert size == len(list(modules)) + 2 * QUIET
