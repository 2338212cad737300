"""What is read of accounts and of the register."""

from datetime import timedelta
from functools import reduce
from itertools import compress
from operator import or_

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Concat
from django.utils import timezone

from eplan.thai import thai_loose
from lao.models import ActivationCode, District, FormerCode, Lao, LaoProfile, ResetCode, TemporaryPassword, User
from lao.rules import search_words

MOST_FOUND = 100


def unclaimed_account(username):
    """The active account of an LAO that was never used, or None."""
    return _unclaimed().filter(username=username).first()


def _unclaimed():
    return User.objects.with_area().filter(role=User.Role.LAO, claimed_at=None, is_active=True)


def accounts_to_activate(laos):
    """The active accounts of the QuerySet `laos` that were never used, in the order of the register."""
    return _unclaimed().filter(lao__in=laos).order_by("lao__district__sort_key", "lao__sort_key", "lao__code")


def live_activation_code(username):
    """The activation code that would open the unclaimed account `username` now, with its account, or None."""
    return (
        ActivationCode.objects.filter(
            user__username=username,
            user__is_active=True,
            user__claimed_at=None,
            used_at=None,
            revoked_at=None,
            expires_at__gt=timezone.now(),
        )
        .select_related("user__lao__district__province")
        .first()
    )


def live_reset_code(**lookups):
    """The reset code with those `lookups` that would let its account's owner set a password now, or None."""
    live = ResetCode.objects.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True)
    return live.filter(**lookups).select_related("user__lao__district__province").first()


def is_registered(username):
    """Whether this is the account of an LAO that somebody has claimed."""
    return User.objects.filter(username=username, role=User.Role.LAO, claimed_at__isnull=False).exists()


def claims_of_last_day(address):
    """`(from that address, in all)`: how many accounts were claimed in the last 24 hours and are not confirmed yet."""
    recent = User.objects.filter(claimed_at__gt=timezone.now() - timedelta(days=1), withheld_since__isnull=False)
    counts = recent.aggregate(of_address=Count("pk", filter=Q(claimed_from=address)), of_all=Count("pk"))
    return counts["of_address"], counts["of_all"]


def account_to_reset(username, email):
    """The active, claimed account whose registered e-mail is `email`, or None: the coordinator's, or the officer's."""
    user = User.objects.with_area().filter(username=username, is_active=True, claimed_at__isnull=False).first()
    known = email_of(user) if user else ""
    return user if known and known.casefold() == email.casefold() else None


def is_officer(username):
    """Whether this is an officer's account name."""
    return User.objects.exclude(role=User.Role.LAO).filter(username=username).exists()


def email_of(user):
    """Where the owner of an account is written to; "" when nothing is known."""
    if not user.is_clerk:
        return user.email
    return LaoProfile.objects.filter(lao=user.lao_id).values_list("coordinator_email", flat=True).first() or ""


def password_asked_for_since(user, moment):
    """When a temporary password was last asked for, if that was after `moment` (None: ever); else None."""
    asked = TemporaryPassword.objects.filter(user=user, issued_at__gt=moment or timezone.now() - timedelta(days=3650))
    return asked.order_by("-issued_at").values_list("issued_at", flat=True).first()


def find_laos(text, **narrowed):
    """The first `MOST_FOUND` + 1 LAOs that have every word of `text` in their name, place, code or a former code.

    `narrowed` are further lookups, such as `district__province="81"`.

    The exact name or code first, then what begins like it, then the rest; within each, Thai order. Tone marks may be
    left out. Where a number was looked for, `found_as` is the former code that it was found by, or None.
    """
    words = search_words(text)
    if not words:
        return []
    found = laos_with(words).filter(**narrowed).with_place()
    rank = {"exact": Q(), "prefix": Q(), "part": Q()}
    former = FormerCode.objects.filter(lao=OuterRef("pk"))
    for word in words:
        if word.isdigit():
            former = former.filter(code__contains=word)
        if word in _KINDS:
            continue  # every second LAO begins like that
        loose = thai_loose(word)
        rank["exact"] |= Q(name=word) | Q(title=loose) | Q(code=word)
        rank["prefix"] |= Q(loose_name__startswith=loose) | Q(title__startswith=loose) | Q(code__startswith=word)
        rank["part"] |= Q(title__contains=loose) | Q(code__contains=word)
    if any(word.isdigit() for word in words):
        found = found.annotate(found_as=Subquery(former.values("code")[:1]))
    order = [When(condition, then=Value(number)) for number, condition in enumerate(rank.values()) if condition]
    found = found.annotate(rank=Case(*order, default=Value(len(rank)), output_field=IntegerField()))
    return list(found.order_by("rank", "sort_key", "code")[: MOST_FOUND + 1])


def laos_with(words):
    """The LAOs that have every one of `words` (as `search_words` gives them) in name, place, code or a former code.

    Tone marks may be left out, and so they are in each one's `title`, as people say it.
    """
    found = Lao.objects.annotate(title=_TITLE)
    for word in words:
        found = found.filter(_has(word))
    return found


def laos_by_word(words):
    """The keys of the LAOs that have each single one of `words`, as `laos_with` finds it: a list of sets. One query."""
    if not words:
        return []
    any_of = reduce(or_, map(_has, words))
    marks = {f"has_{number}": ExpressionWrapper(_has(word), BooleanField()) for number, word in enumerate(words)}
    rows = Lao.objects.filter(any_of).annotate(**marks).order_by()
    found = [set() for _ in words]
    for lao, *has in rows.values_list("pk", *marks):
        for place in compress(found, has):
            place.add(lao)
    return found


def _has(word):
    """Whether an LAO has `word` in its title, in its place or in a code of its own, a former one included."""
    loose = thai_loose(word)
    # A thousand districts are looked through, and not the place of every LAO.
    districts = District.objects.annotate(place=_PLACE).filter(place__contains=loose).order_by()
    here = _in_title(loose) | Q(district__in=districts.values("pk")) | Q(code__contains=word)
    if word.isdigit():
        here |= Exists(FormerCode.objects.filter(lao=OuterRef("pk"), code__contains=word))
    return here


def _in_title(loose):
    """Whether the title of an LAO has `loose` in it: in its kind, in its name, or where the two meet.

    The same as `title__contains`, for which PostgreSQL would put together every title of the register, word by word.
    """
    found = Q(loose_name__contains=loose) & ~Q(kind__in=_WHOLE_NAMES)
    for kind in Lao.Kind:
        if loose in kind.label:
            found |= Q(kind=kind)
        elif kind not in _WHOLE_NAMES:
            for start in range(1, len(loose)):
                if kind.label.endswith(loose[:start]):
                    found |= Q(kind=kind, loose_name__startswith=loose[start:])
    return found


_KIND_LABEL = Case(*[When(kind=kind.value, then=Value(kind.label)) for kind in Lao.Kind], output_field=TextField())
_KINDS = {label for kind, label in Lao.Kind.choices if kind not in (Lao.Kind.PATTAYA, Lao.Kind.BANGKOK)}
_WHOLE_NAMES = [Lao.Kind.PATTAYA, Lao.Kind.BANGKOK]
_TITLE = Case(When(kind__in=_WHOLE_NAMES, then=_KIND_LABEL), default=Concat(_KIND_LABEL, F("loose_name")))
_PLACE = Concat(
    Value("อำเภอ"),
    F("loose_name"),
    Value(" จังหวัด"),
    F("province__loose_name"),
    output_field=TextField(),
)
