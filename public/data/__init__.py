"""Open data: what is published, column by column, and the ways it leaves the system.

`datasets` is the allow-list. CSV, Excel, JSON, the API, the dictionary and the descriptions for machines are derived
from it, so that whatever a model may learn one day stays inside until a column here names it.
"""
