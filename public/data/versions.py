"""Entity tags of downloads and of the API: whoever has the present state gets 304, and no query is run."""

from public.caching import tag_of
from public.data.choices import Choice
from public.freshness import mark_of


def tag_for(choice: Choice, *what: str) -> str:
    """The entity tag of `what` (dataset, form of the file, page …) in that part, as things stand. One small query."""
    scope = ("lao", choice.lao) if choice.lao else ("province", choice.province) if choice.province else ("nation",)
    return tag_of(("data", *what, *choice.parameters().items()), mark_of(*scope))
