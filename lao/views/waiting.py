"""What every page says to somebody who has tried too often."""

from django.shortcuts import render


def too_often(request, template, form, wait, **context):
    """The page of `form` again with status 429 and the seconds to wait, all that was typed kept."""
    form.add_error(None, f"พยายามหลายครั้งเกินไป ลองใหม่ได้ในอีก {wait.seconds:,} วินาที")
    response = render(request, template, {"form": form, **context}, status=429)
    response["Retry-After"] = wait.seconds
    return response
