"""Waiting after failures, straight on the table that counts them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from lao import throttling
from lao.models import SignInThrottle
from lao.throttling import MustWaitError, count_try

OFFICE = "203.0.113.7"


def fail(times, name="5810501", address=OFFICE):
    for _ in range(times):
        count_try("sign-in", name, address)


def let_pass(seconds):
    earlier = timedelta(seconds=seconds)
    SignInThrottle.objects.update(
        last_failed_at=F("last_failed_at") - earlier, blocked_until=F("blocked_until") - earlier
    )


def waits(name="5810501", address=OFFICE):
    with pytest.raises(MustWaitError) as wait:
        count_try("sign-in", name, address)
    return wait.value.seconds


@pytest.mark.django_db
def test_five_failures_are_free_and_then_the_wait_doubles_from_30_seconds_to_an_hour():
    fail(5)
    expected = [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    for seconds in expected:
        assert seconds - 1 <= waits() <= seconds
        let_pass(seconds)
        fail(1)


@pytest.mark.django_db
def test_waiting_is_neither_shortened_nor_prolonged_by_trying():
    fail(5)
    let_pass(20)
    for _ in range(10):
        assert 9 <= waits() <= 10


@pytest.mark.django_db
def test_a_success_clears_the_account():
    fail(4)
    count_try("sign-in", "5810501", OFFICE).succeeded()
    assert not SignInThrottle.objects.filter(failures__gt=4).exists()
    fail(5)
    assert waits() > 0


@pytest.mark.django_db
def test_one_account_s_wait_touches_nobody_else_behind_the_same_address():
    fail(5)
    waits()
    count_try("sign-in", "5810502", OFFICE)
    count_try("reset", "5810501", OFFICE)


@pytest.mark.django_db
def test_an_address_waits_after_a_hundred_failures_over_any_accounts():
    for number in range(100):
        count_try("sign-in", f"name{number}", OFFICE)
    assert 29 <= waits("one-more") <= 30
    count_try("sign-in", "one-more", "203.0.113.8")


@pytest.mark.django_db
def test_successes_and_refused_tries_do_not_count_for_the_address():
    fail(5)
    for _ in range(120):
        waits()
    for _ in range(120):
        count_try("sign-in", "5810502", OFFICE).succeeded()
    assert SignInThrottle.objects.order_by("-failures").first().failures == 5


@pytest.mark.django_db
def test_failures_are_forgiven_one_by_one():
    fail(4)
    let_pass(2 * throttling.OF_ACCOUNT.forgiven_every)
    fail(3)
    assert 29 <= waits() <= 30


@pytest.mark.django_db
def test_no_name_or_address_is_stored():
    fail(1)
    assert all(len(row.key) == 64 and row.key.isalnum() for row in SignInThrottle.objects.all())
    assert SignInThrottle.objects.count() == 2


@pytest.mark.django_db
def test_old_rows_are_swept_out():
    fail(1, name="long-ago", address="203.0.113.9")
    SignInThrottle.objects.update(last_failed_at=timezone.now() - timedelta(days=3))
    count_try("sign-in", "5810501", OFFICE).succeeded()
    assert not SignInThrottle.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_get_no_further_than_one_after_another():
    def attempt(_):
        try:
            count_try("sign-in", "5810501", OFFICE)
            return True
        except MustWaitError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as crowd:
        assert sum(crowd.map(attempt, range(24))) == 5


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "address"),
    [
        (0, "203.0.113.7", "198.51.100.1", "203.0.113.7"),
        (1, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "10.0.0.1", "198.51.100.1", "10.0.0.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (0, "::ffff:203.0.113.7", "", "203.0.113.7"),
        (0, "", "", ""),
        (1, "10.0.0.1", "unknown", "unknown"),
    ],
)
def test_the_address_is_the_peer_s_or_what_trusted_proxies_say(client, settings, proxies, peer, forwarded, address):
    settings.EPLAN_TRUSTED_PROXIES = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    request = client.get("/healthz", REMOTE_ADDR=peer, **headers).wsgi_request
    assert throttling.client_address(request) == address
