"""QR codes as SVG paths, drawn by the server: nothing leaves it, and the page needs no picture from elsewhere."""

import segno

QUIET = 4  # modules of empty ground on each side, as the standard wants


def qr_code(text):
    """`(size, path)` of the QR code of `text`: the side of the square in modules, and the `d` of an SVG path on it."""
    modules = list(segno.make(text, error="m", micro=False).matrix)
    rows = (_row(y, row) for y, row in enumerate(modules, start=QUIET))
    return len(modules) + 2 * QUIET, "".join(rows)


def _row(y, row):
    """The dark runs of one row, each a rectangle one module high."""
    path, x = "", 0
    while x < len(row):
        run = 1
        while x + run < len(row) and row[x + run] == row[x]:
            run += 1
        if row[x]:
            path += f"M{x + QUIET} {y}h{run}v1h-{run}z"
        x += run
    return path
