"""How passwords are hashed."""

from django.contrib.auth.hashers import ScryptPasswordHasher


class PasswordHasher(ScryptPasswordHasher):
    """Scrypt with N = 2^15, r = 8, p = 1: 32 MiB and about 80 ms of one core for each password.

    Django's own figures (N = 2^14, p = 5) take 200 ms on the small machine this system is built for, where 1,500
    clerks sign in on the last day of a round. These use twice the memory, which is what makes guessing dear, and stay
    between 50 and 100 ms.
    """

    algorithm = "scrypt"
    work_factor = 2**15
    parallelism = 1
    maxmem = 64 * 1024 * 1024  # bytes; OpenSSL's own limit is just below what N = 2^15 needs
