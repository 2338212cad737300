"""The settings of the system with the addresses of `bare`; the middleware stays what it is."""

from eplan.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.bare"
