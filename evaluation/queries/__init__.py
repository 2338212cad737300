"""What the score pages read: `entries` as officers enter them, `tables` of an LAO or province, `areas` by province."""
